"""Months, and what an account's revenue did in one: plain Python, no database, no clock."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Final
from zoneinfo import ZoneInfo

from seatledger.domain.figures.models import Movement
from seatledger.engine.days import start_of_day
from seatledger.engine.periods import add_months

# When a month is over everywhere: the last days end twelve hours after UTC's.
_LAST_ZONE: Final = timedelta(hours=12)


def month_of(day: date) -> date:
    """Return the first day of the month in which `day` lies."""
    return day.replace(day=1)


def months_between(first: date, last: date) -> Iterator[date]:
    """Yield the months from `first` to `last`, both in."""
    month = month_of(first)
    while month <= last:
        yield month
        month = add_months(month, 1)


def is_over(month: date, at: datetime) -> bool:
    """Say whether a month has ended in every zone."""
    end = add_months(month, 1)
    return at >= datetime(end.year, end.month, 1, tzinfo=UTC) + _LAST_ZONE


def end_of(month: date, zone: ZoneInfo, at: datetime) -> datetime:
    """Return the first instant after a month in a zone, or `at` while the month is not over there."""
    return min(start_of_day(add_months(month, 1), zone), at)


def movement_of(opening: Fraction, closing: Fraction, *, paid_before: bool) -> Movement:
    """Return what revenue did from the beginning of a month to its end; `paid_before`: there was some in a month before."""
    if opening == closing:
        return Movement.NONE
    if not opening:
        return Movement.REACTIVATION if paid_before else Movement.NEW
    if not closing:
        return Movement.CHURN
    return Movement.EXPANSION if closing > opening else Movement.CONTRACTION
