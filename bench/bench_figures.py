"""The figures of 20,000 accounts over thirteen months: what the page and its lists ask, beside the same with 2,000."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from measuring import DatabaseTime, database_quartiles_ms, database_time, hold, own_database, run_sql, show
from subscribed import given_plan, given_subscribed_accounts

from seatledger.domain.figures.queries import (
    RevenueFilter,
    count_active_for_operator,
    count_overdue_for_operator,
    count_trials_for_operator,
    get_months_for_operator,
    list_currencies_for_operator,
    list_licence_months_for_operator,
    list_revenue_for_operator,
    list_revenue_months_for_operator,
    list_weeks_for_operator,
)
from seatledger.domain.figures.runs import rework_figures
from seatledger.shared.boundary import bind_staff, unbind

FEW, MANY = 2_000, 20_000
MOST_TIMES = 1.5
MOST_GROWTH = 1.15
MOST_MS = 50
NOW = datetime(2027, 2, 15, 9, tzinfo=UTC)
ROWS = 51
MONTH = date(2026, 8, 1)


def ask_for_the_page() -> None:
    list_currencies_for_operator()
    get_months_for_operator()
    list_revenue_months_for_operator("GBP")
    count_active_for_operator()
    list_licence_months_for_operator()
    count_overdue_for_operator("GBP", at=NOW)
    list_weeks_for_operator("GBP", at=NOW)
    count_trials_for_operator(at=NOW)


def asked_by_staff(call: Callable[[], object]) -> Callable[[], DatabaseTime]:
    def ask() -> DatabaseTime:
        with transaction.atomic():
            bind_staff()
            spent = database_time(call)
            unbind()
        return spent

    return ask


def reckoned_in_s() -> float:
    """Work all months of all accounts out, and return how long that took."""
    began = time.perf_counter()
    rework_figures(at=NOW)
    seconds = time.perf_counter() - began
    run_sql("VACUUM ANALYZE")
    return seconds


def lists() -> dict[str, Callable[[], object]]:
    everyone, active = RevenueFilter(MONTH, "GBP"), RevenueFilter(MONTH)
    behind = Decimal(50000), UUID(int=0)
    return {
        "accounts by their revenue": lambda: list_revenue_for_operator(everyone, after=None, limit=ROWS),
        "accounts by their revenue, far behind": lambda: list_revenue_for_operator(
            everyone, after=behind, limit=ROWS
        ),
        "Active accounts, far behind": lambda: list_revenue_for_operator(
            active, after=(Decimal(0), UUID(int=1 << 127)), limit=ROWS
        ),
    }


def main() -> None:
    given_plan()
    given_subscribed_accounts(first=1, last=FEW)
    few_s = reckoned_in_s()
    [few_ms] = database_quartiles_ms(asked_by_staff(ask_for_the_page), rounds=20)
    given_subscribed_accounts(first=FEW + 1, last=MANY)
    many_s = reckoned_in_s()
    [many_ms] = database_quartiles_ms(asked_by_staff(ask_for_the_page), rounds=20)
    [(rows,)] = run_sql("SELECT count(*) FROM figures_accountmonth")
    show("rows of accounts' months", rows, "")
    show("the page's questions, 2,000 accounts", few_ms)
    show("the page's questions, 20,000 accounts", many_ms)
    hold("20,000 accounts beside 2,000", many_ms / few_ms, MOST_TIMES, "x")
    for name, spent in zip(
        lists(), database_quartiles_ms(*map(asked_by_staff, lists().values()), rounds=20), strict=True
    ):
        hold(name, spent, MOST_MS, "ms")
    show("all months of 20,000 accounts", many_s, "s")
    hold("an account's share beside that of 2,000", many_s / MANY / (few_s / FEW), MOST_GROWTH, "x")


if __name__ == "__main__":
    with own_database():
        main()
