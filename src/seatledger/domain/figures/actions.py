"""Write the figures: a chunk of accounts, the totals and the end of months. Nobody does it: it follows from what is kept.

Each is called within a transaction, and only one at a time goes on (`runs` opens them).
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.db import connection

from seatledger.domain.accounts.models import Account
from seatledger.domain.figures.adding import sum_up
from seatledger.domain.figures.ending import write_endings
from seatledger.domain.figures.models import LicenceMonth, Month, MonthTotal
from seatledger.domain.figures.months import is_over
from seatledger.domain.figures.reckoning import Counted, reckon_accounts

# Two would write the same rows.
_ALONE: Final = "SELECT pg_advisory_xact_lock(hashtext('figures: reckon'))"
_RENEWALS: Final = """
INSERT INTO figures_renewaltotal (renews_on, currency, accounts, amount_minor)
SELECT renews_on, currency, count(*), sum(amount_minor) FROM figures_renewal GROUP BY renews_on, currency
"""
# What refers to rows is looked at first: PostgreSQL empties no table that it still has to look at.
_FORGET: Final = """
SET CONSTRAINTS ALL IMMEDIATE;
TRUNCATE figures_accountmonth, figures_month, figures_monthtotal, figures_licencemonth;
SET CONSTRAINTS ALL DEFERRED
"""


def reckon_chunk(
    *, accounts: Sequence[Account], months: Sequence[date], counted: Counted, at: datetime
) -> None:
    """Write the rows of accounts for those of the months that are not closed, and what renews."""
    _be_alone()
    reckon_accounts(accounts, _left_of(months), counted, at=at)


def finish_months(*, months: Sequence[date], counted: Counted, at: datetime) -> None:
    """Write the totals of the months once all accounts have their rows, and close those that are over everywhere.

    What ends is found here for all accounts at once.
    """
    _be_alone()
    left = _left_of(months)
    MonthTotal.objects.filter(month__in=left).delete()
    MonthTotal.objects.bulk_create(sum_up(left))
    LicenceMonth.objects.filter(month__in=left).delete()
    LicenceMonth.objects.bulk_create(
        LicenceMonth(month=month, licence_type_id=kind_id, **vars(count))
        for (month, kind_id), count in counted.licences.items()
        if month in left
    )
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM figures_renewaltotal")
        cursor.execute(_RENEWALS)
    write_endings(at=at)
    for month in left:
        said = {"reckoned_at": at, "is_over": is_over(month, at)}
        Month.objects.update_or_create(month=month, defaults=said)


def forget_months() -> None:
    """Forget every month, those that are over as well. For whoever owns the database."""
    _be_alone()
    with connection.cursor() as cursor:
        cursor.execute(_FORGET)


def _be_alone() -> None:
    assert connection.in_atomic_block, "it lasts as long as its transaction"
    with connection.cursor() as cursor:
        cursor.execute(_ALONE)


def _left_of(months: Sequence[date]) -> list[date]:
    """Return those of the months that nobody closed meanwhile."""
    closed = set(Month.objects.filter(month__in=months, is_over=True).values_list("month", flat=True))
    return [month for month in months if month not in closed]
