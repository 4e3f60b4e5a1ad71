"""What an item comes to a month: the engine's own amounts, said for a month and never rounded on the way."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.contracts import active, per_seat
from engine.test_contract_laws import contracts
from seatledger.engine.billing import bill_item
from seatledger.engine.equivalents import exact_a_month
from seatledger.engine.events import Cancelled, PlanChanged, seats_of
from seatledger.engine.items import Item, Phase
from seatledger.engine.periods import Interval, Schedule, Unit
from seatledger.engine.phases import phases_of
from seatledger.engine.policies import CountingRule
from seatledger.engine.rates import Discount, Reduction
from seatledger.engine.recurring import find_recurring
from seatledger.engine.targets import Seats
from seatledger.engine.timeline import StepFunction

LONDON = ZoneInfo("Europe/London")
YEAR = Interval(Unit.YEAR)


def instant(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def phase(tariff, starts="2026-01-10", ends=None):
    schedule = Schedule(date.fromisoformat(starts), tariff.interval)
    return Phase(tariff, schedule, LONDON, instant(starts), instant(ends) if ends else None)


def seats(*changes):
    function = StepFunction.from_changes([(instant(at), delta) for at, delta in changes])
    return Seats(bought=function, held=function)


def a_month(phases, held, before):
    found = find_recurring(phases, held, before=instant(before))
    return found and found.a_month


@pytest.mark.parametrize(
    ("amount", "interval", "expected"),
    [
        (20_000, YEAR, Fraction(20_000, 12)),
        (700, Interval(Unit.WEEK), Fraction(700 * 365, 12 * 7)),
        (100, Interval(Unit.DAY), Fraction(100 * 365, 12)),
        (2_400, Interval(Unit.MONTH, 2), 1_200),
        (Fraction(5, 2), Interval(Unit.QUARTER), Fraction(5, 6)),
    ],
)
def test_a_month_is_a_twelfth_of_a_year(amount, interval, expected):
    assert exact_a_month(amount, interval) == expected


def test_three_prices_by_the_year_add_up_to_fifty_and_not_to_three_times_what_is_shown():
    yearly = phase(per_seat(20_000, interval=YEAR))
    one = a_month([yearly], seats(("2026-01-10", 1)), "2026-02-01")
    assert round(float(one), 2) == 1666.67
    assert 3 * one == 5_000


def test_seats_bought_ahead_count_from_the_instant_they_are_bought():
    phases, bought = [phase(per_seat(1_200))], seats(("2026-01-10", 5), ("2026-01-31T23:59", 2))
    assert a_month(phases, bought, "2026-01-10") is None  # nothing yet, just before it begins
    assert a_month(phases, bought, "2026-01-31") == 6_000
    assert a_month(phases, bought, "2026-02-01") == 8_400


def test_nothing_counts_once_the_end_has_come():
    phases = [phase(per_seat(1_200), ends="2026-03-10")]
    assert a_month(phases, seats(("2026-01-10", 5)), "2026-03-10") == 6_000  # just before it
    assert a_month(phases, seats(("2026-01-10", 5)), "2026-03-11") is None


def test_a_discount_counts_while_it_lasts():
    half = Discount(Reduction(percent=50), date(2026, 1, 10), date(2026, 3, 10))
    phases, bought = [phase(per_seat(1_200, discounts=(half,)))], seats(("2026-01-10", 5))
    assert [a_month(phases, bought, on) for on in ("2026-03-01", "2026-03-10", "2026-03-11")] == [
        3_000,
        3_000,
        6_000,
    ]


def test_seats_in_arrears_count_as_the_last_full_period_was_charged():
    phases = [phase(active(1_000, counting=CountingRule.PEAK))]
    held = seats(("2026-01-10", 3), ("2026-02-01", 4), ("2026-02-05", -2), ("2026-02-20", 8))
    assert a_month(phases, held, "2026-02-10") == 7_000  # 10 January to 9 February: seven at most
    assert a_month(phases, held, "2026-03-09") == 7_000
    assert a_month(phases, held, "2026-03-10") == 13_000


def test_until_its_first_full_period_an_item_in_arrears_counts_as_it_did_before():
    joined = [phase(active(1_000))]
    assert a_month(joined, seats(("2026-01-10", 3)), "2026-02-01") is None
    ahead = phase(per_seat(500), ends="2026-02-20")
    moved = [ahead, phase(active(1_000), starts="2026-02-20")]
    assert a_month(moved, seats(("2026-01-10", 3)), "2026-03-01") == 1_500
    assert a_month(moved, seats(("2026-01-10", 3)), "2026-03-20") == 3_000


def facts_of(agreed):
    """Return the phases and the seats of a contract with one item."""
    (agreement,) = agreed.agreements
    changes = [event for event in agreed.events if isinstance(event, PlanChanged | Cancelled)]
    starts_at = min(event.at for event in agreed.events)
    return (
        phases_of(agreement.plan, agreed.zone, starts_at=starts_at, events=changes),
        seats_of(agreed.events),
    )


@given(contracts(), st.dates(date(2026, 2, 1), date(2026, 9, 30)))
def test_it_is_always_what_a_full_period_is_charged(agreed, day):
    """Whatever was agreed: seats ahead cost their rate, seats in arrears what the engine bills for their period."""
    phases, known = facts_of(agreed)
    before = datetime(day.year, day.month, day.day, tzinfo=UTC)
    found = find_recurring(phases, known, before=before)
    assume(found is not None)
    tariff = found.phase.tariff
    if found.period:
        lines = bill_item(Item("seat", known, (found.phase,)), on=found.period.ends_on, charged=())
        amount = sum(line.amount_minor for line in lines if line.scale.period == found.period)
        assert found.phase.has_part_of(found.period)
    else:
        last = before - timedelta(microseconds=1)
        if found.phase.ends_at and found.phase.ends_at < before:
            last = found.phase.ends_at - timedelta(microseconds=1)
        amount = tariff.rate_on(last.astimezone(agreed.zone).date()).amount(known.bought.value_at(last))
    assert found.amount == amount
    assert found.a_month == exact_a_month(amount, tariff.interval)
