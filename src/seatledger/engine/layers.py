"""Layers: what ought to be charged, minus what was charged, as rectangles."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from seatledger.engine.prices import NOTHING
from seatledger.engine.stretches import Stretch, level_at, merge


class Rectangle(NamedTuple):
    """On the steps from `start` to `end` the number charged goes from `before` to `after`.

    A rectangle that rises is a layer of its own, and `top` is where it ends. One that falls takes from the
    layer that once reached `top`. Amounts are counted down from the top, where credits begin, so the parts
    of a layer, in seats as in days, add up to the layer whatever the rounding.
    """

    start: int
    end: int
    before: int
    after: int
    top: int

    @property
    def seats(self) -> int:
        """The seats charged, or credited if negative; from nothing to 10 is 10."""
        return max(self.after, 0) - max(self.before, 0)


class _Layer(NamedTuple):
    """What is left of a layer on some steps: from `base` up to `height`, when it once reached `top`."""

    base: int
    height: int
    top: int


class _Cell(NamedTuple):
    """Steps that are alike: the level they ought to have, the level and the layers they were charged."""

    start: int
    end: int
    target: int
    charged: int
    layers: list[_Layer]


def subtract(target: Sequence[Stretch], charged: Sequence[Rectangle]) -> tuple[Rectangle, ...]:
    """Return what must be charged or credited so that `charged` becomes `target`.

    `target` is in order and does not overlap; what it leaves out ought to be nothing. `charged` is everything
    charged so far, in the order in which it was. Credits come first, the highest seats before the lower
    ones, then charges from the lowest up; each rectangle is as wide, and then as high, as it can be.
    """
    cells = _cells(target, charged)
    levels = {NOTHING}
    for cell in cells:
        levels.add(cell.target)
        for layer in cell.layers:
            levels.update((layer.base, layer.height))
    bands = list(pairwise(sorted(levels)))
    falls = [rectangle for low, high in reversed(bands) for rectangle in _falls(cells, low, high)]
    rises = [rectangle for low, high in bands for rectangle in _rises(cells, low, high)]
    return (*_stack(falls), *_stack(rises))


def _cells(target: Sequence[Stretch], charged: Sequence[Rectangle]) -> list[_Cell]:
    bounds: set[int] = set()
    for start, end, *_ in (*target, *charged):
        bounds.update((start, end))
    cells = []
    for start, end in pairwise(sorted(bounds)):
        layers: list[_Layer] = []
        for rectangle in charged:
            if rectangle.start <= start < rectangle.end:
                _replay(layers, rectangle)
        height = layers[-1].height if layers else NOTHING
        cells.append(_Cell(start, end, level_at(target, start), height, layers))
    return cells


def _replay(layers: list[_Layer], rectangle: Rectangle) -> None:
    if rectangle.after > rectangle.before:
        layers.append(_Layer(rectangle.before, rectangle.after, rectangle.top))
        return
    # Layers that reached the same top, one after the other, are taken from by one credit.
    height = rectangle.before
    while height > rectangle.after:
        layer = layers.pop()
        assert (layer.height, layer.top) == (height, rectangle.top), "a credit takes from the highest layer"
        height = layer.base
    if height < rectangle.after:
        layers.append(layer._replace(height=rectangle.after))


def _falls(cells: Sequence[_Cell], low: int, high: int) -> list[Rectangle]:
    """Return the credits of the band of seats from `low` to `high`, one per layer it was charged in."""
    fallen = merge(
        [
            Stretch(cell.start, cell.end, layer.top)
            for cell in cells
            if cell.target <= low and high <= cell.charged
            for layer in cell.layers
            if layer.base <= low and high <= layer.height
        ]
    )
    return [Rectangle(start, end, high, low, top) for start, end, top in fallen]


def _rises(cells: Sequence[_Cell], low: int, high: int) -> list[Rectangle]:
    """Return the charges of the band of seats from `low` to `high`."""
    risen = merge(
        [Stretch(cell.start, cell.end, high) for cell in cells if cell.charged <= low and high <= cell.target]
    )
    return [Rectangle(start, end, low, high, high) for start, end, _ in risen]


def _stack(rectangles: Iterable[Rectangle]) -> list[Rectangle]:
    """Make one of bands that continue each other over the very same steps (and credits of one layer)."""
    stacked: list[Rectangle] = []
    for each in rectangles:
        rising = each.after > each.before
        for place, last in enumerate(stacked):
            continues = (last.start, last.end, last.after) == (each.start, each.end, each.before)
            if continues and (rising or last.top == each.top):
                stacked[place] = Rectangle(last.start, last.end, last.before, each.after, each.top)
                break
        else:
            stacked.append(each)
    return stacked
