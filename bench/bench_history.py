"""Licence history of an account with 1,000,000 entries: page 10,000 by its key costs what the first page costs.

So does a look at all pools at a past instant, however much happened since or before.
"""

from large import fill_ledger, large_account
from measuring import (
    asked_by,
    database_quartiles_ms,
    hold,
    own_database,
    show,
)

from seatledger.domain.licences.models import EntryKind, LedgerEntry
from seatledger.domain.licences.queries import HistoryFilter, entries_matching, get_snapshot, list_history

ENTRIES = 1_000_000
PAGE = 50
DEEP = 10_000
MOST_MS = 2.0
MOST_TIMES = 1.5


def main() -> None:
    account = large_account("Million", users=500)
    fill_ledger(account, entries=ENTRIES)
    skipped = (DEEP - 1) * PAGE
    rows = LedgerEntry.objects.filter(account=account).order_by("-at", "-sequence")
    key = rows.values_list("at", "sequence")[skipped - 1]
    everything, changes = HistoryFilter(), HistoryFilter(kinds=(EntryKind.TOTAL_CHANGED,))
    first_ms, deep_ms, first_change_ms, deep_change_ms = database_quartiles_ms(
        asked_by(account, lambda: list_history(account, everything)),
        asked_by(account, lambda: list_history(account, everything, before=key)),
        asked_by(account, lambda: list_history(account, changes)),
        asked_by(account, lambda: list_history(account, changes, before=key)),
    )
    [offset_ms] = database_quartiles_ms(
        asked_by(account, lambda: list(entries_matching(account, everything)[skipped : skipped + PAGE])),
        rounds=4,
    )
    hold("first page: database time", first_ms, MOST_MS, "ms")
    hold(f"page {DEEP:,} by its key: database time", deep_ms, MOST_MS, "ms")
    hold(f"page {DEEP:,} / first page", deep_ms / first_ms, MOST_TIMES)
    show(f"beside it: page {DEEP:,} by OFFSET", offset_ms)
    newest, oldest = rows[0].at, rows.reverse()[ENTRIES // DEEP].at
    late_ms, early_ms = database_quartiles_ms(
        asked_by(account, lambda: get_snapshot(account, newest)),
        asked_by(account, lambda: get_snapshot(account, oldest)),
    )
    hold("all pools as they were at the newest entry", late_ms, MOST_MS, "ms")
    hold("all pools as they were near the first entry", early_ms, MOST_MS, "ms")
    hold("one kind of entry, first page", first_change_ms, MOST_MS, "ms")
    hold("one kind of entry, from the middle on", deep_change_ms, MOST_MS, "ms")


if __name__ == "__main__":
    with own_database():
        main()
