"""Scales: positions within a period, and how much of the period is left at each."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from seatledger.engine.days import day_of
from seatledger.engine.periods import Period
from seatledger.engine.policies import DayCount

_ONE_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Scale:
    """The positions of one full period: its days, or its seconds, numbered from 0.

    A position is the start of its step. The steps of a thirty-day month are days of unequal weight.
    """

    period: Period
    zone: ZoneInfo
    day_count: DayCount = DayCount.DAYS

    @property
    def size(self) -> int:
        """The number of positions; the position of the period's end."""
        if self.day_count is DayCount.SECONDS:
            start, end = self.period.instants(self.zone)
            return (end - start) // _ONE_SECOND
        return self.period.days

    @property
    def weight(self) -> int:
        """The weight of the full period."""
        return self.weight_left(0)

    def weight_left(self, position: int) -> int:
        """Return the weight of the steps from `position` to the period's end."""
        if self.day_count is DayCount.THIRTY_DAY_MONTH:
            return _day_of_360(self.period.ends_on) - _day_of_360(
                self.period.starts_on + timedelta(days=position)
            )
        return self.size - position

    def position_of(self, instant: datetime) -> int:
        """Return the position of the step in which `instant` lies, held within the period."""
        if self.day_count is DayCount.SECONDS:
            position = (instant - self.period.instants(self.zone)[0]) // _ONE_SECOND
        else:
            position = (day_of(instant, self.zone) - self.period.starts_on).days
        return min(max(position, 0), self.size)

    def position_of_day(self, day: date) -> int:
        """Return the position at which `day` starts, held within the period."""
        if self.day_count is DayCount.SECONDS:
            inside = min(max(day, self.period.starts_on), self.period.ends_on)
            return (
                0
                if inside == self.period.starts_on
                else _seconds(Period(self.period.starts_on, inside), self.zone)
            )
        return min(max((day - self.period.starts_on).days, 0), self.size)

    def point(self, position: int) -> date | datetime:
        """Return the day, or for seconds the instant in UTC, at which the step at `position` starts."""
        if self.day_count is DayCount.SECONDS:
            return self.period.instants(self.zone)[0] + position * _ONE_SECOND
        return self.period.starts_on + timedelta(days=position)


def _seconds(period: Period, zone: ZoneInfo) -> int:
    start, end = period.instants(zone)
    return (end - start) // _ONE_SECOND


def _day_of_360(day: date) -> int:
    """Return the number of the day where every month has 30 days; the 31st is one with the 30th."""
    return 360 * day.year + 30 * day.month + min(day.day, 30)
