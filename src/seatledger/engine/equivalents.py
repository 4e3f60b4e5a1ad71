"""Equivalents: an amount for a year or a quarter, said for a month. They are shown, and nothing is billed by them."""

from fractions import Fraction
from typing import Final

from seatledger.engine.money import Money, round_to_whole
from seatledger.engine.periods import Interval
from seatledger.engine.prices import Exact

# A year of 365 days in twelve parts: what a month is where a price is for days or weeks.
DAYS_A_MONTH: Final = Fraction(365, 12)


def rounded(amount: Exact, currency: str) -> Money:
    """Return an exact amount of minor units as money that can be shown, rounded once."""
    return Money(round_to_whole(amount), currency)


def monthly_equivalent(amount: Exact, currency: str, interval: Interval) -> Money | None:
    """Return what an exact amount for every `interval` comes to a month, rounded once: 200.00 a year is 16.67.

    None for days and weeks, of which a month has no fixed number. Never multiply what comes back.
    """
    return Money(round_to_whole(amount, divisor=interval.months), currency) if interval.months else None


def exact_a_month(amount: Exact, interval: Interval) -> Fraction:
    """Return what an exact amount for every `interval` comes to a month, exactly: to be added up, and rounded at the end.

    A month is a twelfth of a year, and of 365 days: 7.00 a week is 30.42.
    """
    if interval.months:
        return Fraction(amount) / interval.months
    return Fraction(amount) * DAYS_A_MONTH / interval.days
