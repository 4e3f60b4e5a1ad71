"""Periods of days, and the schedules that repeat them."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final, Self
from zoneinfo import ZoneInfo

from seatledger.engine.days import require_day, start_of_day


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from `starts_on`, which is in, to `ends_on`, which is out.

    Raises TypeError when a bound is not a day (a `datetime` is none), ValueError when no day lies between.
    """

    starts_on: date
    ends_on: date

    def __post_init__(self) -> None:
        if require_day(self.starts_on) >= require_day(self.ends_on):
            raise ValueError(f"A period ends after it starts; {self.starts_on} to {self.ends_on} does not.")

    def __str__(self) -> str:
        return f"{self.starts_on} to {self.last_day}"

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days

    @property
    def last_day(self) -> date:
        return self.ends_on - timedelta(days=1)

    def contains(self, day: date) -> bool:
        return self.starts_on <= require_day(day) < self.ends_on

    def overlap(self, other: Self) -> Self | None:
        """Return the days in both periods, or None."""
        starts_on, ends_on = max(self.starts_on, other.starts_on), min(self.ends_on, other.ends_on)
        return replace(self, starts_on=starts_on, ends_on=ends_on) if starts_on < ends_on else None

    def instants(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return the first instant of the period in `zone`, and the first one after it, in UTC."""
        return start_of_day(self.starts_on, zone), start_of_day(self.ends_on, zone)


class Unit(StrEnum):
    """What an interval counts."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_DAYS_IN: Final = {Unit.DAY: 1, Unit.WEEK: 7}
_MONTHS_IN: Final = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}


def add_months(anchor: date, months: int) -> date:
    """Return the same day of the month, `months` later (earlier if negative), or that month's last day.

    Count from the anchor each time, never from a result: 31 January, plus one month, plus one month is
    28 March, but 31 January plus two months is 31 March.
    Raises ValueError when the result lies outside the years 1 to 9999.
    """
    years, month_index = divmod(require_day(anchor).month - 1 + months, 12)
    year, month = anchor.year + years, month_index + 1
    if not date.min.year <= year <= date.max.year:
        raise ValueError(f"Year {year} lies outside the calendar.")
    return date(year, month, min(anchor.day, monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class Interval:
    """How long a period lasts: `Interval(Unit.MONTH)`, or `Interval(Unit.WEEK, 2)` for a fortnight.

    Raises ValueError when `count` is not a whole number of at least one.
    """

    unit: Unit
    count: int = 1

    def __post_init__(self) -> None:
        if type(self.count) is not int or self.count < 1:
            raise ValueError("An interval counts at least one day, week, month, quarter or year.")

    def __str__(self) -> str:
        return str(self.unit) if self.count == 1 else f"{self.count} {self.unit}s"

    @property
    def months(self) -> int:
        """The length in months, or 0 when the interval is a number of days."""
        return _MONTHS_IN.get(self.unit, 0) * self.count

    @property
    def days(self) -> int:
        """The length in days, or 0 when the interval is a number of months."""
        return _DAYS_IN.get(self.unit, 0) * self.count

    def after(self, anchor: date, times: int = 1) -> date:
        """Return the day `times` intervals after `anchor` (before it if negative).

        Raises ValueError when that day lies outside the years 1 to 9999.
        """
        if self.months:
            return add_months(anchor, self.months * times)
        try:
            return require_day(anchor) + timedelta(days=self.days * times)
        except OverflowError:
            raise ValueError(f"{times} x {self} from {anchor} lies outside the calendar.") from None


# The first day of a week, a month, a quarter, a year and a century at once.
CALENDAR_ANCHOR: Final = date(2001, 1, 1)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Periods of one length that tile the calendar, before and after the anchor.

    Every bound is counted from the anchor, so an anchor on the 31st never drifts:
    31 January, 28 or 29 February, 31 March, 30 April, ...
    """

    anchor: date
    interval: Interval

    def __post_init__(self) -> None:
        require_day(self.anchor)

    @classmethod
    def by_calendar(cls, interval: Interval) -> Self:
        """Return the schedule of calendar weeks (from Monday), months, quarters or years.

        Multiples are counted from 1 January 2001, so two-month periods start in January, March, ...
        """
        return cls(CALENDAR_ANCHOR, interval)

    def period(self, index: int) -> Period:
        """Return period number `index`; number 0 starts on the anchor, number -1 ends on it."""
        return _period(self, index)

    def index_of(self, day: date) -> int:
        """Return the number of the period in which `day` lies."""
        if self.interval.days:
            return (require_day(day) - self.anchor).days // self.interval.days
        months = (require_day(day).year - self.anchor.year) * 12 + day.month - self.anchor.month
        index = months // self.interval.months
        # Within the month of its bound, a day may still belong to the period before.
        return index if day >= self.period(index).starts_on else index - 1

    def period_of(self, day: date) -> Period:
        """Return the period in which `day` lies."""
        return self.period(self.index_of(day))

    def between(self, first: date, last: date) -> tuple[Period, ...]:
        """Return the periods from the one in which `first` lies to the one in which `last` lies; none if it is earlier."""
        return _periods(self, first, last)

    def following(self, day: date) -> tuple[Period, ...]:
        """Return the period in which `day` lies and the two after it."""
        return _following(self, day)

    def tile(self, whole: Period) -> Iterator[Period]:
        """Yield the periods of the schedule within `whole`, the first and the last cut to fit."""
        index = self.index_of(whole.starts_on)
        while (full := self.period(index)).starts_on < whole.ends_on:
            part = full.overlap(whole)
            assert part is not None, "periods that begin before the end overlap"
            yield part
            index += 1


# Many accounts share their periods, so each is worked out once.
@lru_cache(maxsize=16_384)
def _period(schedule: Schedule, index: int) -> Period:
    interval, anchor = schedule.interval, schedule.anchor
    return Period(interval.after(anchor, index), interval.after(anchor, index + 1))


@lru_cache(maxsize=1024)
def _periods(schedule: Schedule, first: date, last: date) -> tuple[Period, ...]:
    found = []
    index = schedule.index_of(first)
    while (period := schedule.period(index)).starts_on <= last:
        found.append(period)
        index += 1
    return tuple(found)


@lru_cache(maxsize=16_384)
def _following(schedule: Schedule, day: date) -> tuple[Period, ...]:
    index = schedule.index_of(day)
    return tuple(schedule.period(index + number) for number in range(3))


@lru_cache(maxsize=1024)
def starts_of_days(period: Period, zone: ZoneInfo) -> tuple[datetime, ...]:
    """Return the first instant of each day of `period` in `zone`, and the first one after the period, in UTC."""
    return tuple(
        start_of_day(period.starts_on + timedelta(days=number), zone) for number in range(period.days + 1)
    )
