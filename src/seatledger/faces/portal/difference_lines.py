"""A billed line told from the start of its period to the end: what was there, who changed what when, what it adds."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse

from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.queries import BilledLine
from seatledger.domain.licences.models import EntryKind, Pool
from seatledger.domain.licences.queries import HistoryFilter, HistoryRow, list_history, name_history
from seatledger.engine.days import day_of
from seatledger.engine.lines import Area
from seatledger.engine.reconciling import Contribution, Counts, Reason
from seatledger.engine.words import describe_effect, describe_line
from seatledger.faces.portal.entry_words import action_of

# Of a day with more changes, and of a period with more, the rest is behind a link to the history.
MOST_ENTRIES_OF_A_DAY = 5
MOST_ENTRIES = 1000

EntriesByDay = dict[date, list[HistoryRow]]
BOUGHT = (EntryKind.POOL_OPENED, EntryKind.TOTAL_CHANGED, EntryKind.CAP_CHANGED)
HELD = (EntryKind.ASSIGNED, EntryKind.RELEASED)


@dataclass(frozen=True)
class ToldPart:
    """A part of a line's amount: what happened, by whom, where in the period it counts, and what it adds."""

    what: str
    on: date | None
    counts: tuple[str, ...]
    amount_minor: int
    url: str = ""
    entries: tuple[HistoryRow, ...] = ()
    more: int = 0

    @property
    def actions(self) -> list[tuple[HistoryRow, str]]:
        return [(row, action_of(row.entry)) for row in self.entries]


@dataclass(frozen=True)
class ToldLine:
    """A line with its parts, which add up to it."""

    billed: BilledLine
    description: str
    parts: tuple[ToldPart, ...]


def tell_lines(
    account: Account, pool: Pool, billed: Sequence[BilledLine], reconciled: Sequence[Sequence[Contribution]]
) -> list[ToldLine]:
    """Return the lines in the reader's words, with the ledger entries of every day of a change."""
    entries = _entries_by_day(account, pool, billed)
    return [
        _told(pool, line, contributions, entries)
        for line, contributions in zip(billed, reconciled, strict=True)
    ]


def _told(
    pool: Pool, line: BilledLine, contributions: Sequence[Contribution], entries: EntriesByDay
) -> ToldLine:
    first_day = line.charge.scale.period.starts_on
    days = {part.on for part in contributions}
    parts = []
    for part in contributions:
        # What happened on the first day and is no change of its own counts from the start.
        day = first_day if part.reason is Reason.AT_START and first_day not in days else part.on
        found = entries.get(day, []) if day else []
        parts.append(_part(pool, line, part, [row for row in found if _matters(row, line, part)]))
    return ToldLine(line, describe_line(line.charge), tuple(parts))


def _part(pool: Pool, line: BilledLine, part: Contribution, found: Sequence[HistoryRow]) -> ToldPart:
    effects = tuple(describe_effect(line.charge, effect) for effect in part.effects)
    return ToldPart(
        what=_what(line, part),
        on=line.charge.scale.period.starts_on if part.reason is Reason.AT_START else part.on,
        counts=effects or (_no_effect(line, part),),
        amount_minor=part.amount_minor,
        url=_url(pool, line, part),
        entries=tuple(found[:MOST_ENTRIES_OF_A_DAY]),
        more=max(len(found) - MOST_ENTRIES_OF_A_DAY, 0),
    )


def _what(line: BilledLine, part: Contribution) -> str:
    if part.reason is Reason.TERMS:
        return "What was agreed changed: the plan, its price or its end"
    if part.reason is Reason.CHARGED_BEFORE:
        return "Charged before"
    before, after = _number(line, part, part.before), _number(line, part, part.after)
    unit = "in use" if _counts_held(line, part) else "in total"
    if part.reason is Reason.AT_START:
        return f"When the period began: {after} {unit}"
    return f"From {before} to {after} {unit}" if before != after else f"{after} {unit}, as before"


def _no_effect(line: BilledLine, part: Contribution) -> str:
    """Say why a part counts nowhere in the period."""
    if part.reason is Reason.CHARGED_BEFORE:
        return "By an earlier line for this period."
    if part.reason is Reason.CHANGE:
        return "Changes nothing on this line."
    return "Charged by an earlier line." if _number(line, part, part.after) else "Nothing to charge for yet."


def _counts_held(line: BilledLine, part: Contribution) -> bool:
    """Say whether the number held is what matters: in arrears, or where more were held than paid."""
    only_held = part.before.bought == part.after.bought and part.before.held != part.after.held
    return isinstance(line.charge.shape, Area) or only_held


def _number(line: BilledLine, part: Contribution, counts: Counts) -> int:
    return counts.held if _counts_held(line, part) else counts.bought


def _matters(row: HistoryRow, line: BilledLine, part: Contribution) -> bool:
    return row.entry.kind in (HELD if _counts_held(line, part) else BOUGHT)


def _url(pool: Pool, line: BilledLine, part: Contribution) -> str:
    """Return the address of the ledger entries behind a part; empty where there are none."""
    if part.reason is Reason.AT_START:
        query = {"type": pool.pk, "last": line.charge.scale.period.starts_on}
    elif part.on:
        query = {"type": pool.pk, "first": part.on, "last": part.on}
    else:
        return ""
    return f"{reverse('portal:history')}?{urlencode(query)}"


def _entries_by_day(account: Account, pool: Pool, billed: Sequence[BilledLine]) -> EntriesByDay:
    """Return the pool's entries in the period of the lines by day, oldest first, in a fixed number of queries."""
    if not billed:
        return {}
    period, zone = billed[0].charge.scale.period, ZoneInfo(account.time_zone)
    wanted = HistoryFilter(
        pool_id=pool.pk, kinds=BOUGHT + HELD, first_on=period.starts_on, last_on=period.last_day
    )
    rows = name_history(account, list_history(account, wanted, limit=MOST_ENTRIES))
    found: defaultdict[date, list[HistoryRow]] = defaultdict(list)
    for row in reversed(rows):
        found[day_of(row.entry.at, zone)].append(row)
    return found
