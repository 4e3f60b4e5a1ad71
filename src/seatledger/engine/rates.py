"""Rates: the price in force on given days, with what discounts take off it and the way it is measured."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from seatledger.engine.policies import BY_THE_DAY, Measure
from seatledger.engine.prices import NOTHING, Exact, Price, exact


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

    def amount(self, level: int) -> Exact:
        """Return what `level` seats cost for one full period, in minor units, exactly."""
        amount = self.price.amount(level)
        if self.reductions and level != NOTHING:
            for reduction in self.reductions:
                amount = reduction.apply(amount)
        return amount
