"""What is charged before an item begins, and once it is over."""

from datetime import date

import pytest

from engine.contracts import active, bought, contract, held, instant, invoices, per_seat
from seatledger.engine.events import Cancelled, PlanChanged, When
from seatledger.engine.periods import Interval, Unit
from seatledger.engine.plans import Plan
from seatledger.engine.policies import Decrease, IncreaseFrom, Policy

CREDIT = Policy(decrease=Decrease.CREDIT)
YEARLY = per_seat(20000, key="yearly", interval=Interval(Unit.YEAR))


def cancelled(at, when=When.AT_ONCE, *, told=None):
    return Cancelled(item="seat", at=instant(at), when=when, recorded_at=told and instant(told))


def to_plan(tariff, at, when=When.AT_ONCE):
    return PlanChanged(item="seat", at=instant(at), plan=Plan(tariff), when=when)


@pytest.mark.parametrize("when", When)
@pytest.mark.parametrize("policy", [Policy(), CREDIT])
def test_a_trial_that_is_cancelled_costs_nothing(when, policy):
    events = bought("2026-03-01", 10), cancelled("2026-03-05", when)
    agreed = contract(per_seat(1200, policy=policy), *events, trial_until=date(2026, 3, 15))
    assert invoices(agreed, "2026-12-31") == []


@pytest.mark.parametrize("when", When)
def test_a_trial_of_a_yearly_plan_may_become_a_monthly_one(when):
    events = bought("2026-03-01", 1), to_plan(per_seat(2500, key="monthly"), "2026-03-05", when)
    agreed = contract(YEARLY, *events, trial_until=date(2026, 3, 15))
    assert invoices(agreed, "2026-04-15") == ["2026-03-15 25.00", "2026-04-15 25.00"]


def test_what_was_cancelled_as_it_began_may_begin_again():
    first = bought("2026-03-01", 10), cancelled("2026-03-01")
    assert invoices(contract(per_seat(1200, policy=CREDIT), *first, zone="UTC"), "2026-12-31") == []
    later = bought("2026-03-05", 12), cancelled("2026-03-07"), to_plan(per_seat(1000), "2026-03-09")
    agreed = contract(per_seat(1200, policy=CREDIT), *first, *later, zone="UTC")
    assert invoices(agreed, "2026-04-09") == ["2026-03-09 120.00", "2026-04-09 120.00"]


@pytest.mark.parametrize(
    ("tariff", "events", "expected"),
    [
        (per_seat(1000), [cancelled("2026-02-10", When.AT_PERIOD_END, told="2026-04-05")], "-10.00 + -10.00"),
        (active(1000), [cancelled("2026-02-10", When.AT_PERIOD_END, told="2026-04-05")], "-10.00"),
        (
            active(1000),
            [
                cancelled("2026-03-31T12:00"),
                held("2026-02-15", 2, recorded_at=instant("2026-04-05")),
                held("2026-03-01", 1),
            ],
            "5.00",
        ),
    ],
)
def test_what_is_told_once_all_is_over_waits_for_no_invoice(tariff, events, expected):
    agreed = contract(tariff, bought("2026-01-01", 1), held("2026-01-01", 1), *events, zone="UTC")
    *_, last = invoices(agreed, "2026-12-31")
    assert last.startswith("2026-04-05 ")
    assert last.endswith(expected)


@pytest.mark.parametrize(
    ("policy", "number", "expected"),
    [
        (Policy(increase_from=IncreaseFrom.NEXT_INVOICE), 12, "2026-04-01 8.52"),
        (Policy(increase_from=IncreaseFrom.NEXT_INVOICE, decrease=Decrease.CREDIT), 8, "2026-04-01 -8.52"),
    ],
)
@pytest.mark.parametrize("cancelled_on", ["2026-03-10", "2026-03-25"])
def test_what_waits_for_the_next_invoice_comes_with_the_end_when_there_is_none(
    policy, number, expected, cancelled_on
):
    events = bought("2026-03-01", 10), bought("2026-03-21", number)
    agreed = contract(per_seat(1200, policy=policy), *events, cancelled(cancelled_on, When.AT_PERIOD_END))
    assert invoices(agreed, "2026-12-31") == ["2026-03-01 120.00", expected]
