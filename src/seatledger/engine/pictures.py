"""Pictures: what a line charges or takes back, as tiles of seats over days."""

from datetime import date, datetime
from typing import NamedTuple

from seatledger.engine.layers import Rectangle
from seatledger.engine.lines import Line
from seatledger.engine.stretches import level_at


class Tile(NamedTuple):
    """Seats number `low` + 1 to `high` from `starts` (in) to `ends` (out): charged, or taken back if it is a credit.

    `starts` and `ends` are days, or instants where seconds are counted.
    """

    starts: date | datetime
    ends: date | datetime
    low: int
    high: int
    is_credit: bool


def tiles_of(line: Line) -> tuple[Tile, ...]:
    """Return the tiles of a line, in order. The tiles of all lines, laid one after the other, are what is charged."""
    shape = line.shape
    if isinstance(shape, Rectangle):
        found = [_tile(line, shape.start, shape.end, (shape.before, shape.after))]
    else:
        bounds = sorted({bound for part in (*shape.before, *shape.after) for bound in part[:2]})
        levels = ((at, level_at(shape.before, at), level_at(shape.after, at)) for at in bounds)
        found = [
            _tile(line, start, end, (before, after))
            for (start, before, after), end in zip(levels, bounds[1:], strict=False)
            if before != after
        ]
    return tuple(tile for tile in found if tile.low < tile.high)


def _tile(line: Line, start: int, end: int, levels: tuple[int, int]) -> Tile:
    before, after = (max(level, 0) for level in levels)
    scale = line.scale
    return Tile(scale.point(start), scale.point(end), min(before, after), max(before, after), after < before)
