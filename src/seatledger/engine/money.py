"""Money: a whole number of minor units and its currency."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import Self

from seatledger.engine.currencies import exponent_of


class Rounding(StrEnum):
    """How an exact amount becomes a whole number."""

    HALF_UP = "half_up"  # to the nearest; halves away from zero
    TRUNCATE = "truncate"  # towards zero


def round_to_whole(value: Fraction | int, rounding: Rounding = Rounding.HALF_UP, *, divisor: int = 1) -> int:
    """Return `value / divisor` as a whole number; the only place in the engine where anything is rounded.

    A value and its negative always round to opposites, so a credit undoes its charge. `divisor` is positive.
    """
    # On numerators, not on fractions: a whole value stays in plain integers, which is many times faster.
    numerator, denominator = abs(value.numerator), value.denominator * divisor
    if rounding is Rounding.TRUNCATE:
        whole = numerator // denominator
    else:
        whole = (2 * numerator + denominator) // (2 * denominator)
    return whole if value.numerator >= 0 else -whole


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of money: `Money(1200, "GBP")` is twelve pounds.

    `amount_minor` counts minor units (pence, yen, fils) and may be negative; `currency` is an
    ISO 4217 code. Amounts of different currencies are unequal and can be neither added nor ordered.

    Raises TypeError when the amount is not an `int` (a `bool` is none), ValueError for an unknown currency.
    """

    amount_minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.amount_minor) is not int:
            raise TypeError(f"An amount is a whole number of minor units, not {self.amount_minor!r}.")
        exponent_of(self.currency)

    @classmethod
    def zero(cls, currency: str) -> Self:
        return cls(0, currency)

    @classmethod
    def from_text(cls, text: str, currency: str) -> Self:
        """Read an amount in major units, `"12.00"`, with a point and without grouping.

        Raises ValueError when the text is no finite number, or finer than the currency's minor unit.
        """
        scaled = read_fraction(text) * 10 ** exponent_of(currency)
        if scaled.denominator != 1:
            raise ValueError(f"{text} is finer than the smallest unit of {currency}.")
        return cls(scaled.numerator, currency)

    def to_text(self) -> str:
        """Return the amount in major units with all its decimals: `"12.00"`, `"1200"` for yen."""
        exponent = exponent_of(self.currency)
        digits = str(abs(self.amount_minor)).rjust(exponent + 1, "0")
        sign = "-" if self.amount_minor < 0 else ""
        return f"{sign}{digits[:-exponent]}.{digits[-exponent:]}" if exponent else sign + digits

    def __str__(self) -> str:
        return f"{self.to_text()} {self.currency}"

    def times(self, factor: Fraction | int, rounding: Rounding = Rounding.HALF_UP) -> Self:
        """Return the amount multiplied by an exact factor, rounded once to a minor unit.

        Raises TypeError for a factor that is not exact: a `float`, a `Decimal`, a `bool`.
        """
        exact = self.amount_minor * _exact(factor)
        return replace(self, amount_minor=round_to_whole(exact, rounding))

    def split(self, parts: int) -> tuple[Self, ...]:
        """Return `parts` amounts that add up to this one and differ by at most one minor unit.

        Raises ValueError when `parts` is less than one.
        """
        if parts < 1:
            raise ValueError("An amount is split into at least one part.")
        return self.allocate([1] * parts)

    def allocate(self, weights: Sequence[Fraction | int]) -> tuple[Self, ...]:
        """Return one amount per weight, in proportion, adding up to this one exactly.

        Each amount is the difference of two running totals, and a running total is rounded once.
        Raises ValueError when a weight is negative or all are zero.
        """
        shares = [_exact(weight) for weight in weights]
        whole = sum(shares, Fraction(0))
        if whole <= 0 or min(shares) < 0:
            raise ValueError("Weights are zero or more, and at least one is more.")
        totals = [self.times(so_far / whole) for so_far in accumulate(shares, initial=Fraction(0))]
        return tuple(after - before for before, after in pairwise(totals))

    def __add__(self, other: Self) -> Self:
        return replace(self, amount_minor=self.amount_minor + self._minor_of(other))

    def __sub__(self, other: Self) -> Self:
        return replace(self, amount_minor=self.amount_minor - self._minor_of(other))

    def __neg__(self) -> Self:
        return replace(self, amount_minor=-self.amount_minor)

    def __abs__(self) -> Self:
        return replace(self, amount_minor=abs(self.amount_minor))

    def __lt__(self, other: Self) -> bool:
        return self.amount_minor < self._minor_of(other)

    def __le__(self, other: Self) -> bool:
        return self.amount_minor <= self._minor_of(other)

    def __gt__(self, other: Self) -> bool:
        return self.amount_minor > self._minor_of(other)

    def __ge__(self, other: Self) -> bool:
        return self.amount_minor >= self._minor_of(other)

    def _minor_of(self, other: object) -> int:
        if not isinstance(other, Money):
            raise TypeError(f"Money goes with money, not with {other!r}.")
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not mix.")
        return other.amount_minor


def add_up(amounts: Iterable[Money], currency: str) -> Money:
    """Return the sum of `amounts`, zero in `currency` when there are none.

    Raises ValueError when one of them is in another currency.
    """
    return sum(amounts, start=Money.zero(currency))


def read_fraction(text: str) -> Fraction:
    """Read a decimal number exactly: `"12.345"`. Raises ValueError for NaN, infinity and anything else."""
    try:
        number = Decimal(text)
    except (InvalidOperation, TypeError):
        raise ValueError(f"{text!r} is not a number.") from None
    if not isinstance(text, str) or not number.is_finite():
        raise ValueError(f"{text!r} is not a number.")
    return Fraction(number)


def _exact(number: Fraction | int) -> Fraction:
    if isinstance(number, bool) or not isinstance(number, Fraction | int):
        raise TypeError(f"An exact number is an int or a Fraction, not {number!r}.")
    return Fraction(number)
