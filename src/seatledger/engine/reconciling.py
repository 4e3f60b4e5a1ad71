"""Reconciling: what a line's amount is made of, from the seats at the start through every day they changed."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from operator import itemgetter
from typing import Final, NamedTuple

from seatledger.engine.amounts import add_totals, total_of_area, totals_of_rectangle
from seatledger.engine.billing import find_target
from seatledger.engine.days import day_of, start_of_day
from seatledger.engine.items import Item
from seatledger.engine.layers import Rectangle
from seatledger.engine.lines import Area, Line
from seatledger.engine.prices import NOTHING, Exact
from seatledger.engine.stretches import Stretch, level_at, merge
from seatledger.engine.targets import Seats
from seatledger.engine.timeline import StepFunction

_ONE_DAY = timedelta(days=1)
_ONE_TICK = timedelta(microseconds=1)
Levels = tuple[Stretch, ...]


class Reason(StrEnum):
    """Why a part of an amount is there."""

    AT_START = "at_start"  # the seats that were there when the period began
    CHANGE = "change"  # what changed on one day
    TERMS = "terms"  # the plan, the price or the end that was agreed changed
    CHARGED_BEFORE = "charged_before"  # what was charged for the same period before


class Counts(NamedTuple):
    """How many seats are bought, and how many of them held."""

    bought: int
    held: int


NO_SEATS: Final = Counts(0, 0)


@dataclass(frozen=True, slots=True)
class Effect:
    """On the steps from `start` to `end` the seats charged go from `before` to `after`.

    `price` is the difference for a full period, in minor units, exactly.
    """

    start: int
    end: int
    before: int
    after: int
    price: Exact


@dataclass(frozen=True, slots=True)
class Contribution:
    """A part of a line's amount, in minor units: what it comes from, and where in the period it counts.

    `on` is the day of a change; `before` and `after` are the numbers before its first change and after its last.
    """

    reason: Reason
    amount_minor: int
    effects: tuple[Effect, ...] = ()
    on: date | None = None
    before: Counts = NO_SEATS
    after: Counts = NO_SEATS


def reconcile_line(line: Line, item: Item, *, on: date) -> tuple[Contribution, ...]:
    """Return what the amount of `line` is made of, in order of time.

    `item` is what was known when the line was made, and `on` the day of its document. The engine is asked what ought to
    have been charged if nothing had changed since the period began, then once more for each day of a change; what
    each answer adds to the one before is that day's contribution. So they always add up to the line's amount, and
    none of them is rounded by itself.
    """
    worth, zone = _Worth(line), line.scale.zone
    start, end = line.scale.period.instants(zone)
    days = _days_of_change(line, item, start, min(end, start_of_day(on + _ONE_DAY, zone)))
    cuts = [start + _ONE_TICK, *(start_of_day(day + _ONE_DAY, zone) for day in days)]
    states = worth.settle([_state_of(line, item._replace(seats=_cut(item.seats, cut)), on) for cut in cuts])
    found = [_at_start(worth, states[0])]
    for day, (before, after) in zip(days, pairwise(states), strict=True):
        part = worth.contribution(Reason.CHANGE, before.levels, after.levels)
        found.append(replace(part, on=day, before=before.counts, after=after.counts))
    rest = worth.contribution(Reason.TERMS, states[-1].levels, worth.wanted)
    if rest.amount_minor:
        found.append(rest)
    if worth.before_minor:
        found.append(Contribution(Reason.CHARGED_BEFORE, -worth.before_minor))
    return tuple(found)


class _State(NamedTuple):
    """What ought to be charged if nothing more had happened, and the numbers of seats at that time."""

    levels: Levels
    counts: Counts


class _Worth:
    """What levels of seats are worth within the bounds of a line, and which levels its amount leads from and to."""

    def __init__(self, line: Line) -> None:
        self.line = line
        shape = line.shape
        if isinstance(shape, Area):
            self.charged: Levels = ()
            self.wanted: Levels = shape.after
            self.before_minor = total_of_area(+1, shape.before, line.rate, line.scale).rounded
        else:
            self.charged = (Stretch(shape.start, shape.end, shape.before),)
            self.wanted = (Stretch(shape.start, shape.end, shape.after),)
            self.before_minor = 0

    def contribution(self, reason: Reason, low: Levels, high: Levels) -> Contribution:
        """Return what going from one set of levels to another adds to the amount, and where they differ."""
        effects = self._effects(self._within(low), self._within(high))
        return Contribution(reason, self._amount(high) - self._amount(low), tuple(effects))

    def settle(self, states: Sequence[_State]) -> list[_State]:
        """Return the states without what a later change took back within the very line.

        Seats that left and came back are what came back; seats that came and are credited are the credit. What is held
        has no such line: there each day of it counts.
        """
        if isinstance(self.line.shape, Area):
            return list(states)
        pick = max if self.line.is_credit else min
        settled: list[_State] = []
        later: Levels = self._within(states[-1].levels)
        for state in reversed(states):
            own = self._within(state.levels)
            bounds = sorted({bound for part in (*own, *later) for bound in part[:2]})
            later = merge(
                Stretch(start, end, pick(level_at(own, start), level_at(later, start)))
                for start, end in pairwise(bounds)
            )
            settled.append(state._replace(levels=later))
        return settled[::-1]

    def _effects(self, low: Levels, high: Levels) -> list[Effect]:
        rate = self.line.rate
        found: list[Effect] = []
        bounds = sorted({bound for part in (*low, *high) for bound in part[:2]})
        for start, end in pairwise(bounds):
            before, after = level_at(low, start), level_at(high, start)
            last = found[-1] if found else None
            if last and (last.end, last.before, last.after) == (start, before, after):
                found[-1] = replace(last, end=end)
            elif before != after:
                found.append(Effect(start, end, before, after, rate.amount(after) - rate.amount(before)))
        return found

    def _amount(self, levels: Levels) -> int:
        line, shape = self.line, self.line.shape
        if isinstance(shape, Area):
            return total_of_area(+1, levels, line.rate, line.scale).rounded
        low = min(shape.before, shape.after)
        totals = [
            add_totals(
                totals_of_rectangle(Rectangle(start, end, low, level, shape.top), line.rate, line.scale)
            )
            for start, end, level in self._within(levels)
            if level > low
        ]
        return sum(totals)

    def _within(self, levels: Levels) -> Levels:
        """Return the levels without what the line is not about."""
        shape, rate = self.line.shape, self.line.rate
        # No seat is nothing at all, unless there is a minimum or a flat fee to pay for it.
        real = [
            part if part.level > 0 or rate.amount(part.level) else part._replace(level=NOTHING)
            for part in levels
        ]
        if isinstance(shape, Area):
            return merge(real)
        low, high = sorted((shape.before, shape.after))
        bounds = sorted({shape.start, shape.end} | {at for part in real for at in part[:2]})
        inside = [at for at in bounds if shape.start <= at <= shape.end]
        return merge(
            Stretch(start, end, min(max(level_at(real, start), low), high)) for start, end in pairwise(inside)
        )


def _at_start(worth: _Worth, state: _State) -> Contribution:
    part = worth.contribution(Reason.AT_START, worth.charged, state.levels)
    # What was there at the start was charged before: if it is credited, then because something else was agreed.
    if part.amount_minor and isinstance(worth.line.shape, Rectangle) and worth.line.is_credit:
        part = replace(part, reason=Reason.TERMS)
    return replace(part, before=state.counts, after=state.counts)


def _state_of(line: Line, item: Item, on: date) -> _State:
    levels = find_target(item, line.rate, line.scale, on=on)
    return _State(levels, Counts(_closing(item.seats.bought), _closing(item.seats.held)))


def _closing(count: StepFunction) -> int:
    return count.steps[-1].value if count.steps else count.opening


def _days_of_change(line: Line, item: Item, start: datetime, end: datetime) -> list[date]:
    """Return the days after `start` on which the number that the line counts changed."""
    if isinstance(line.shape, Area):
        counted = [item.seats.held, *item.seats.holders]
    elif any(phase.tariff.true_up for phase in item.phases):
        counted = [item.seats.bought, item.seats.held]
    else:
        counted = [item.seats.bought]
    steps = (step for count in counted for step in count.steps_within(start, end)[1])
    return sorted({day_of(step.at, line.scale.zone) for step in steps})


def _cut(seats: Seats, until: datetime) -> Seats:
    return Seats(
        _cut_one(seats.bought, until),
        _cut_one(seats.held, until),
        tuple(_cut_one(holder, until) for holder in seats.holders),
    )


def _cut_one(count: StepFunction, until: datetime) -> StepFunction:
    steps = count.steps
    if not steps or steps[-1].at < until:
        return count
    return StepFunction(count.opening, steps[: bisect_left(steps, until, key=itemgetter(0))])
