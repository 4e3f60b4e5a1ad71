"""Scales: positions within a period, and how much of the period is left at each."""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from seatledger.engine.periods import Period, starts_of_days
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
    # Found once, because every line of every account with this period asks for them.
    starts: tuple[datetime, ...] = field(init=False, compare=False, repr=False)
    size: int = field(init=False, compare=False, repr=False)
    weight: int = field(init=False, compare=False, repr=False)
    hashed: int = field(init=False, compare=False, repr=False)
    # Whether all steps are of weight one.
    is_even: bool = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Find the instants at which days start, the number of positions, and the weight of the full period."""
        object.__setattr__(self, "hashed", hash((self.period, self.zone, self.day_count)))
        starts = starts_of_days(self.period, self.zone)
        seconds = (starts[-1] - starts[0]) // _ONE_SECOND
        object.__setattr__(self, "starts", starts)
        object.__setattr__(self, "size", seconds if self.day_count is DayCount.SECONDS else self.period.days)
        object.__setattr__(self, "weight", self.weight_left(0))
        object.__setattr__(self, "is_even", self.day_count is not DayCount.THIRTY_DAY_MONTH)

    def __hash__(self) -> int:
        return self.hashed

    def weight_left(self, position: int) -> int:
        """Return the weight of the steps from `position` to the period's end."""
        if self.day_count is DayCount.THIRTY_DAY_MONTH:
            return _day_of_360(self.period.ends_on) - _day_of_360(
                self.period.starts_on + timedelta(days=position)
            )
        return self.size - position

    def weight_between(self, start: int, end: int) -> int:
        """Return the weight of the steps from position `start` to position `end`."""
        return end - start if self.is_even else self.weight_left(start) - self.weight_left(end)

    def position_of(self, instant: datetime) -> int:
        """Return the position of the step in which `instant` lies, held within the period."""
        if self.day_count is DayCount.SECONDS:
            position = (instant - self.starts[0]) // _ONE_SECOND
        else:
            position = bisect_right(self.starts, instant) - 1
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
            return self.starts[0] + position * _ONE_SECOND
        return self.period.starts_on + timedelta(days=position)


@lru_cache(maxsize=4096)
def scale_of(period: Period, zone: ZoneInfo, day_count: DayCount) -> Scale:
    """Return the scale of a period. It is remembered: many accounts share their periods."""
    return Scale(period, zone, day_count)


def _seconds(period: Period, zone: ZoneInfo) -> int:
    start, end = period.instants(zone)
    return (end - start) // _ONE_SECOND


def _day_of_360(day: date) -> int:
    """Return the number of the day where every month has 30 days; the 31st is one with the 30th."""
    return 360 * day.year + 30 * day.month + min(day.day, 30)
