"""Targets: the levels of seats that a period ought to be charged for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import accumulate, pairwise
from typing import NamedTuple

from seatledger.engine.daily import levels_by_day
from seatledger.engine.periods import Interval, Period, Schedule
from seatledger.engine.policies import (
    CountingRule,
    DayCount,
    Decrease,
    Increase,
    IncreaseCharge,
    IncreaseFrom,
    Policy,
)
from seatledger.engine.scales import Scale
from seatledger.engine.stretches import Stretch, merge
from seatledger.engine.timeline import StepFunction


class Seats(NamedTuple):
    """All that is known of an item's seats.

    `bought` is how many the account is entitled to, `held` how many are assigned. `holders` are the parts
    of `held` of which it is known whose they are, one function each.
    """

    bought: StepFunction = StepFunction()
    held: StepFunction = StepFunction()
    holders: tuple[StepFunction, ...] = ()


class TrueUpCharge(StrEnum):
    """What a true-up charges for the seats held beyond those paid."""

    WINDOW = "window"  # the window in which they were held
    REST_OF_PERIOD = "rest_of_period"  # the days from the end of that window to the end of the period


@dataclass(frozen=True, slots=True)
class TrueUp:
    """A look back, at the end of each window, at the most seats held at once in it.

    Windows are counted from the start of each period, and the last one is cut at its end.
    """

    every: Interval
    charge: TrueUpCharge = TrueUpCharge.WINDOW

    def windows(self, period: Period) -> tuple[Period, ...]:
        return tuple(Schedule(period.starts_on, self.every).tile(period))


class Part(NamedTuple):
    """The positions of a period in which the item is there: from `start` (in) to `end` (out)."""

    start: int
    end: int


def levels_of(seats: StepFunction, scale: Scale, part: Part, policy: Policy) -> tuple[Stretch, ...]:
    """Return the number of seats that each step of `part` counts, as stretches that tile it."""
    if scale.day_count is DayCount.SECONDS:
        start = scale.period.instants(scale.zone)[0]
        bounds = (start + timedelta(seconds=part.start), start + timedelta(seconds=part.end))
        spans = [(scale.position_of(span.start), span.value) for span in seats.spans(*bounds)]
        ends = [*(position for position, _ in spans[1:]), part.end]
        return merge(Stretch(at, end, value) for (at, value), end in zip(spans, ends, strict=True))
    return levels_by_day(seats, scale.starts, part, policy.day_rule)


def target_in_advance(
    seats: Seats, scale: Scale, part: Part, policy: Policy, true_up: tuple[TrueUp, date] | None = None
) -> tuple[Stretch, ...]:
    """Return the levels to charge for the seats bought, as the policy has it.

    `true_up` comes with the day up to which it is done: later windows are not looked at yet.
    """
    levels = levels_of(seats.bought, scale, part, policy)
    if policy.increase_from is IncreaseFrom.RENEWAL:
        levels = _replace_levels(levels, accumulate((stretch.level for stretch in levels), min))
    if policy.decrease is not Decrease.CREDIT and len(levels) > 1:
        levels = _keep_what_is_paid(levels, policy.increase)
    if policy.increase_charge is IncreaseCharge.FULL:
        levels = (Stretch(part.start, part.end, levels[-1].level),)
    if scale.day_count is DayCount.NONE:
        levels = (Stretch(0, scale.size, levels[-1].level),)
    if true_up:
        levels = _raise_to_peaks(levels, seats.held, scale, *true_up)
    return merge(levels)


def target_in_arrears(
    seats: Seats, scale: Scale, part: Part, policy: Policy, counting: CountingRule
) -> tuple[Stretch, ...]:
    """Return the levels to charge for the seats held, as the counting rule has it."""
    if counting is CountingRule.DAILY:
        return levels_of(seats.held, scale, part, policy)
    start, end = _instants_of(scale, part)
    level = _COUNT[counting](seats, start, end)
    bounds = (0, scale.size) if scale.day_count is DayCount.NONE else part
    return (Stretch(*bounds, level),)


def count_ever(seats: Seats, start: datetime, end: datetime) -> int:
    """Return how many held a seat at any time in [start, end).

    A known holder who leaves and returns is counted once. Of seats whose holder is not known, every one
    taken within the interval counts as someone new.
    """
    known = sum(min(holder.peak(start, end), 1) for holder in seats.holders)
    unknown = seats.held - StepFunction.total(seats.holders)
    taken = (max(change.delta, 0) for change in unknown.changes if start < change.at < end)
    return known + unknown.value_at(start) + sum(taken)


def _peak(seats: Seats, start: datetime, end: datetime) -> int:
    return seats.held.peak(start, end)


def _closing(seats: Seats, start: datetime, end: datetime) -> int:
    return list(seats.held.spans(start, end))[-1].value


_COUNT = {
    CountingRule.PEAK: _peak,
    CountingRule.CLOSING: _closing,
    CountingRule.EVER: count_ever,
}


def _instants_of(scale: Scale, part: Part) -> tuple[datetime, datetime]:
    if scale.day_count is DayCount.SECONDS:
        start = scale.period.instants(scale.zone)[0]
        return start + timedelta(seconds=part.start), start + timedelta(seconds=part.end)
    first_day = scale.period.starts_on
    days = Period(first_day + timedelta(days=part.start), first_day + timedelta(days=part.end))
    return days.instants(scale.zone)


def _keep_what_is_paid(levels: Sequence[Stretch], increase: Increase) -> tuple[Stretch, ...]:
    """Return the levels without their falls: what is paid stays paid until the period ends."""
    values = [stretch.level for stretch in levels]
    if increase is Increase.ABOVE_HIGHEST_PAID:
        kept = accumulate(values, max)
    else:
        rises = (max(after - before, 0) for before, after in pairwise(values))
        kept = accumulate(rises, initial=values[0])
    return _replace_levels(levels, kept)


def _replace_levels(levels: Sequence[Stretch], values: Iterable[int]) -> tuple[Stretch, ...]:
    return tuple(Stretch(at, end, value) for (at, end, _), value in zip(levels, values, strict=True))


def _raise_to_peaks(
    levels: Sequence[Stretch], held: StepFunction, scale: Scale, true_up: TrueUp, done_on: date
) -> tuple[Stretch, ...]:
    """Return the levels, raised by every window that ended on or before `done_on`."""
    part = Part(levels[0].start, levels[-1].end)
    raised = tuple(levels)
    for window in true_up.windows(scale.period):
        inside = Part(
            max(scale.position_of_day(window.starts_on), part.start),
            min(scale.position_of_day(window.ends_on), part.end),
        )
        if window.ends_on > done_on or inside.start >= inside.end:
            continue
        peak = held.peak(*_instants_of(scale, inside))
        until_end = true_up.charge is TrueUpCharge.REST_OF_PERIOD
        start, end = (inside.end, part.end) if until_end else inside
        raised = tuple(_raise(raised, Stretch(start, end, peak)))
    return raised


def _raise(levels: Iterable[Stretch], floor: Stretch) -> Iterable[Stretch]:
    for stretch in levels:
        cuts = sorted(
            {stretch.start, stretch.end} | {at for at in floor[:2] if stretch.start < at < stretch.end}
        )
        for start, end in pairwise(cuts):
            inside = floor.start <= start and end <= floor.end
            yield Stretch(start, end, max(stretch.level, floor.level) if inside else stretch.level)
