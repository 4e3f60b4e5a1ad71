"""How many seats a day counts: step functions over instants become numbers per day of a zone."""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby, pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from seatledger.engine.days import day_of
from seatledger.engine.periods import Period
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
    another taken in the afternoon are one seat that day. A day the zone left out counts as the next one begins.
    """
    counted = (
        Run(stretch, _seats_of(seats, stretch, zone, rule)) for stretch in _stretches(seats, period, zone)
    )
    return tuple(_join(list(runs)) for _, runs in groupby(counted, key=lambda run: run.seats))


def seat_days(seats: StepFunction, period: Period, zone: ZoneInfo, rule: DayRule = DayRule.ANY_MOMENT) -> int:
    """Return the area over `period` in seat-days: the sum, over its days, of the seats each day counts."""
    return sum(run.period.days * run.seats for run in count_by_day(seats, period, zone, rule))


def _stretches(seats: StepFunction, period: Period, zone: ZoneInfo) -> Iterator[Period]:
    """Tile `period` so that a day with changes stands alone, and days without them stand together."""
    spans = seats.spans(*period.instants(zone))
    days_of_change = {day_of(span.start, zone) for span in spans}
    bounds: set[date] = {period.starts_on, period.ends_on}
    bounds |= days_of_change | {day + timedelta(days=1) for day in days_of_change}
    within = sorted(day for day in bounds if period.starts_on <= day <= period.ends_on)
    return (Period(starts_on, ends_on) for starts_on, ends_on in pairwise(within))


def _seats_of(seats: StepFunction, stretch: Period, zone: ZoneInfo, rule: DayRule) -> int:
    values = [span.value for span in seats.spans(*stretch.instants(zone))]
    if not values:  # a day without instants
        return seats.value_at(stretch.instants(zone)[0])
    return max(values) if rule is DayRule.ANY_MOMENT else values[-1]


def _join(runs: list[Run]) -> Run:
    return Run(Period(runs[0].period.starts_on, runs[-1].period.ends_on), runs[0].seats)
