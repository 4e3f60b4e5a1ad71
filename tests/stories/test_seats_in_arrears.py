"""What is in use is charged when its period is over: active users, days that are short or long, rules of counting."""

from datetime import date, timedelta

import pytest

from seatledger.domain.catalogue.models import ChargeModel, CountingRule, GivenBy
from seatledger.engine.periods import add_months
from seatledger.engine.words import days_in_words

ACTIVE_USER = "active-user"


def given_active_users(story):
    """Ann, Ben, Cleo and Dan are active from 1 April; each costs 30.00 a calendar month."""
    story.on("2026-04-01 00:00").given_licence(
        ACTIVE_USER, charge_model=ChargeModel.ACTIVE, given_by=GivenBy.ACTIVATION
    )
    story.given_plan("by-use", prices={ACTIVE_USER: {"unit_amount": "30.00", "anchor": "calendar"}})
    story.given_account(plan="by-use")
    story.given_subscription("by-use")
    story.when_user_joins("Ben Okoro", "Cleo Marsh", "Dan Wu")


def active_users(story):
    return story.pool(ACTIVE_USER).assigned_licences


def test_a_user_who_is_deactivated_is_in_the_next_invoice_up_to_that_day(story):  # C4, C16, C17, C25
    given_active_users(story)
    assert active_users(story) == 4
    story.on("2026-04-15").when_user_is_deactivated("Ben Okoro")
    assert active_users(story) == 3
    story.when_billing_runs()
    story.then_nothing_is_charged()
    story.on("2026-05-01").when_billing_runs()
    # Four for 15 days and three for 15.
    story.then_invoice_has("105.00 for 3 to 4 seats, 1 to 30 April 2026", on="2026-05-01")
    story.on("2026-06-01").when_billing_runs()
    story.then_invoice_has("90.00 for 3 seats, 1 to 31 May 2026")
    story.then_nothing_is_charged()


def test_a_user_who_is_activated_is_in_the_next_invoice_from_that_day(story):  # C20, C25
    given_active_users(story)
    story.when_user_is_deactivated("Ben Okoro")
    story.on("2026-04-21").when_user_is_activated("Ben Okoro")
    story.when_billing_runs()
    story.then_nothing_is_charged()
    story.on("2026-05-01").when_billing_runs()
    # Three for 20 days and four for 10.
    story.then_invoice_has("100.00 for 3 to 4 seats, 1 to 30 April 2026")


def test_who_is_activated_again_on_the_same_day_is_not_charged_twice(story):  # C24
    given_active_users(story)
    story.on("2026-04-15 09:00").when_user_is_deactivated("Ben Okoro")
    story.on("2026-04-15 17:00").when_user_is_activated("Ben Okoro")
    story.on("2026-05-01").when_billing_runs()
    story.then_invoice_has("120.00 for 4 seats, 1 to 30 April 2026")


def test_a_seat_that_goes_to_somebody_else_on_the_same_day_is_one_seat(story):
    given_seats(story, CountingRule.DAILY)
    story.when_seat_is_given("Ben Okoro")
    story.on("2026-04-10 09:00").when_seat_is_released("Ben Okoro")
    story.on("2026-04-10 14:00").when_seat_is_given("Cleo Marsh")
    story.on("2026-05-01").when_billing_runs()
    story.then_invoice_has("30.00 for 1 seat, 1 to 30 April 2026")


def given_seats(story, counting, price="30.00"):
    story.on("2026-04-01 00:00").given_licence(charge_model=ChargeModel.ACTIVE, counting_rule=counting)
    story.given_subscription(price=price)


@pytest.mark.parametrize(
    ("counting", "line"),
    [
        # 30 days of Ben, three of each of the others, who share a day with each other.
        (CountingRule.DAILY, "39.00 for 1 to 3 seats, 1 to 30 April 2026"),
        (CountingRule.PEAK, "90.00 for 3 seats, 1 to 30 April 2026"),
        (CountingRule.CLOSING, "30.00 for 1 seat, 1 to 30 April 2026"),
        (CountingRule.EVER, "120.00 for 4 seats, 1 to 30 April 2026"),
    ],
)
def test_one_month_by_each_rule_of_counting(story, counting, line):
    given_seats(story, counting)
    story.when_seat_is_given("Ben Okoro")
    story.on("2026-04-10").when_seat_is_given("Cleo Marsh")
    story.on("2026-04-11").when_seat_is_given("Dan Wu")
    story.on("2026-04-12").when_seat_is_released("Cleo Marsh")
    story.on("2026-04-13").when_seat_is_released("Dan Wu")
    story.on("2026-04-20").when_seat_is_given("Eve Lund")
    story.on("2026-04-22").when_seat_is_released("Eve Lund")
    story.on("2026-05-01").when_billing_runs()
    story.then_invoice_has(line)


# Los Angeles: 8 March 2026 has 23 hours and 1 November 25. Paris: 29 March has 23 and 25 October 25.
@pytest.mark.parametrize(
    ("zone", "given", "released", "days"),
    [
        ("America/Los_Angeles", "2026-03-08 01:30", "2026-03-09 00:00", 1),
        ("America/Los_Angeles", "2026-03-07 23:59", "2026-03-09 00:01", 3),
        ("America/Los_Angeles", "2026-11-01 00:00", "2026-11-02 00:00", 1),
        ("America/Los_Angeles", "2026-11-01 23:59", "2026-11-02 00:01", 2),
        ("Europe/Paris", "2026-03-28 23:59", "2026-03-30 00:00", 2),
        ("Europe/Paris", "2026-03-29 00:00", "2026-03-29 03:30", 1),
        ("Europe/Paris", "2026-10-25 00:00", "2026-10-26 00:00", 1),
        ("Europe/Paris", "2026-10-24 23:59", "2026-10-26 00:01", 3),
    ],
)
def test_a_day_is_a_day_however_many_hours_it_has(story, zone, given, released, days):
    first = date.fromisoformat(given[:10]).replace(day=1)
    last = add_months(first, 1) - timedelta(days=1)
    story.on(f"{first} 00:00").given_account(zone=zone)
    story.given_licence(charge_model=ChargeModel.ACTIVE)
    # One pound a day.
    story.given_subscription(price=str(last.day))
    story.on(given).when_seat_is_given("Ben Okoro")
    story.on(released).when_seat_is_released("Ben Okoro")
    story.on(f"{last + timedelta(days=1)} 00:30").when_billing_runs()
    story.then_invoice_has(f"{days}.00 for 0 to 1 seat, {days_in_words(first, last)}")


def test_everything_in_use_is_on_one_invoice(story):  # C25
    story.on("2026-04-01 00:00").given_licence("agent", charge_model=ChargeModel.ACTIVE)
    story.given_licence("supervisor", charge_model=ChargeModel.ACTIVE, counting_rule=CountingRule.PEAK)
    story.given_plan(prices={"agent": "9.00", "supervisor": "32.00"})
    story.given_subscription()
    story.when_seat_is_given("Ben Okoro", "Cleo Marsh", licence="agent")
    story.on("2026-04-29").when_seat_is_given("Dan Wu", licence="supervisor")
    story.when_billing_runs()
    story.then_nothing_is_charged()
    story.on("2026-05-01").when_billing_runs()
    story.then_invoice_has(
        "Agent: 18.00 for 2 seats, 1 to 30 April 2026", "Supervisor: 32.00 for 1 seat, 1 to 30 April 2026"
    )
    story.then_nothing_is_charged()


def test_the_metrics_are_of_now_and_the_invoice_of_its_days(story):  # D23
    given_active_users(story)
    story.on("2026-04-30 18:00").when_user_is_deactivated("Ben Okoro")
    story.on("2026-05-01 09:00")
    assert active_users(story) == 3
    story.when_billing_runs()
    story.then_invoice_has("120.00 for 4 seats, 1 to 30 April 2026")
