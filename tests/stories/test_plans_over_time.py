"""One plan after another, a trial before them, the end."""

import pytest

from seatledger.domain.licences.queries import get_account_type
from seatledger.domain.subscriptions.refusals import PaidAhead


def given_team_and_business(story):
    story.given_plan("team", prices={"seat": "12.00"})
    story.given_plan("business", prices={"seat": "20.00"})


def test_five_dollars_become_twenty_on_the_first_day_of_thirty(story):
    story.on("2026-04-01").given_account(zone="America/New_York", currency="USD")
    story.given_plan("basic", prices={"seat": "5.00"})
    story.given_plan("plus", prices={"seat": "20.00"})
    story.given_subscription("basic", seats=1)
    story.when_billing_runs()
    story.then_invoice_has("5.00 for 1 seat, 1 to 30 April 2026")
    story.on("2026-04-02").when_plan_changes("plus")
    story.when_billing_runs()
    # 29 of 30 days of each: what was paid is credited, what is to come is charged.
    story.then_invoice_has(
        "-4.83 credit for 1 seat, 2 to 30 April 2026",
        "19.33 for 1 seat, 2 to 30 April 2026",
        total="14.50",
        on="2026-04-02",
    )
    story.on("2026-05-01").when_billing_runs()
    story.then_invoice_has("20.00 for 1 seat, 1 to 31 May 2026")
    story.then_nothing_is_charged()


def test_five_dollars_become_twenty_on_the_very_day(story):
    story.on("2026-04-01").given_account(zone="America/New_York", currency="USD")
    story.given_plan("basic", prices={"seat": "5.00"})
    story.given_plan("plus", prices={"seat": "20.00"})
    story.given_subscription("basic", seats=1)
    story.when_billing_runs()
    story.then_invoice_has("5.00 for 1 seat, 1 to 30 April 2026")
    story.on("2026-04-01 17:00").when_plan_changes("plus")
    story.when_billing_runs()
    story.then_invoice_has(
        "-5.00 credit for 1 seat, 1 to 30 April 2026", "20.00 for 1 seat, 1 to 30 April 2026", total="15.00"
    )


def test_another_plan_keeps_the_periods(story):
    story.on("2026-03-01")
    given_team_and_business(story)
    story.given_subscription("team", seats=1)
    story.on("2026-03-16").when_plan_changes("business")
    story.on("2026-04-01").when_billing_runs()
    story.then_invoice_has("12.00 for 1 seat, 1 to 31 March 2026", on="2026-03-01")
    # 12.00 x 16/31 and 20.00 x 16/31
    story.then_invoice_has(
        "-6.19 credit for 1 seat, 16 to 31 March 2026",
        "10.32 for 1 seat, 16 to 31 March 2026",
        on="2026-03-16",
    )
    story.then_invoice_has("20.00 for 1 seat, 1 to 30 April 2026", on="2026-04-01")


def test_another_plan_may_begin_its_own_periods(story):
    story.on("2026-03-01")
    given_team_and_business(story)
    story.given_subscription("team", seats=1)
    story.on("2026-03-16").when_plan_changes("business", keeps_anchor=False)
    story.on("2026-04-16").when_billing_runs()
    story.then_invoice_has("12.00 for 1 seat, 1 to 31 March 2026")
    story.then_invoice_has(
        "-6.19 credit for 1 seat, 16 to 31 March 2026", "20.00 for 1 seat, 16 March to 15 April 2026"
    )
    story.then_invoice_has("20.00 for 1 seat, 16 April to 15 May 2026", on="2026-04-16")
    story.then_nothing_is_charged()


def test_a_dearer_plan_to_come_is_charged_when_it_comes(story):
    story.on("2026-03-01")
    given_team_and_business(story)
    story.given_subscription("team", seats=1)
    story.on("2026-03-16").when_plan_changes("business", at_period_end=True)
    story.when_billing_runs()
    story.then_invoice_has("12.00 for 1 seat, 1 to 31 March 2026")
    story.then_nothing_is_charged()
    story.on("2026-04-01 06:00").when_billing_runs()
    story.then_invoice_has("20.00 for 1 seat, 1 to 30 April 2026", on="2026-04-01")


def test_a_year_becomes_months_only_when_it_is_over(story):
    story.on("2026-03-01")
    story.given_plan("team", prices={"seat": "12.00"}, yearly={"seat": "120.00"})
    story.given_subscription("team", seats=2, every="year")
    story.when_billing_runs()
    story.then_invoice_has("240.00 for 2 seats, 1 March 2026 to 28 February 2027")
    with pytest.raises(PaidAhead):
        story.on("2026-06-10").when_plan_changes("team", every="month")
    story.when_plan_changes("team", every="month", at_period_end=True)
    story.when_billing_runs()
    story.on("2027-02-28").when_billing_runs()
    story.then_nothing_is_charged()
    story.on("2027-03-01").when_billing_runs()
    story.then_invoice_has("24.00 for 2 seats, 1 to 31 March 2027")
    story.on("2027-04-01").when_billing_runs()
    story.then_invoice_has("24.00 for 2 seats, 1 to 30 April 2027")


def test_a_trial_is_free_and_then_paid(story):  # A10
    story.on("2026-03-01").given_plan(prices={"seat": "12.00"}, trial_days=30)
    story.given_subscription(seats=5, trial=True)
    assert get_account_type(story.account, story.now) == "trial"
    story.when_billing_runs()
    story.on("2026-03-12").when_trial_is_to_be_paid(at_period_end=True)
    story.when_billing_runs()
    story.on("2026-03-30").when_billing_runs()
    story.then_nothing_is_charged()
    story.on("2026-03-31").when_billing_runs()
    story.then_invoice_has("60.00 for 5 seats, 31 March to 29 April 2026", on="2026-03-31")
    assert get_account_type(story.account, story.now) == "active"


def test_a_trial_that_nobody_pays_for_costs_nothing(story):  # A10
    story.on("2026-03-01").given_plan(prices={"seat": "12.00"}, trial_days=30)
    story.given_subscription(seats=5, trial=True)
    for day in ("2026-03-01", "2026-03-31", "2026-05-01"):
        story.on(day).when_billing_runs()
    story.then_nothing_is_charged()
    assert get_account_type(story.account, story.now) == "expired"


def test_what_is_cancelled_at_the_end_of_its_period_is_not_renewed(story):  # A10
    story.on("2026-03-01").given_subscription(seats=3, price="12.00")
    story.when_billing_runs()
    story.then_invoice_has("36.00 for 3 seats, 1 to 31 March 2026")
    story.on("2026-03-10").when_subscription_is_cancelled()
    story.on("2026-03-31").when_billing_runs()
    assert get_account_type(story.account, story.now) == "active"
    story.on("2026-04-01").when_billing_runs()
    assert get_account_type(story.account, story.now) == "expired"
    story.on("2026-05-01").when_billing_runs()
    story.then_nothing_is_charged()


def test_what_is_cancelled_at_once_is_credited_from_the_day_after_where_the_price_says_so(story):
    story.on("2026-03-01").given_subscription(seats=3, unit_amount="12.00", proration={"decrease": "credit"})
    story.when_billing_runs()
    story.then_invoice_has("36.00 for 3 seats, 1 to 31 March 2026")
    story.on("2026-03-10").when_subscription_is_cancelled(at_period_end=False)
    story.when_billing_runs()
    # 3 x 12.00 x 21/31
    story.then_credit_note_has("24.39 credit for 3 seats, 11 to 31 March 2026", on="2026-03-10")
    story.on("2026-04-01").when_billing_runs()
    story.then_nothing_is_charged()


def test_what_is_cancelled_at_once_stays_paid_where_the_price_says_nothing(story):
    story.on("2026-03-01").given_subscription(seats=3, price="12.00")
    story.when_billing_runs()
    story.then_invoice_has("36.00 for 3 seats, 1 to 31 March 2026")
    story.on("2026-03-10").when_subscription_is_cancelled(at_period_end=False)
    for day in ("2026-03-10", "2026-04-01"):
        story.on(day).when_billing_runs()
    story.then_nothing_is_charged()


def test_two_subscriptions_one_after_the_other_are_both_billed(story):
    story.on("2026-03-01").given_subscription(seats=3, price="12.00")
    story.on("2026-03-10").when_subscription_is_cancelled()
    story.on("2026-04-10").given_plan("business", prices={"seat": "20.00"})
    story.given_subscription("business", seats=2)
    story.on("2026-05-10").when_billing_runs()
    story.then_invoice_has("36.00 for 3 seats, 1 to 31 March 2026", on="2026-03-01")
    story.then_invoice_has("40.00 for 2 seats, 10 April to 9 May 2026", on="2026-04-10")
    story.then_invoice_has("40.00 for 2 seats, 10 May to 9 June 2026", on="2026-05-10")
    story.then_nothing_is_charged()
