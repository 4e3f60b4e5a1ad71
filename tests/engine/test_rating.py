"""Contracts, told by date, with exact figures."""

from datetime import date
from fractions import Fraction

import pytest

from engine.contracts import active, bought, contract, held, instant, invoices, per_seat
from seatledger.engine.events import Cancelled, PlanChanged, When
from seatledger.engine.money import Rounding
from seatledger.engine.periods import Interval, Unit
from seatledger.engine.plans import Anchoring, Grant, Plan
from seatledger.engine.policies import (
    CountingRule,
    DayCount,
    Decrease,
    Increase,
    IncreaseCharge,
    IncreaseFrom,
    Measure,
    Policy,
    Rounded,
)
from seatledger.engine.rates import Reduction
from seatledger.engine.targets import TrueUp, TrueUpCharge

CREDIT = Policy(decrease=Decrease.CREDIT)
YEAR = Interval(Unit.YEAR)


def by(day_count):
    return Policy(measure=Measure(day_count))


# Seats bought ahead


def test_seats_added_in_march_are_charged_for_the_days_left():
    agreed = contract(per_seat(1200), bought("2026-03-01", 10), bought("2026-03-21", add=2))
    assert invoices(agreed, "2026-04-01") == ["2026-03-01 120.00", "2026-03-21 8.52", "2026-04-01 144.00"]


def test_seats_added_with_the_next_invoice_wait_for_it():
    tariff = per_seat(1200, policy=Policy(increase_from=IncreaseFrom.NEXT_INVOICE))
    agreed = contract(tariff, bought("2026-03-01", 10), bought("2026-03-21", add=2))
    assert invoices(agreed, "2026-04-01") == ["2026-03-01 120.00", "2026-04-01 152.52 = 8.52 + 144.00"]


def test_seats_added_from_renewal_are_free_until_then():
    tariff = per_seat(1200, policy=Policy(increase_from=IncreaseFrom.RENEWAL))
    agreed = contract(
        tariff, bought("2026-03-01", 10), bought("2026-03-10", add=-1), bought("2026-03-21", add=3)
    )
    assert invoices(agreed, "2026-04-01") == ["2026-03-01 120.00", "2026-04-01 144.00"]


def test_a_decrease_waits_for_renewal_unless_it_is_credited():
    events = bought("2026-03-01", 10), bought("2026-03-21", add=-2)
    assert invoices(contract(per_seat(1200), *events), "2026-04-01") == [
        "2026-03-01 120.00",
        "2026-04-01 96.00",
    ]
    credited = contract(per_seat(1200, policy=CREDIT), *events)
    assert invoices(credited, "2026-04-01") == ["2026-03-01 120.00", "2026-03-21 -8.52", "2026-04-01 96.00"]


def test_the_day_of_ending_counts_or_does_not():
    events = bought("2026-03-01", 10), bought("2026-03-21T12:00", add=-2)
    counted = contract(per_seat(1200, policy=CREDIT), *events)
    assert invoices(counted, "2026-03-31")[1] == "2026-03-21 -7.74"
    not_counted = contract(
        per_seat(1200, policy=Policy(decrease=Decrease.CREDIT, ending_day_billed=False)), *events
    )
    assert invoices(not_counted, "2026-03-31")[1] == "2026-03-21 -8.52"


def test_a_seat_that_comes_and_goes_on_one_day_costs_nothing_where_the_day_of_ending_is_not_billed():
    tariff = per_seat(1200, policy=Policy(decrease=Decrease.CREDIT, ending_day_billed=False))
    events = bought("2026-03-01", 10), bought("2026-03-21T09:00", add=5), bought("2026-03-21T17:00", add=-5)
    assert invoices(contract(tariff, *events), "2026-03-31") == ["2026-03-01 120.00"]


@pytest.mark.parametrize(
    ("increase", "later"), [(Increase.EACH, ["2026-03-21 8.52"]), (Increase.ABOVE_HIGHEST_PAID, [])]
)
def test_a_seat_that_leaves_and_returns_is_charged_again_only_where_each_increase_is(increase, later):
    tariff = per_seat(1200, policy=Policy(increase=increase))
    agreed = contract(
        tariff, bought("2026-03-01", 10), bought("2026-03-11", add=-2), bought("2026-03-21", add=2)
    )
    assert invoices(agreed, "2026-03-31") == ["2026-03-01 120.00", *later]


def test_a_seat_that_leaves_and_returns_on_one_day_is_not_charged_again():
    agreed = contract(
        per_seat(1200),
        bought("2026-03-01", 10),
        bought("2026-03-11T09:00", add=-2),
        bought("2026-03-11T10:00", add=2),
    )
    assert invoices(agreed, "2026-03-31") == ["2026-03-01 120.00"]


@pytest.mark.parametrize("policy", [Policy(increase_charge=IncreaseCharge.FULL), by(DayCount.NONE)])
def test_an_increase_may_cost_the_full_period(policy):
    agreed = contract(per_seat(1200, policy=policy), bought("2026-03-01", 10), bought("2026-03-21", add=2))
    assert invoices(agreed, "2026-03-31") == ["2026-03-01 120.00", "2026-03-21 24.00"]


def test_a_decrease_may_be_refused():
    tariff = per_seat(1200, policy=Policy(decrease=Decrease.REFUSED))
    with pytest.raises(ValueError, match="which is refused"):
        invoices(contract(tariff, bought("2026-03-01", 10), bought("2026-03-21", add=-2)), "2026-04-01")
    at_renewal = contract(tariff, bought("2026-03-01", 10), bought("2026-04-01", 8), zone="UTC")
    assert invoices(at_renewal, "2026-04-01") == ["2026-03-01 120.00", "2026-04-01 96.00"]


# Periods


def test_an_anchor_on_the_31st_of_january_does_not_drift():
    agreed = contract(per_seat(2800), bought("2026-01-31", 1), bought("2026-02-14", add=1))
    assert invoices(agreed, "2026-04-30") == [
        "2026-01-31 28.00",
        "2026-02-14 14.00",
        "2026-02-28 56.00",
        "2026-03-31 56.00",
        "2026-04-30 56.00",
    ]


def test_a_short_first_period_is_measured_against_the_full_one():
    agreed = contract(per_seat(3100), bought("2026-03-12", 1), anchor=Anchoring.CALENDAR)
    assert invoices(agreed, "2026-04-01") == ["2026-03-12 20.00", "2026-04-01 31.00"]
    whole = contract(
        per_seat(3100, policy=by(DayCount.NONE)), bought("2026-03-12", 1), anchor=Anchoring.CALENDAR
    )
    assert invoices(whole, "2026-04-01") == ["2026-03-12 31.00", "2026-04-01 31.00"]


def test_a_trial_is_free():
    agreed = contract(per_seat(1200), bought("2026-03-01", 5), trial_until=date(2026, 3, 15))
    assert invoices(agreed, "2026-04-15") == ["2026-03-15 60.00", "2026-04-15 60.00"]


@pytest.mark.parametrize(
    ("zone", "minor", "added_at", "charged"),
    [
        ("America/Los_Angeles", 3100, "2026-03-09T06:30", "2026-03-08 24.00"),
        ("America/Los_Angeles", 3000, "2026-11-02T07:30", "2026-11-01 30.00"),
        ("Europe/Paris", 3100, "2026-03-29T21:30", "2026-03-29 3.00"),
        ("Europe/Paris", 3100, "2026-10-25T22:30", "2026-10-25 7.00"),
    ],
)
def test_half_an_hour_before_midnight_a_day_of_23_or_25_hours_still_counts(zone, minor, added_at, charged):
    """Each day of these months costs 1.00, whatever its clocks do."""
    agreed = contract(
        per_seat(minor), bought("2026-01-01", 0), bought(added_at, 1), zone=zone, anchor=Anchoring.CALENDAR
    )
    assert invoices(agreed, charged.split()[0]) == [charged]


def test_seconds_are_measured_by_the_clocks():
    hours_of_march = 31 * 24 - 1  # in Paris
    tariff = per_seat(hours_of_march * 100, policy=by(DayCount.SECONDS))
    events = bought("2026-02-28T23:00", 1), bought("2026-03-29T00:30", add=1)
    agreed = contract(tariff, *events, zone="Europe/Paris", anchor=Anchoring.CALENDAR)
    # At half past one in the morning 69.5 hours of March are left: the clocks are about to skip one.
    assert invoices(agreed, "2026-03-31") == ["2026-03-01 743.00", "2026-03-29 69.50"]


def test_a_month_of_thirty_days():
    tariff = per_seat(3000, policy=by(DayCount.THIRTY_DAY_MONTH))
    agreed = contract(tariff, bought("2026-03-01", 1), bought("2026-03-21", add=1))
    assert invoices(agreed, "2026-04-01") == ["2026-03-01 30.00", "2026-03-21 10.00", "2026-04-01 60.00"]


# Changes of plan, and the end


FIVE, TWENTY = per_seat(500, key="basic"), per_seat(2000, key="plus")


@pytest.mark.parametrize(
    ("at", "later"),
    [
        ("2026-04-01T12:00", []),
        ("2026-04-02T12:00", ["2026-04-02 14.50 = -4.83 + 19.33"]),
        ("2026-04-16", ["2026-04-16 7.50 = -2.50 + 10.00"]),
    ],
)
def test_a_change_from_5_to_20_dollars_credits_and_charges_by_the_day(at, later):
    change = PlanChanged(item="seat", at=instant(at), plan=Plan(TWENTY))
    first = "2026-04-01 5.00" if later else "2026-04-01 20.00"
    agreed = contract(FIVE, bought("2026-04-01", 1), change, zone="UTC")
    assert invoices(agreed, "2026-05-01") == [first, *later, "2026-05-01 20.00"]


def test_a_change_recorded_after_the_first_invoice_credits_all_of_it():
    change = PlanChanged(
        item="seat",
        at=instant("2026-04-01T12:00"),
        recorded_at=instant("2026-04-02T09:00"),
        plan=Plan(TWENTY),
    )
    agreed = contract(FIVE, bought("2026-04-01", 1), change, zone="UTC")
    assert invoices(agreed, "2026-04-30") == ["2026-04-01 5.00", "2026-04-02 15.00 = -5.00 + 20.00"]


def test_a_change_at_the_end_of_the_period_costs_nothing_before():
    change = PlanChanged(item="seat", at=instant("2026-04-10"), plan=Plan(TWENTY), when=When.AT_PERIOD_END)
    agreed = contract(FIVE, bought("2026-04-01", 1), change, zone="UTC")
    assert invoices(agreed, "2026-06-01") == ["2026-04-01 5.00", "2026-05-01 20.00", "2026-06-01 20.00"]


@pytest.mark.parametrize(
    ("keep_anchor", "expected"),
    [
        (True, ["2026-04-01 30.00", "2026-04-16 335.00 = -15.00 + 350.00", "2027-04-01 365.00"]),
        (False, ["2026-04-01 30.00", "2026-04-16 350.00 = -15.00 + 365.00", "2027-04-16 365.00"]),
    ],
)
def test_from_monthly_to_annual_the_anchor_is_kept_or_reset(keep_anchor, expected):
    annual = Plan(per_seat(36500, key="annual", interval=YEAR))
    change = PlanChanged(item="seat", at=instant("2026-04-16"), plan=annual, keep_anchor=keep_anchor)
    agreed = contract(per_seat(3000), bought("2026-04-01", 1), change, zone="UTC")
    assert invoices(agreed, "2027-04-20") == expected


def test_from_annual_to_monthly_only_at_the_end_of_the_paid_year():
    annual = per_seat(20000, key="annual", interval=YEAR)
    monthly = Plan(per_seat(2500, key="monthly"))
    at_once = PlanChanged(item="seat", at=instant("2026-06-01"), plan=monthly)
    with pytest.raises(ValueError, match="at the end of the paid period"):
        invoices(contract(annual, bought("2026-01-01", 1), at_once), "2027-02-01")
    at_end = PlanChanged(item="seat", at=instant("2026-06-01"), plan=monthly, when=When.AT_PERIOD_END)
    agreed = contract(annual, bought("2026-01-01", 1), at_end)
    assert invoices(agreed, "2027-02-01") == ["2026-01-01 200.00", "2027-01-01 25.00", "2027-02-01 25.00"]


def test_a_plan_left_and_taken_up_again_charges_its_days_once():
    away = PlanChanged(item="seat", at=instant("2026-04-11"), plan=Plan(TWENTY))
    back = PlanChanged(item="seat", at=instant("2026-04-21"), plan=Plan(FIVE))
    agreed = contract(FIVE, bought("2026-04-01", 1), away, back, zone="UTC")
    assert invoices(agreed, "2026-04-30") == [
        "2026-04-01 5.00",
        "2026-04-11 10.00 = -3.33 + 13.33",
        "2026-04-21 -5.00 = -6.67 + 1.67",
    ]


@pytest.mark.parametrize(
    ("tariff", "when", "expected"),
    [
        (per_seat(3000), When.AT_PERIOD_END, ["2026-04-01 30.00"]),
        (per_seat(3000), When.AT_ONCE, ["2026-04-01 30.00"]),
        (per_seat(3000, policy=CREDIT), When.AT_PERIOD_END, ["2026-04-01 30.00"]),
        (per_seat(3000, policy=CREDIT), When.AT_ONCE, ["2026-04-01 30.00", "2026-04-16 -14.00"]),
        (active(3000), When.AT_PERIOD_END, ["2026-05-01 30.00"]),
        (active(3000), When.AT_ONCE, ["2026-04-17 16.00"]),
    ],
)
def test_the_end_comes_with_the_period_or_at_once(tariff, when, expected):
    cancelled = Cancelled(item="seat", at=instant("2026-04-16T12:00"), when=when)
    agreed = contract(tariff, bought("2026-04-01", 1), held("2026-04-01", 1), cancelled, zone="UTC")
    assert invoices(agreed, "2026-08-01") == expected


# Seats held, in arrears


COMING_AND_GOING = (
    held("2026-04-01", add=1, holder="ann"),
    held("2026-04-01", add=1, holder="bob"),
    held("2026-04-11", add=-1, holder="ann"),
    held("2026-04-16", add=1, holder="ann"),
    held("2026-04-16", add=1, holder="cyd"),
    held("2026-04-21", add=-1, holder="bob"),
    held("2026-04-26", add=-1, holder="cyd"),
)


@pytest.mark.parametrize(
    ("counting", "charged"),
    [
        (CountingRule.DAILY, "55.00"),  # 2 x 10 + 1 x 5 + 3 x 5 + 2 x 5 + 1 x 5 seat-days
        (CountingRule.PEAK, "90.00"),
        (CountingRule.CLOSING, "30.00"),
        (CountingRule.EVER, "90.00"),  # Ann left and returned, and is one
    ],
)
def test_counting_rules(counting, charged):
    agreed = contract(active(3000, counting=counting), *COMING_AND_GOING, zone="UTC")
    assert invoices(agreed, "2026-05-01") == [f"2026-05-01 {charged}"]


def test_without_holders_everyone_who_takes_a_seat_is_someone_new():
    events = [held(f"{event.at:%Y-%m-%d}", add=event.delta) for event in COMING_AND_GOING]
    agreed = contract(active(3000, counting=CountingRule.EVER), *events, zone="UTC")
    assert invoices(agreed, "2026-05-01") == ["2026-05-01 120.00"]


def test_users_active_for_part_of_the_month_are_charged_for_their_days():
    agreed = contract(active(1200), held("2026-03-01", 10), held("2026-03-21T09:00", add=2))
    assert invoices(agreed, "2026-04-01") == ["2026-04-01 128.52"]


def test_a_correction_of_the_past_comes_with_the_next_invoice():
    late = held("2026-04-10T12:00", add=-5, recorded_at=instant("2026-05-10"))
    agreed = contract(active(1200), held("2026-03-01", 12), late)
    assert invoices(agreed, "2026-06-01")[-1] == "2026-06-01 44.00 = -40.00 + 84.00"


def test_an_increase_recorded_late_is_charged_from_its_day():
    late = bought("2026-03-21", add=2, recorded_at=instant("2026-04-05"))
    agreed = contract(per_seat(1200), bought("2026-03-01", 10), late)
    assert invoices(agreed, "2026-04-30") == [
        "2026-03-01 120.00",
        "2026-04-01 120.00",
        "2026-04-05 32.52 = 8.52 + 24.00",
    ]


def test_a_maximum_is_a_maximum():
    with pytest.raises(ValueError, match="11 seats of seat are held; the maximum is 10"):
        invoices(contract(active(1200), held("2026-03-01", 11), maximum=10), "2026-04-01")


@pytest.mark.parametrize(
    ("charge", "expected"),
    [
        (TrueUpCharge.WINDOW, ["2026-01-01 1000.00", "2026-04-01 49.32", "2026-10-01 75.61"]),
        (TrueUpCharge.REST_OF_PERIOD, ["2026-01-01 1000.00", "2026-04-01 150.68", "2026-10-01 25.21"]),
    ],
)
def test_a_true_up_charges_the_peak_of_each_quarter_above_what_is_paid(charge, expected):
    """In the first quarter 12 are held at once, in the second 10, in the third 13, and 10 are paid.

    The third quarter stops before the year does, so it is the difference of two totals: 151.23 - 75.62.
    """
    tariff = per_seat(10000, interval=YEAR, true_up=TrueUp(Interval(Unit.QUARTER), charge))
    events = [held("2026-02-01", 12), held("2026-03-01", 10), held("2026-08-01", 13), held("2026-09-01", 9)]
    agreed = contract(tariff, bought("2026-01-01", 10), *events, zone="UTC")
    assert invoices(agreed, "2026-12-31") == expected


# Money


@pytest.mark.parametrize(
    ("currency", "minor", "first", "added"),
    [("USD", 1200, "120.00", "8.52"), ("JPY", 1200, "12000", "852"), ("KWD", 12000, "120.000", "8.516")],
)
def test_currencies_have_their_own_decimals(currency, minor, first, added):
    agreed = contract(
        per_seat(minor, currency=currency), bought("2026-03-01", 10), bought("2026-03-21", add=2)
    )
    assert invoices(agreed, "2026-03-31") == [f"2026-03-01 {first}", f"2026-03-21 {added}"]


@pytest.mark.parametrize(
    ("rounded", "rounding", "added"),
    [
        (Rounded.LINE, Rounding.HALF_UP, "19.34"),  # 5 x 9.99 x 12/31 = 19.3354...
        (Rounded.LINE, Rounding.TRUNCATE, "19.33"),
        (Rounded.SEAT, Rounding.HALF_UP, "19.35"),  # 9.99 x 12/31 = 3.867..., so 5 x 3.87
        (Rounded.UNIT, Rounding.HALF_UP, "19.20"),  # 9.99 / 31 = 0.322..., so 5 x 12 x 0.32
    ],
)
def test_what_is_rounded_and_how(rounded, rounding, added):
    tariff = per_seat(999, policy=Policy(measure=Measure(DayCount.DAYS, rounded, rounding)))
    agreed = contract(tariff, bought("2026-03-01", 10), bought("2026-03-20", add=5))
    assert invoices(agreed, "2026-03-31") == ["2026-03-01 99.90", f"2026-03-20 {added}"]


def test_a_price_may_be_finer_than_a_cent():
    agreed = contract(per_seat(Fraction(1, 8)), bought("2026-03-01", 1000))
    assert invoices(agreed, "2026-03-31") == ["2026-03-01 1.25"]


def test_a_discount_ends_on_its_day():
    grants = (Grant(Reduction(percent=50), until=date(2026, 3, 11)),)
    agreed = contract(per_seat(3100), bought("2026-03-01", 1), grants=grants)
    assert invoices(agreed, "2026-04-01") == ["2026-03-01 26.00 = 5.00 + 21.00", "2026-04-01 31.00"]


def test_a_discount_lasts_for_a_number_of_periods():
    grants = (Grant(Reduction(amount=200), periods=2),)
    agreed = contract(per_seat(1200), bought("2026-03-01", 1), grants=grants)
    assert invoices(agreed, "2026-05-01") == ["2026-03-01 10.00", "2026-04-01 10.00", "2026-05-01 12.00"]


def test_200_dollars_a_year_are_200_dollars_a_year():
    agreed = contract(per_seat(20000, interval=YEAR), bought("2026-03-01", 1))
    assert invoices(agreed, "2027-03-01") == ["2026-03-01 200.00", "2027-03-01 200.00"]
