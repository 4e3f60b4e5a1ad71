from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.strategies import FIRST_DAY, LAST_DAY, days, intervals, periods
from seatledger.engine.periods import Interval, Period, Schedule, Unit, add_months

MONTHLY = Interval(Unit.MONTH)
NINE_YEARS = Period(FIRST_DAY, LAST_DAY + timedelta(days=1))

schedules = st.builds(Schedule, days, intervals)


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("day", range(1, 32))
def test_periods_tile_the_calendar_for_every_anchor(day, unit):
    parts = list(Schedule(date(2024, 1, day), Interval(unit)).tile(NINE_YEARS))
    assert parts[0].starts_on == NINE_YEARS.starts_on
    assert parts[-1].ends_on == NINE_YEARS.ends_on
    assert all(before.ends_on == after.starts_on for before, after in pairwise(parts))


@given(schedules, periods(longest=3000))
def test_tiles_cover_each_day_once(schedule, whole):
    parts = list(schedule.tile(whole))
    assert sum(part.days for part in parts) == whole.days
    assert all(part == schedule.period_of(part.starts_on).overlap(whole) for part in parts)


@given(schedules, days)
def test_the_period_of_a_day_contains_it(schedule, day):
    index = schedule.index_of(day)
    assert schedule.period_of(day) == schedule.period(index)
    assert schedule.period(index).contains(day)
    assert not schedule.period(index + 1).contains(day)


@given(schedules, st.integers(-40, 40))
def test_periods_adjoin(schedule, index):
    assert schedule.period(index).ends_on == schedule.period(index + 1).starts_on
    assert schedule.index_of(schedule.period(index).starts_on) == index
    assert schedule.index_of(schedule.period(index).last_day) == index


@given(schedules, days, days)
def test_the_periods_between_two_days_are_those_that_lie_there(schedule, first, last):
    indexes = range(schedule.index_of(first), schedule.index_of(last) + 1)
    assert schedule.between(first, last) == tuple(schedule.period(index) for index in indexes)


@given(schedules, days)
def test_the_periods_that_follow_a_day_begin_with_its_own(schedule, day):
    index = schedule.index_of(day)
    assert schedule.following(day) == tuple(schedule.period(index + number) for number in range(3))


@given(schedules)
def test_period_number_0_starts_on_the_anchor(schedule):
    assert schedule.period(0).starts_on == schedule.anchor
    assert schedule.period(-1).ends_on == schedule.anchor


@given(periods(), periods())
def test_an_overlap_is_what_both_contain(one, other):
    shared = one.overlap(other)
    assert shared == other.overlap(one)
    both = {day for day in days_of(one) if other.contains(day)}
    assert both == (days_of(shared) if shared else set())


def days_of(period):
    return {period.starts_on + timedelta(days=offset) for offset in range(period.days)}


def test_the_31st_of_january_does_not_drift():
    schedule = Schedule(date(2027, 1, 31), MONTHLY)
    starts = [schedule.period(index).starts_on for index in range(15)]
    assert [f"{day:%d %b}" for day in starts] == [
        *("31 Jan", "28 Feb", "31 Mar", "30 Apr", "31 May", "30 Jun", "31 Jul", "31 Aug"),
        *("30 Sep", "31 Oct", "30 Nov", "31 Dec", "31 Jan", "29 Feb", "31 Mar"),
    ]


def test_a_leap_day_comes_back_every_four_years():
    schedule = Schedule(date(2024, 2, 29), Interval(Unit.YEAR))
    assert [str(schedule.period(index).starts_on) for index in (0, 1, 4)] == [
        "2024-02-29",
        "2025-02-28",
        "2028-02-29",
    ]


@pytest.mark.parametrize(
    ("interval", "text"),
    [
        (Interval(Unit.DAY), "2026-11-21 to 2026-11-21"),
        (Interval(Unit.WEEK), "2026-11-16 to 2026-11-22"),
        (Interval(Unit.MONTH), "2026-11-01 to 2026-11-30"),
        (Interval(Unit.MONTH, 2), "2026-11-01 to 2026-12-31"),
        (Interval(Unit.QUARTER), "2026-10-01 to 2026-12-31"),
        (Interval(Unit.QUARTER, 2), "2026-07-01 to 2026-12-31"),
        (Interval(Unit.YEAR), "2026-01-01 to 2026-12-31"),
    ],
)
def test_calendar_periods_begin_where_the_calendar_does(interval, text):
    assert str(Schedule.by_calendar(interval).period_of(date(2026, 11, 21))) == text


def test_a_contract_that_starts_within_a_calendar_period_has_a_short_first_one():
    schedule = Schedule.by_calendar(Interval(Unit.QUARTER))
    first, second = schedule.tile(Period(date(2026, 2, 10), date(2026, 7, 1)))
    assert (str(first), str(second)) == ("2026-02-10 to 2026-03-31", "2026-04-01 to 2026-06-30")
    assert schedule.period_of(first.starts_on).days == 90


@given(days, st.integers(-1200, 1200))
def test_adding_months_keeps_the_day_or_takes_the_last(day, months):
    result = add_months(day, months)
    assert (result.year * 12 + result.month) - (day.year * 12 + day.month) == months
    assert result.day == day.day or (result + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    "bounds", [(date(2026, 1, 2), date(2026, 1, 1)), (date(2026, 1, 1), date(2026, 1, 1))]
)
def test_a_period_has_days(bounds):
    with pytest.raises(ValueError, match="ends after it starts"):
        Period(*bounds)


@pytest.mark.parametrize("count", [0, -1, 1.5, True, "1"])
def test_an_interval_counts_whole_units(count):
    with pytest.raises(ValueError, match="at least one"):
        Interval(Unit.MONTH, count)


@pytest.mark.parametrize("unit", Unit)
def test_the_calendar_ends(unit):
    with pytest.raises(ValueError, match="outside the calendar"):
        Interval(unit).after(date(9999, 12, 31))
    with pytest.raises(ValueError, match="outside the calendar"):
        Interval(unit).after(date(1, 1, 1), -1)


def test_an_interval_reads_as_people_say_it():
    assert [str(Interval(Unit.MONTH)), str(Interval(Unit.WEEK, 2))] == ["month", "2 weeks"]
