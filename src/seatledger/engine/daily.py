"""How many seats a day counts: step functions over instants become numbers per day of a zone."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from seatledger.engine.periods import Period, starts_of_days
from seatledger.engine.prices import NOTHING
from seatledger.engine.stretches import STRETCH, Stretch
from seatledger.engine.timeline import StepFunction


class DayRule(StrEnum):
    """Which of a day's values is the one that counts."""

    ANY_MOMENT = "any_moment"  # the day's highest value: a day counts for a seat held at any moment of it
    CLOSING = "closing"  # the value as the day ends: the day a seat ends does not count for it


class Run(NamedTuple):
    """A stretch of days that all count the same number of seats."""

    period: Period
    seats: int


def count_by_day(
    seats: StepFunction, period: Period, zone: ZoneInfo, rule: DayRule = DayRule.ANY_MOMENT
) -> tuple[Run, ...]:
    """Return how many seats each day of `period` counts, as runs that tile it; neighbours differ.

    Days are days of `zone`. Seats are told apart by their number alone: one released in the morning and
    another taken in the afternoon are one seat that day. A day the zone left out counts as the day before ended.
    """
    levels = levels_by_day(seats, starts_of_days(period, zone), (0, period.days), rule)
    first = period.starts_on
    return tuple(
        Run(Period(first + timedelta(days=start), first + timedelta(days=end)), level)
        for start, end, level in levels
    )


def seat_days(seats: StepFunction, period: Period, zone: ZoneInfo, rule: DayRule = DayRule.ANY_MOMENT) -> int:
    """Return the area over `period` in seat-days: the sum, over its days, of the seats each day counts."""
    return sum(run.period.days * run.seats for run in count_by_day(seats, period, zone, rule))


def levels_by_day(
    seats: StepFunction, starts: Sequence[datetime], part: tuple[int, int], rule: DayRule
) -> tuple[Stretch, ...]:
    """Return how many seats each day counts, as stretches that tile the days from one number up to another.

    Days are numbered by their place in `starts`, which ends with the instant after the last one. This is the
    form for many accounts at once: the starts of a period's days are found once, and the rest is counting.
    """
    day, last = part
    value, steps = seats.steps_within(starts[day], starts[last])
    if not steps:
        return (STRETCH((day, last, value)),)
    counted, closing = value, rule is DayRule.CLOSING
    stretches: list[Stretch] = []
    since, level = day, NOTHING  # what the days from `since` on count, as far as is known
    for at, after in (*steps, (starts[last], value)):
        changed_on = bisect_right(starts, at, day, last + 1) - 1
        if changed_on > day:
            # The day before is over, and those up to the change count what it left.
            if counted != level:
                if day > since:
                    stretches.append(STRETCH((since, day, level)))
                since, level = day, counted
            if value != level and day + 1 < changed_on:
                stretches.append(STRETCH((since, day + 1, level)))
                since, level = day + 1, value
            day = changed_on
            # A change at midnight sharp leaves the day nothing of the value before.
            counted = after if at == starts[day] else value
        value = after
        if after > counted or closing:
            counted = after
    stretches.append(STRETCH((since, last, level)))
    return tuple(stretches)
