"""Amounts: rectangles and areas of seats over days, in minor units."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from seatledger.engine.layers import Rectangle
from seatledger.engine.money import round_to_whole
from seatledger.engine.policies import Rounded
from seatledger.engine.prices import NOTHING, Exact
from seatledger.engine.rates import Rate
from seatledger.engine.scales import Scale
from seatledger.engine.stretches import Stretch


class RunningTotal(NamedTuple):
    """What seats cost from some position to the end of the period, in minor units, exactly and rounded.

    `price` is what they cost for the full period, `left` the weight of what is left of it, and `weight` that
    of the full period. The total counts for the amount or, where `sign` is -1, against it.
    """

    sign: int
    price: Exact
    left: int
    weight: int
    rounded: int

    @property
    def exact(self) -> Fraction:
        """What is rounded: the price times what is left of the period, over the full period."""
        return Fraction(self.price * self.left) / self.weight


def add_totals(totals: Sequence[RunningTotal]) -> int:
    """Return the amount that running totals make, in minor units."""
    # A loop, because every line asks for it and has one total or two.
    amount_minor = 0
    for sign, _, _, _, rounded in totals:
        amount_minor += sign * rounded
    return amount_minor


def totals_of_rectangle(rectangle: Rectangle, rate: Rate, scale: Scale) -> tuple[RunningTotal, ...]:
    """Return the running totals whose sum is the amount of `rectangle`.

    Each counts from a position to the end of the period, so a rectangle that reaches the end is one total:
    the price of its seats times the days left over all days, rounded once. One that stops before the end
    is the difference of two, and one that takes a part of a layer is the difference of two such differences.
    """
    start, end, before, after, top = rectangle
    corners = ((+1, before, start), (-1, before, end), (-1, after, start), (+1, after, end))
    return tuple(
        [
            _total(sign, position, (level, top), rate, scale)
            for sign, level, position in corners
            if level != top and position != scale.size
        ]
    )


def total_of_area(sign: int, levels: Sequence[Stretch], rate: Rate, scale: Scale) -> RunningTotal:
    """Return the total of all `levels` of a period, rounded once unless the rate rounds seats or units.

    Its price is that of all steps together, each at the price of a full period; one step of them is left.
    """
    weight = scale.weight
    amounts, between = rate.amounts, scale.weight_between
    product = (
        sum([amounts[level] * (end - start) for start, end, level in levels])
        if scale.is_even
        else sum([amounts[level] * between(start, end) for start, end, level in levels])
    )
    if rate.measure.rounded is Rounded.LINE:
        rounded = round_to_whole(product, rate.measure.rounding, divisor=weight)
    else:
        ends = (
            _total(part_sign, position, (NOTHING, level), rate, scale)
            for start, end, level in levels
            for part_sign, position in ((+1, start), (-1, end))
        )
        rounded = sum(total.sign * total.rounded for total in ends)
    return RunningTotal(sign, product, 1, weight, rounded)


def _total(sign: int, position: int, seats: tuple[int, int], rate: Rate, scale: Scale) -> RunningTotal:
    """Return what the seats from one level up to another cost from `position` to the end of the period."""
    left, weight = scale.weight_left(position), scale.weight
    low, high = seats
    price = rate.amount(high) - rate.amount(low)
    rounding = rate.measure.rounding
    if rate.measure.rounded is Rounded.LINE:
        rounded = round_to_whole(price * left, rounding, divisor=weight)
    elif rate.measure.rounded is Rounded.SEAT or left == weight:
        prices = _prices_of_seats(rate, low, high)
        rounded = sum(round_to_whole(each * left, rounding, divisor=weight) for each in prices)
    else:
        prices = _prices_of_seats(rate, low, high)
        rounded = sum(round_to_whole(each, rounding, divisor=weight) * left for each in prices)
    return RunningTotal(sign, price, left, weight, rounded)


def _prices_of_seats(rate: Rate, low: int, high: int) -> Iterator[Exact]:
    """Yield what each seat above `low` adds to the price of a full period."""
    below = rate.amount(low)
    for seat in range(low + 1, high + 1):
        above = rate.amount(seat)
        yield above - below
        below = above
