from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from engine.strategies import days, instants, periods, zones
from seatledger.engine.days import day_of, require_day, require_instant, start_of_day
from seatledger.engine.periods import Period

ONE_DAY = timedelta(days=1)


@given(instants, zones)
def test_each_instant_lies_in_one_day(instant, zone):
    day = day_of(instant, zone)
    assert start_of_day(day, zone) <= instant < start_of_day(day + ONE_DAY, zone)
    assert day == instant.astimezone(zone).date()


@given(days, zones)
def test_a_day_begins_at_its_first_instant(day, zone):
    start = start_of_day(day, zone)
    assert start.tzinfo is UTC
    assert day_of(start, zone) == day
    assert day_of(start - timedelta(microseconds=1), zone) == day - ONE_DAY


@given(periods(), zones)
def test_adjoining_periods_share_an_instant(period, zone):
    following = Period(period.ends_on, period.ends_on + ONE_DAY)
    assert period.instants(zone)[1] == following.instants(zone)[0]


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("America/Los_Angeles", date(2026, 3, 8), 23),
        ("America/Los_Angeles", date(2026, 11, 1), 25),
        ("Europe/Paris", date(2026, 3, 29), 23),
        ("Europe/Paris", date(2026, 10, 25), 25),
        ("Africa/Cairo", date(2026, 4, 24), 23),  # midnight itself is skipped
        ("Australia/Lord_Howe", date(2026, 10, 4), 23.5),
        ("Asia/Tokyo", date(2026, 3, 29), 24),
    ],
)
def test_days_are_as_long_as_the_clocks_make_them(zone, day, hours):
    start, end = Period(day, day + ONE_DAY).instants(ZoneInfo(zone))
    assert end - start == timedelta(hours=hours)


def test_a_day_that_a_zone_left_out_has_no_instants():
    apia = ZoneInfo("Pacific/Apia")
    assert start_of_day(date(2011, 12, 30), apia) == start_of_day(date(2011, 12, 31), apia)


def test_a_clock_moved_back_across_midnight_does_not_bring_yesterday_back():
    newfoundland = ZoneInfo("America/St_Johns")  # until 2011 its clocks went back at 00:01
    assert day_of(datetime(2010, 11, 7, 2, 45, tzinfo=UTC), newfoundland) == date(2010, 11, 7)


@pytest.mark.parametrize("value", [datetime(2026, 1, 1, tzinfo=UTC), "2026-01-01", 20260101, None])
def test_only_a_date_is_a_day(value):
    with pytest.raises(TypeError, match="A day is a date without a time"):
        require_day(value)
    with pytest.raises(TypeError, match="A day is a date without a time"):
        Period(date(2025, 1, 1), value)


def test_an_instant_says_its_offset():
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 -- the refusal of exactly this is what is tested
    with pytest.raises(ValueError, match="does not say its offset"):
        require_instant(naive)
    with pytest.raises(TypeError, match="An instant is a datetime"):
        require_instant(date(2026, 1, 1))
    tokyo = datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert require_instant(tokyo).isoformat() == "2025-12-31T15:00:00+00:00"
