"""Step functions: how many seats, and since when."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from operator import add, sub
from typing import NamedTuple, Self

from seatledger.engine.days import require_instant


class Change(NamedTuple):
    """A step seen from below: at `at` the value rises by `delta` (falls, if negative)."""

    at: datetime
    delta: int


class Step(NamedTuple):
    """A step seen from above: from `at` on the value is `value`, until the next step."""

    at: datetime
    value: int


class Span(NamedTuple):
    """A stretch of unchanging value: `value` from `start`, which is in, to `end`, which is out."""

    start: datetime
    end: datetime
    value: int


@dataclass(frozen=True, slots=True)
class StepFunction:
    """A whole number that changes at instants, and holds from each instant on.

    Make one with `from_changes` or `constant`. The stored form is canonical (UTC, ascending, every step
    to a new value), so two step functions are equal exactly when they agree at every instant.
    """

    opening: int = 0
    steps: tuple[Step, ...] = ()

    @classmethod
    def from_changes(cls, changes: Iterable[tuple[datetime, int]], *, opening: int = 0) -> Self:
        """Return the function that starts at `opening` and rises by each delta at its instant.

        Changes come in any order. Those at one instant are one step, whatever their order.
        Raises TypeError for a delta that is not an `int` or an instant that is not a `datetime`,
        ValueError for an instant without an offset from UTC.
        """
        deltas: defaultdict[datetime, int] = defaultdict(int)
        for at, delta in changes:
            # What is as it should be, as nearly everything is, is not sent through a function: this runs often.
            instant = at if type(at) is datetime and at.tzinfo is UTC else require_instant(at)
            deltas[instant] += delta if type(delta) is int else _require_count(delta)
        value = _require_count(opening)
        steps = []
        for at in sorted(deltas):
            if deltas[at]:
                value += deltas[at]
                steps.append(Step(at, value))
        return cls(opening, tuple(steps))

    @classmethod
    def constant(cls, value: int) -> Self:
        return cls.from_changes((), opening=value)

    @classmethod
    def total(cls, functions: Iterable[Self]) -> Self:
        """Return the sum of all `functions`; of none it is 0 at every instant."""
        known = tuple(functions)
        changes = (change for function in known for change in function.changes)
        return cls.from_changes(changes, opening=sum(function.opening for function in known))

    @property
    def changes(self) -> tuple[Change, ...]:
        """Return the steps as rises and falls: `from_changes(f.changes, opening=f.opening) == f`."""
        values = (self.opening, *(step.value for step in self.steps))
        return tuple(
            Change(step.at, step.value - before) for before, step in zip(values, self.steps, strict=False)
        )

    def value_at(self, instant: datetime) -> int:
        """Return the value at `instant`; a change at that very instant has happened."""
        done = bisect_right(self.steps, require_instant(instant), key=_instant_of)
        return self.steps[done - 1].value if done else self.opening

    def steps_within(self, start: datetime, end: datetime) -> tuple[int, tuple[Step, ...]]:
        """Return the value at `start`, and the steps after it and before `end`, in order."""
        steps = self.steps
        if not steps or start < steps[0].at <= steps[-1].at < end:
            return self.opening, steps  # all of them, as of what was read for one period
        first = bisect_right(steps, start, key=_instant_of)
        last = bisect_left(steps, end, lo=first, key=_instant_of)
        return steps[first - 1].value if first else self.opening, steps[first:last]

    def spans(self, start: datetime, end: datetime) -> Iterator[Span]:
        """Yield the stretches of unchanging value that tile [start, end), in order.

        Yields nothing when start equals end. Raises ValueError when end is before start.
        """
        start, end = require_instant(start), require_instant(end)
        if end < start:
            raise ValueError(f"{end.isoformat()} is before {start.isoformat()}.")
        value, within = self.steps_within(start, end)
        starts = (Step(start, value), *within)
        ends = (*(step.at for step in within), end)
        return (Span(at, until, value) for (at, value), until in zip(starts, ends, strict=True) if at < until)

    def seat_seconds(self, start: datetime, end: datetime) -> Fraction:
        """Return the area over [start, end) in seat-seconds, exactly.

        Raises ValueError when end is before start.
        """
        tick = timedelta(microseconds=1)
        ticks = sum(value * ((until - since) // tick) for since, until, value in self.spans(start, end))
        return Fraction(ticks, 1_000_000)

    def peak(self, start: datetime, end: datetime) -> int:
        """Return the highest value within [start, end). Raises ValueError when no instant lies within."""
        return max(self._values(start, end))

    def lowest(self, start: datetime, end: datetime) -> int:
        """Return the lowest value within [start, end). Raises ValueError when no instant lies within."""
        return min(self._values(start, end))

    def __add__(self, other: Self) -> Self:
        return self._combine(other, add)

    def __sub__(self, other: Self) -> Self:
        return self._combine(other, sub)

    def __neg__(self) -> Self:
        return type(self).constant(0) - self

    def maximum(self, other: Self) -> Self:
        """Return the function that is at every instant the higher of the two."""
        return self._combine(other, max)

    def minimum(self, other: Self) -> Self:
        """Return the function that is at every instant the lower of the two."""
        return self._combine(other, min)

    def _combine(self, other: Self, combine: Callable[[int, int], int]) -> Self:
        mine, theirs = dict(self.steps), dict(other.steps)
        value, other_value = self.opening, other.opening
        opening = before = combine(value, other_value)
        changes = []
        for at in sorted(mine.keys() | theirs.keys()):
            value, other_value = mine.get(at, value), theirs.get(at, other_value)
            after = combine(value, other_value)
            changes.append((at, after - before))
            before = after
        return self.from_changes(changes, opening=opening)

    def _values(self, start: datetime, end: datetime) -> Iterator[int]:
        if require_instant(start) == require_instant(end):
            raise ValueError(f"No instant lies between {start.isoformat()} and itself.")
        return (span.value for span in self.spans(start, end))


def _require_count(value: object) -> int:
    if type(value) is not int:
        raise TypeError(f"Seats are counted in whole numbers, not in {value!r}.")
    return value


def _instant_of(step: Step) -> datetime:
    return step.at
