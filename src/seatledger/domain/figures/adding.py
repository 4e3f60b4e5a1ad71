"""Add the rows of accounts up to the totals of months, exactly."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Final

from django.db import connection

from seatledger.domain.figures.models import MonthTotal

# By denominator: fractions are added up in Python, where they stay exact.
_SUMS: Final = """
SELECT month, currency, movement, denominator, count(*), count(*) FILTER (WHERE is_active), sum(opening), sum(closing)
FROM figures_accountmonth WHERE month = ANY(%s) GROUP BY month, currency, movement, denominator
"""


def sum_up(months: Sequence[date]) -> list[MonthTotal]:
    """Return the totals of months, added up anew from the rows of the accounts."""
    sums: dict[tuple[date, str, str], _Sum] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, [list(months)])
        for month, currency, movement, denominator, *counts in cursor.fetchall():
            accounts, active, opening, closing = map(int, counts)
            own = sums.setdefault((month, currency, movement), _Sum())
            own.accounts += accounts
            own.active_accounts += active
            own.opening += Fraction(opening, int(denominator))
            own.closing += Fraction(closing, int(denominator))
    return [own.total(*key) for key, own in sorted(sums.items())]


@dataclass
class _Sum:
    """The accounts of a month with one currency and one movement, added up exactly."""

    accounts: int = 0
    active_accounts: int = 0
    opening: Fraction = Fraction(0)
    closing: Fraction = Fraction(0)

    def total(self, month: date, currency: str, movement: str) -> MonthTotal:
        denominator = lcm(self.opening.denominator, self.closing.denominator)
        return MonthTotal(
            month=month,
            currency=currency,
            movement=movement,
            accounts=self.accounts,
            active_accounts=self.active_accounts,
            opening=Decimal(int(self.opening * denominator)),
            closing=Decimal(int(self.closing * denominator)),
            denominator=Decimal(denominator),
        )
