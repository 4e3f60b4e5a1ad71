"""Lines: an amount, and the working that explains it."""

from collections.abc import Sequence
from typing import NamedTuple

from seatledger.engine.amounts import RunningTotal, add_totals, total_of_area, totals_of_rectangle
from seatledger.engine.layers import Rectangle, subtract
from seatledger.engine.money import Money
from seatledger.engine.rates import Rate
from seatledger.engine.scales import Scale
from seatledger.engine.stretches import Stretch


class Area(NamedTuple):
    """The levels that a period was charged for before, and those it is charged for now; both in order.

    What they leave out is level NOTHING.
    """

    before: tuple[Stretch, ...]
    after: tuple[Stretch, ...]


class Line(NamedTuple):
    """One amount of one item at one rate for seats within one full period, with its working.

    A charge in advance works with a `Rectangle`; a charge in arrears with the `Area` of the whole period.
    """

    item: str
    rate: Rate
    scale: Scale
    shape: Rectangle | Area
    totals: tuple[RunningTotal, ...]

    @property
    def amount_minor(self) -> int:
        return add_totals(self.totals)

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.rate.currency)

    @property
    def is_credit(self) -> bool:
        """Say whether the line takes back what was charged before."""
        if isinstance(self.shape, Rectangle):
            return self.shape.after < self.shape.before
        return self.amount_minor < 0


def work_out(item: str, rate: Rate, scale: Scale, shape: Rectangle | Area) -> Line:
    """Return the line for `shape`; working a line out again gives an equal line."""
    if isinstance(shape, Rectangle):
        return Line(item, rate, scale, shape, totals_of_rectangle(shape, rate, scale))
    return Line(item, rate, scale, shape, _totals_of(shape, rate, scale))


def _totals_of(area: Area, rate: Rate, scale: Scale) -> tuple[RunningTotal, ...]:
    before, after = area
    totals = (total_of_area(+1, after, rate, scale),) if after else ()
    return (*totals, total_of_area(-1, before, rate, scale)) if before else totals


def charge_in_advance(
    item: str, rate: Rate, scale: Scale, *, target: Sequence[Stretch], charged: Sequence[Line]
) -> tuple[Line, ...]:
    """Return the lines that turn what was charged for one period at one rate into what ought to be.

    `charged` are the lines of this very item, rate and period, in the order in which they were charged.
    Charging again after them gives nothing. Nothing is also what comes back when every line is of no amount.
    """
    rectangles = [line.shape for line in charged if isinstance(line.shape, Rectangle)]
    # No seat is nothing at all, unless there is a minimum or a flat fee to pay for it.
    present = [stretch for stretch in target if stretch.level > 0 or rate.amount(stretch.level)]
    lines = tuple([work_out(item, rate, scale, rectangle) for rectangle in subtract(present, rectangles)])
    # All or none: a line of no amount is kept beside others, because later lines may stand on its layer.
    return lines if any(line.amount_minor for line in lines) else ()


def charge_in_arrears(
    item: str, rate: Rate, scale: Scale, *, target: Sequence[Stretch], charged: Sequence[Line]
) -> tuple[Line, ...]:
    """Return the one line for a whole period, or the one that corrects those charged before; or none.

    `charged` are the lines of this very item, rate and period, in the order in which they were charged.
    """
    before: tuple[Stretch, ...] = ()
    for line in charged:
        if isinstance(line.shape, Area):
            before = line.shape.after
    area = Area(before, tuple(target))
    totals = _totals_of(area, rate, scale)
    return (Line(item, rate, scale, area, totals),) if add_totals(totals) else ()
