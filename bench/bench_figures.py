"""The figures of 10,000 accounts over fourteen months: what the page and its lists ask, beside the same with 1,000.

Working them out is told by the processor's time, of this process and of the database's: it takes a minute or two.
"""

import statistics
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from uuid import UUID

from django.db import transaction
from measuring import (
    DatabaseTime,
    database_quartiles_ms,
    database_time,
    hold,
    own_database,
    run_sql,
    show,
    work_of,
)
from subscribed import given_plan, given_subscribed_accounts

from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.models import LicenceType
from seatledger.domain.figures.actions import finish_months, forget_months, reckon_chunk
from seatledger.domain.figures.models import Movement
from seatledger.domain.figures.months import months_between
from seatledger.domain.figures.queries import (
    RevenueFilter,
    count_active_for_operator,
    count_overdue_for_operator,
    count_trials_for_operator,
    get_months_for_operator,
    list_currencies_for_operator,
    list_ending_weeks_for_operator,
    list_endings_for_operator,
    list_licence_holders_for_operator,
    list_licence_months_for_operator,
    list_revenue_for_operator,
    list_revenue_months_for_operator,
    list_weeks_for_operator,
)
from seatledger.domain.figures.reckoning import Counted
from seatledger.domain.figures.runs import CHUNK
from seatledger.shared.boundary import bind_staff, unbind

FEW, MANY = 1_000, 10_000
MOST_TIMES = 1.5
MOST_GROWTH = 1.15
MOST_MS = 50
NOW = datetime(2027, 2, 15, 9, tzinfo=UTC)
ROWS = 51
FIRST, MONTH = date(2026, 1, 1), date(2026, 8, 1)


def ask_for_the_page() -> None:
    list_currencies_for_operator()
    get_months_for_operator()
    list_revenue_months_for_operator("GBP")
    count_active_for_operator()
    list_licence_months_for_operator()
    count_overdue_for_operator("GBP", at=NOW)
    list_weeks_for_operator("GBP", at=NOW)
    list_ending_weeks_for_operator("GBP", at=NOW)
    count_trials_for_operator(at=NOW)


def asked_by_staff(call: Callable[[], object]) -> Callable[[], DatabaseTime]:
    def ask() -> DatabaseTime:
        with transaction.atomic():
            bind_staff()
            spent = database_time(call)
            unbind()
        return spent

    return ask


def let_licences_end() -> None:
    """Let a tenth of all licences end in the 90 days to come."""
    run_sql(
        "UPDATE licences_pool SET expires_on = %s::date + ('x' || substr(id::text, 1, 4))::bit(16)::int %% 85"
        " WHERE id::text < '1a'",
        NOW.date(),
    )


def reckoned_in_s(*, times: int = 1) -> float:
    """Work all months of all accounts out, so many times, and return the work for a thousand accounts.

    A chunk's is the lower quartile of all chunks, whatever else the machine does; what is done once at the end, such
    as adding up, is shared among them.
    """
    spent: list[float] = []
    for _ in range(times):
        chunks, end = reckon_everything()
        spent += [chunk + end / len(chunks) for chunk in chunks]
    run_sql("VACUUM ANALYZE")
    return statistics.quantiles(spent, n=4)[0]


def reckon_everything() -> tuple[list[float], float]:
    """Forget and work out all there is, a thousand accounts after the other; returns the work of each, and of the end."""
    months, counted = list(months_between(FIRST, NOW.date())), Counted()
    everybody = list(Account.objects.order_by("pk"))

    @transaction.atomic
    def reckon(accounts: Sequence[Account]) -> None:
        reckon_chunk(accounts=accounts, months=months, counted=counted, at=NOW)

    with transaction.atomic():
        forget_months()
    chunks = [everybody[place : place + CHUNK] for place in range(0, len(everybody), CHUNK)]
    spent = [work_of(partial(reckon, accounts)) for accounts in chunks]
    finish = transaction.atomic(finish_months)
    return spent, work_of(lambda: finish(months=months, counted=counted, at=NOW))


def lists() -> dict[str, Callable[[], object]]:
    everyone, active = RevenueFilter(MONTH, "GBP"), RevenueFilter(MONTH)
    moved = RevenueFilter(date(2026, 3, 1), "GBP", Movement.NEW)
    kind, middle = LicenceType.objects.get(key="bench-0"), UUID(int=1 << 127)
    behind, ends = Decimal(50000), (date(2027, 2, 20), date(2027, 5, 10))
    return {
        "accounts by their revenue": lambda: list_revenue_for_operator(everyone, after=None, limit=ROWS),
        "accounts by their revenue, far behind": lambda: list_revenue_for_operator(
            everyone, after=(behind, UUID(int=0)), limit=ROWS
        ),
        "Active accounts, far behind": lambda: list_revenue_for_operator(
            active, after=(Decimal(0), middle), limit=ROWS
        ),
        "accounts that were new": lambda: list_revenue_for_operator(moved, after=None, limit=ROWS),
        "accounts that were new, far behind": lambda: list_revenue_for_operator(
            moved, after=(Decimal(4000), middle), limit=ROWS
        ),
        "who holds a licence, far behind": lambda: list_licence_holders_for_operator(
            kind.pk, MONTH, reckoned_at=NOW, after=("", middle), limit=ROWS
        ),
        "licences that end": lambda: list_endings_for_operator("GBP", *ends, after=None, limit=ROWS),
        "licences that end, far behind": lambda: list_endings_for_operator(
            "GBP", *ends, after=(date(2027, 4, 20), middle), limit=ROWS
        ),
    }


def main() -> None:
    given_plan()
    given_subscribed_accounts(first=1, last=FEW)
    let_licences_end()
    few_s = reckoned_in_s(times=3)
    [few_ms] = database_quartiles_ms(asked_by_staff(ask_for_the_page), rounds=20)
    given_subscribed_accounts(first=FEW + 1, last=MANY)
    let_licences_end()
    many_s = reckoned_in_s()
    [many_ms] = database_quartiles_ms(asked_by_staff(ask_for_the_page), rounds=20)
    [(rows,)] = run_sql("SELECT count(*) FROM figures_accountmonth")
    show("rows of accounts' months", rows, "")
    show("the page's questions, 1,000 accounts", few_ms)
    show("the page's questions, 10,000 accounts", many_ms)
    hold("10,000 accounts beside 1,000", many_ms / few_ms, MOST_TIMES, "x")
    for name, spent in zip(
        lists(), database_quartiles_ms(*map(asked_by_staff, lists().values()), rounds=20), strict=True
    ):
        hold(name, spent, MOST_MS, "ms")
    show("all months of a thousand of 10,000 accounts, work", many_s, "s")
    hold("the same beside that of a thousand of 1,000", many_s / few_s, MOST_GROWTH, "x")


if __name__ == "__main__":
    with own_database():
        main()
