from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.strategies import scales
from seatledger.engine.periods import Interval, Period, Schedule, Unit
from seatledger.engine.policies import DayCount
from seatledger.engine.scales import Scale

LONDON = ZoneInfo("Europe/London")


@given(scales(), st.data())
def test_what_is_left_shrinks_to_nothing(scale, data):
    earlier, later = sorted(data.draw(st.tuples(*[st.integers(0, scale.size)] * 2)))
    assert scale.weight_left(earlier) >= scale.weight_left(later) >= scale.weight_left(scale.size) == 0
    assert scale.weight > 0


@given(scales(), st.data())
def test_a_day_starts_at_its_position(scale, data):
    day = scale.period.starts_on + timedelta(days=data.draw(st.integers(0, scale.period.days)))
    start = Period(day, day + timedelta(days=1)).instants(scale.zone)[0]
    assert scale.position_of_day(day) == scale.position_of(start)
    assert scale.point(scale.position_of_day(day)) == (start if scale.day_count is DayCount.SECONDS else day)


def test_days_outside_the_period_are_held_within_it():
    scale = Scale(Period(date(2026, 3, 1), date(2026, 4, 1)), LONDON)
    assert (scale.position_of_day(date(2020, 1, 1)), scale.position_of_day(date(2030, 1, 1))) == (0, 31)


@pytest.mark.parametrize("day", range(1, 29))
def test_months_of_thirty_days(day):
    schedule = Schedule(date(2026, 1, day), Interval(Unit.MONTH))
    for index in range(12):
        assert Scale(schedule.period(index), LONDON, DayCount.THIRTY_DAY_MONTH).weight == 30


@pytest.mark.parametrize(
    ("day", "left"),
    [
        *((date(2026, 2, 1), 30), (date(2026, 2, 16), 15), (date(2026, 2, 27), 4), (date(2026, 2, 28), 3)),
        *((date(2026, 3, 1), 30), (date(2026, 3, 16), 15), (date(2026, 3, 30), 1), (date(2026, 3, 31), 1)),
    ],
)
def test_a_short_and_a_long_month_have_thirty_days(day, left):
    scale = Scale(
        Schedule.by_calendar(Interval(Unit.MONTH)).period_of(day), LONDON, DayCount.THIRTY_DAY_MONTH
    )
    assert scale.weight_left(scale.position_of_day(day)) == left


@pytest.mark.parametrize(("zone", "hours"), [("Europe/Paris", 31 * 24 - 1), ("UTC", 31 * 24)])
def test_seconds_follow_the_clocks(zone, hours):
    scale = Scale(Period(date(2026, 3, 1), date(2026, 4, 1)), ZoneInfo(zone), DayCount.SECONDS)
    assert scale.weight == hours * 3600
