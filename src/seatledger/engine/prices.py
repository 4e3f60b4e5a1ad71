"""Prices: what a number of seats costs for one full period, exactly."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final, Protocol

# The level below "no seats": the item is not there at all, so not even a minimum or a flat fee is due.
NOTHING: Final = -1

# Whole numbers stay `int`, which is several times faster than `Fraction`; both are exact.
Exact = int | Fraction


def exact(value: Exact) -> Exact:
    """Return `value` as an `int` if it is whole. Raises TypeError for a `float`, a `Decimal` or a `bool`."""
    if isinstance(value, bool) or not isinstance(value, int | Fraction):
        raise TypeError(f"An exact number is an int or a Fraction, not {value!r}.")
    return value.numerator if value.denominator == 1 else value


class Scheme(Protocol):
    """How an amount follows from a quantity."""

    def amount(self, quantity: int) -> Exact:
        """Return what `quantity` costs for one full period, in minor units."""
        ...


@dataclass(frozen=True, slots=True)
class Flat:
    """One amount, whatever the quantity."""

    flat_amount: Exact

    def amount(self, quantity: int) -> Exact:  # noqa: ARG002 -- the quantity makes no difference
        return self.flat_amount


@dataclass(frozen=True, slots=True)
class PerUnit:
    """The same amount for each seat."""

    unit_amount: Exact

    def amount(self, quantity: int) -> Exact:
        return self.unit_amount * quantity


@dataclass(frozen=True, slots=True)
class Tier:
    """The seats up to and including number `up_to`; None on the last tier, which has no end.

    `flat_amount` is due once, when the tier is reached.
    """

    up_to: int | None
    unit_amount: Exact
    flat_amount: Exact = 0


@dataclass(frozen=True, slots=True)
class Graduated:
    """Each seat costs what its own tier says: 14 seats at 10 up to 10 and 8 beyond cost 132."""

    tiers: tuple[Tier, ...]

    def __post_init__(self) -> None:
        _require_tiers(self.tiers)

    def amount(self, quantity: int) -> Exact:
        total: Exact = 0
        below = 0
        for tier in self.tiers:
            if quantity <= below:
                break
            top = quantity if tier.up_to is None else min(quantity, tier.up_to)
            total += tier.flat_amount + tier.unit_amount * (top - below)
            below = top
        return total


@dataclass(frozen=True, slots=True)
class Volume:
    """Every seat costs what the last one's tier says: 14 seats at 10 up to 10 and 8 beyond cost 112."""

    tiers: tuple[Tier, ...]

    def __post_init__(self) -> None:
        _require_tiers(self.tiers)

    def amount(self, quantity: int) -> Exact:
        if quantity == 0:
            return 0
        tier = next(tier for tier in self.tiers if tier.up_to is None or quantity <= tier.up_to)
        return tier.flat_amount + tier.unit_amount * quantity


@dataclass(frozen=True, slots=True)
class Price:
    """What one full period costs, in minor units (exact, so possibly finer than one).

    The quantity is first raised to `minimum_quantity`, then `free_quantity` is taken off it, then the
    scheme is asked, then the amount is raised to `minimum_amount`. Minimums are due for as long as the
    item is there, also while it counts no seat.
    """

    scheme: Scheme
    free_quantity: int = 0
    minimum_quantity: int = 0
    minimum_amount: Exact = 0

    def amount(self, level: int) -> Exact:
        """Return what `level` seats cost for one full period; nothing at level NOTHING."""
        if level == NOTHING:
            return 0
        raised = max(level, self.minimum_quantity)
        charged = raised - self.free_quantity if raised > self.free_quantity else 0
        amount = self.scheme.amount(charged)
        return max(amount, self.minimum_amount)


def _require_tiers(tiers: Sequence[Tier]) -> None:
    """Raise ValueError unless the tiers rise and the last one, alone, has no end."""
    bounds = [tier.up_to for tier in tiers]
    if not bounds or bounds[-1] is not None:
        raise ValueError("The last tier has no end.")
    ends = [0, *(bound for bound in bounds[:-1] if bound is not None)]
    if len(ends) != len(bounds) or any(upper <= lower for lower, upper in pairwise(ends)):
        raise ValueError("Tiers rise, and only the last one has no end.")
