"""Rates: the price in force on given days, with what discounts take off it and the way it is measured."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Final

from seatledger.engine.policies import BY_THE_DAY, Measure
from seatledger.engine.prices import NOTHING, Exact, Price, exact

_MOST_AMOUNTS: Final = 4096


@dataclass(frozen=True, slots=True)
class Reduction:
    """What a discount takes off: `percent` first, then `amount`, in minor units for a full period.

    No price is taken below zero. Raises ValueError when `percent` is not between 0 and 100 or `amount` is negative.
    """

    percent: Exact = 0
    amount: Exact = 0

    def __post_init__(self) -> None:
        if not 0 <= self.percent <= 100:
            raise ValueError("A discount takes off between 0 and 100 percent.")
        if self.amount < 0:
            raise ValueError("A discount takes an amount off, it does not add one.")

    def apply(self, amount: Exact) -> Exact:
        """Return what is left of the amount of a full period."""
        left = amount - amount * Fraction(self.percent) / 100 - self.amount
        return exact(left) if left > 0 else 0


@dataclass(frozen=True, slots=True)
class Discount:
    """A reduction on the days from `starts_on` (in) to `ends_on` (out; None for ever)."""

    reduction: Reduction
    starts_on: date
    ends_on: date | None = None

    def applies_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


@dataclass(frozen=True, slots=True)
class Rate:
    """All it takes to turn seats and days into money.

    Two rates are equal when they turn everything into the same money under the same name, so what was
    charged at a rate is compared with what ought to be charged at that rate, and with nothing else.
    """

    key: str
    currency: str
    price: Price
    measure: Measure = BY_THE_DAY
    reductions: tuple[Reduction, ...] = ()
    # Found once, because charges are looked up by their rate all the time.
    hashed: int = field(init=False, compare=False, repr=False)
    # By level: many accounts have the same price and the same numbers of seats, so each is worked out once.
    amounts: Mapping[int, Exact] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Find the hash of all that the rate is made of."""
        values = (self.key, self.currency, self.price, self.measure, self.reductions)
        object.__setattr__(self, "hashed", hash(values))
        object.__setattr__(self, "amounts", _Amounts(self))

    def __hash__(self) -> int:
        return self.hashed

    def amount(self, level: int) -> Exact:
        """Return what `level` seats cost for one full period, in minor units, exactly."""
        return self.amounts[level]


class _Amounts(dict[int, Exact]):
    """What each number of seats costs for one full period, worked out when it is asked for first."""

    def __init__(self, rate: Rate) -> None:
        self.price, self.reductions = rate.price, rate.reductions

    def __missing__(self, level: int) -> Exact:
        amount = self.price.amount(level)
        if level != NOTHING:
            for reduction in self.reductions:
                amount = reduction.apply(amount)
        if len(self) >= _MOST_AMOUNTS:
            self.clear()
        self[level] = amount
        return amount
