from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.strategies import busy_periods, step_functions, zones
from seatledger.engine.daily import DayRule, Run, count_by_day, seat_days
from seatledger.engine.days import start_of_day
from seatledger.engine.periods import Period
from seatledger.engine.timeline import StepFunction

ONE_DAY = timedelta(days=1)
rules = st.sampled_from(DayRule)


@given(step_functions, busy_periods, zones, rules)
def test_counting_by_runs_equals_counting_day_by_day(seats, period, zone, rule):
    naive = [
        naive_count(seats, period.starts_on + offset * ONE_DAY, zone, rule) for offset in range(period.days)
    ]
    runs = count_by_day(seats, period, zone, rule)
    assert [run.seats for run in runs for _ in range(run.period.days)] == naive
    assert seat_days(seats, period, zone, rule) == sum(naive)


def naive_count(seats, day, zone, rule):
    start, end = start_of_day(day, zone), start_of_day(day + ONE_DAY, zone)
    within = [
        seats.value_at(start),
        *(seats.value_at(change.at) for change in seats.changes if start < change.at < end),
    ]
    return max(within) if rule is DayRule.ANY_MOMENT else within[-1]


@given(step_functions, busy_periods, zones, rules)
def test_runs_tile_the_period(seats, period, zone, rule):
    runs = count_by_day(seats, period, zone, rule)
    assert (runs[0].period.starts_on, runs[-1].period.ends_on) == (period.starts_on, period.ends_on)
    assert all(before.period.ends_on == after.period.starts_on for before, after in pairwise(runs))
    assert all(before.seats != after.seats for before, after in pairwise(runs))


@given(step_functions, busy_periods, busy_periods, zones, rules)
def test_seat_days_of_adjoining_periods_add_up(seats, left, right, zone, rule):
    right = Period(left.ends_on, left.ends_on + right.days * ONE_DAY)
    both = Period(left.starts_on, right.ends_on)
    apart = seat_days(seats, left, zone, rule) + seat_days(seats, right, zone, rule)
    assert apart == seat_days(seats, both, zone, rule)


@given(step_functions, busy_periods, zones)
def test_a_seat_taken_and_released_on_one_day_counts_only_at_any_moment(seats, period, zone):
    noon = start_of_day(period.starts_on, zone) + timedelta(hours=12)
    visit = StepFunction.from_changes([(noon, 50), (noon + timedelta(hours=1), -50)])
    assert seat_days(seats + visit, period, zone, DayRule.CLOSING) == seat_days(
        seats, period, zone, DayRule.CLOSING
    )
    assert seat_days(seats + visit, period, zone) > seat_days(seats, period, zone)


def test_two_seats_added_in_march():
    seats = StepFunction.from_changes(
        [(datetime(2026, 3, 1, tzinfo=UTC), 10), (datetime(2026, 3, 21, 9, tzinfo=UTC), 2)]
    )
    march = Period(date(2026, 3, 1), date(2026, 4, 1))
    assert count_by_day(seats, march, ZoneInfo("Europe/London")) == (
        Run(Period(date(2026, 3, 1), date(2026, 3, 21)), 10),
        Run(Period(date(2026, 3, 21), date(2026, 4, 1)), 12),
    )
    assert seat_days(seats, march, ZoneInfo("Europe/London")) == 10 * 31 + 2 * 11


@pytest.mark.parametrize(
    ("zone", "day"), [("America/Los_Angeles", date(2026, 11, 1)), ("Europe/Paris", date(2026, 3, 29))]
)
def test_a_day_of_23_or_25_hours_is_one_day(zone, day):
    start, end = Period(day, day + ONE_DAY).instants(ZoneInfo(zone))
    seats = StepFunction.from_changes([(start, 1), (end, -1)])
    assert seat_days(seats, Period(day - ONE_DAY, day + 2 * ONE_DAY), ZoneInfo(zone)) == 1


def test_a_day_the_zone_left_out_is_a_day_of_its_calendar():
    apia, new_year = ZoneInfo("Pacific/Apia"), Period(date(2011, 12, 29), date(2012, 1, 1))
    assert seat_days(StepFunction.constant(1), new_year, apia) == 3
    seats = StepFunction.from_changes([(start_of_day(date(2011, 12, 31), apia), 1)])
    assert seat_days(seats, new_year, apia) == 1
