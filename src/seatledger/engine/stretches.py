"""Stretches: levels of seats over the numbered steps of a period."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Final, NamedTuple

from seatledger.engine.prices import NOTHING


class Stretch(NamedTuple):
    """The steps from position `start` (in) to `end` (out), all at one level of seats."""

    start: int
    end: int
    level: int


# What `Stretch(*triple)` makes, for the inner loops: in C, without a call into Python.
STRETCH: Final = partial(tuple.__new__, Stretch)


def merge(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Return the stretches, those that follow each other on one level made one, empty ones left out."""
    merged: list[Stretch] = []
    for stretch in stretches:
        if stretch.start >= stretch.end:
            continue
        if merged and merged[-1].end == stretch.start and merged[-1].level == stretch.level:
            merged[-1] = Stretch(merged[-1].start, stretch.end, stretch.level)
        else:
            merged.append(stretch)
    return tuple(merged)


def level_at(stretches: Sequence[Stretch], position: int) -> int:
    """Return the level at `position`; NOTHING where no stretch says."""
    for start, end, level in stretches:
        if start <= position < end:
            return level
    return NOTHING
