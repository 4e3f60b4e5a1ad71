"""Where a day begins, what comes first at one instant, what has no price."""

import pytest

from seatledger.domain.catalogue.models import ChargeModel
from seatledger.domain.subscriptions.refusals import NotSoldSo


def test_an_account_ahead_of_utc_is_billed_on_its_own_day(story):
    story.on("2026-02-01 00:30").given_account(zone="Pacific/Auckland")
    story.given_subscription(seats=2, price="12.00")
    # In Greenwich it is the last day of the month before.
    assert story.now.utctimetuple().tm_mon == 1
    story.when_billing_runs()
    story.then_invoice_has("24.00 for 2 seats, 1 to 28 February 2026", on="2026-02-01")
    story.on("2026-02-28 23:59").when_billing_runs()
    story.then_nothing_is_charged()
    story.on("2026-03-01 00:01").when_billing_runs()
    story.then_invoice_has("24.00 for 2 seats, 1 to 31 March 2026", on="2026-03-01")


def test_an_account_behind_utc_is_billed_on_its_own_day(story):
    story.on("2026-02-28 20:00").given_account(zone="Pacific/Honolulu")
    story.given_subscription(seats=2, price="12.00")
    # In Greenwich it is March.
    assert story.now.utctimetuple().tm_mon == 3
    story.when_billing_runs()
    story.then_invoice_has("24.00 for 2 seats, 28 February to 27 March 2026", on="2026-02-28")


@pytest.mark.parametrize("given_first", [True, False])
def test_at_one_instant_the_order_does_not_matter(story, given_first):
    story.on("2026-04-01 00:00").given_licence(charge_model=ChargeModel.ACTIVE)
    story.given_subscription(price="30.00")
    story.when_seat_is_given("Ben Okoro")
    story.when_user_joins("Cleo Marsh")
    story.on("2026-04-10 09:00")
    if given_first:
        story.when_seat_is_given("Cleo Marsh")
        story.when_seat_is_released("Ben Okoro")
    else:
        story.when_seat_is_released("Ben Okoro")
        story.when_seat_is_given("Cleo Marsh")
    story.on("2026-05-01").when_billing_runs()
    story.then_invoice_has("30.00 for 1 seat, 1 to 30 April 2026")


@pytest.mark.parametrize("steps", [(12, 10), (8, 10)])
def test_bought_and_given_back_at_one_instant_is_nothing(story, steps):
    story.on("2026-03-01").given_subscription(seats=10, unit_amount="12.00", proration={"decrease": "credit"})
    story.when_billing_runs()
    story.then_invoice_has("120.00 for 10 seats, 1 to 31 March 2026")
    story.on("2026-03-21")
    for number in steps:
        story.when_seats_become(number)
    story.when_billing_runs()
    story.then_nothing_is_charged()


def test_what_has_no_price_is_included_and_not_billed(story):
    story.on("2026-03-01").given_plan(prices={"seat": "12.00", "help": None})
    story.given_subscription(seats={"seat": 2, "help": 5})
    assert story.pool("help").total_licences == 5
    story.when_billing_runs()
    story.then_invoice_has("24.00 for 2 seats, 1 to 31 March 2026")
    story.on("2026-03-10").when_seats_are_added(5, licence="help")
    story.when_billing_runs()
    story.then_nothing_is_charged()


def test_what_costs_something_in_another_currency_is_not_given_away(story):
    story.on("2026-03-01").given_plan(prices={"seat": "12.00"})
    story.given_account(currency="EUR")
    with pytest.raises(NotSoldSo) as refused:
        story.given_subscription(seats=2)
    assert str(refused.value) == (
        "Seat in Team has no price in EUR by the month. Choose one of these: GBP by the month."
    )
