"""A price that was agreed for a plan by an interval holds whenever the account is on it, and is told before an order."""

from datetime import date

import pytest

from buying import given_method
from charging import bill, given_vendor, in_words, noon
from seatledger.domain.catalogue.models import PlanItem, PlanVersion, Price
from seatledger.domain.events.actions import Actor
from seatledger.domain.payments.actions import PlanOrder, QuoteChanged, TrialOrder, place_order, quote_order
from seatledger.domain.subscriptions.actions import PlanChoice, agree_prices, change_plan
from seatledger.domain.subscriptions.models import Change, Subscription, TakesEffect
from seatledger.domain.subscriptions.refusals import NothingChanges
from selling import MONTHLY, YEARLY, business, given_subscription, team
from support import STAFF, actor_of, administrator_of, given_account, given_licence_type

pytestmark = pytest.mark.django_db

KEY = "professional-user"
TEN = {KEY: {"unit_amount": "10.00"}}


@pytest.fixture
def subscription() -> Subscription:
    """Ten licences since 3 March 2026 at 10.00 a month, as agreed, instead of 12.00; billed, and a card on file."""
    return agreed_at(TEN)


def agreed_at(prices, **said) -> Subscription:
    given_vendor()
    held = given_subscription(
        given_account(), quantities={KEY: 10}, agreed_prices=prices, at=noon("2026-03-03"), **said
    )
    bill(held.account, "2026-03-03")
    given_method(held.account)
    return held


def team_anew() -> PlanVersion:
    """The second version of Team: 15.00 a month and 150.00 a year."""
    version = PlanVersion.objects.create(plan=team().plan, number=2, effective_on=date(2026, 3, 1))
    item = PlanItem.objects.create(version=version, licence_type=given_licence_type(), licences=5)
    for interval, amount in ((MONTHLY, "15.00"), (YEARLY, "150.00")):
        Price.objects.create(item=item, currency="GBP", interval=interval, unit_amount=amount)
    return version


def customer(subscription) -> Actor:
    return actor_of(administrator_of(subscription.account))


def ask(subscription, order, day):
    return quote_order(account=subscription.account, order=order, at=noon(day), by=customer(subscription))


def order(subscription, version, interval, day, *, takes_effect=TakesEffect.AT_ONCE):
    """Order a plan as a customer does: look at what it costs, and confirm that. Returns what was told, and issued."""
    account, wanted = subscription.account, PlanOrder(PlanChoice(version, interval), takes_effect)
    told = ask(subscription, wanted, day)
    issued = place_order(
        account=account, order=wanted, expected=told.digest, at=noon(day), by=customer(subscription)
    )
    return (told.net_minor, told.following.net_minor), [in_words(document) for document in issued]


def test_the_same_plan_anew_keeps_the_price(subscription):
    # 16 of 31 days are left on 18 March. Nothing is credited and charged again at 12.00.
    with pytest.raises(NothingChanges, match="The subscription is to Team by the month already"):
        order(subscription, team(), MONTHLY, "2026-03-18")
    assert order(subscription, team_anew(), MONTHLY, "2026-03-18") == ((0, 10_000), [])
    assert bill(subscription.account, "2026-04-03") == ["INV-2 on 2026-04-03: 100.00"]


def test_who_changes_the_plan_and_comes_back_has_the_price_again(subscription):
    # 10 x (20.00 - 10.00) x 16/31: what the list says for Business, less what was agreed for Team.
    assert order(subscription, business(), MONTHLY, "2026-03-18") == (
        (5162, 20_000),
        ["INV-2 on 2026-03-18: 51.62 = -51.61 + 103.23"],
    )
    # 8 of 31 days are left on the 26th.
    told, issued = order(subscription, team(), MONTHLY, "2026-03-26")
    assert (told, issued) == ((-2580, 10_000), ["CN-1 on 2026-03-26: 25.80 = 51.61 + -25.81"])
    assert bill(subscription.account, "2026-04-03") == ["INV-3 on 2026-04-03: 100.00"]


def test_another_interval_has_a_list_price_and_the_month_its_agreed_one(subscription):
    assert order(subscription, team(), YEARLY, "2026-03-03")[1] == [
        "INV-2 on 2026-03-03: 1100.00 = -100.00 + 1200.00"
    ]
    later = order(subscription, team(), MONTHLY, "2027-02-20", takes_effect=TakesEffect.AT_PERIOD_END)
    assert later == ((0, 10_000), [])
    assert bill(subscription.account, "2027-03-03") == ["INV-3 on 2027-03-03: 100.00"]


def test_staff_who_change_the_plan_keep_the_price_unless_they_say_otherwise(subscription):
    anew = team_anew()
    choice = PlanChoice(anew, MONTHLY)
    change = change_plan(subscription=subscription, choice=choice, at=noon("2026-03-18"), by=STAFF)
    assert change.agreed_prices == TEN
    choice = PlanChoice(anew, MONTHLY, agreed_prices={})
    change = change_plan(subscription=subscription, choice=choice, at=noon("2026-03-19"), by=STAFF)
    assert change.agreed_prices == {}
    assert bill(subscription.account, "2026-04-03")[-1].endswith(": 150.00")


def test_a_trial_that_chose_another_plan_is_bought_at_the_price_agreed_for_its_own():
    given_vendor()
    held = given_subscription(
        given_account(), trial=True, quantities={KEY: 3}, agreed_prices=TEN, at=noon("2026-03-03")
    )
    given_method(held.account)
    told = ask(held, TrialOrder(choice=PlanChoice(business(), MONTHLY)), "2026-03-23")
    assert told.net_minor == 6000
    told = ask(held, TrialOrder(choice=PlanChoice(team_anew(), MONTHLY)), "2026-03-23")
    assert told.net_minor == 3000


def test_a_discount_for_some_months_does_not_begin_anew():
    half = {KEY: {"discounts": [{"percent": "50", "periods": 2}]}}
    subscription = agreed_at(half)
    order(subscription, business(), MONTHLY, "2026-04-03")
    order(subscription, team(), MONTHLY, "2026-05-03")
    # The two months were those from 3 March on.
    assert bill(subscription.account, "2026-06-03") == ["INV-4 on 2026-06-03: 120.00"]
    assert Change.objects.latest("effective_at").agreed_prices == {
        KEY: {"discounts": [{"percent": "50", "periods": 2, "starts_on": "2026-03-03"}]}
    }


def test_what_was_confirmed_at_one_price_is_not_done_at_another():
    """No line shows the price: nobody has a wallboard yet, and those are charged afterwards."""
    subscription = agreed_at({"wallboard": {"unit_amount": "1.00"}}, version=business())
    version = PlanVersion.objects.create(plan=business().plan, number=2, effective_on=date(2026, 3, 1))
    for row in business().items.prefetch_related("prices"):
        prices = list(row.prices.all())
        item = PlanItem.objects.create(version=version, licence_type=row.licence_type, licences=row.licences)
        for price in prices:
            amount = price.unit_amount
            Price.objects.create(item=item, currency="GBP", interval=price.interval, unit_amount=amount)
    told = ask(subscription, PlanOrder(PlanChoice(version, MONTHLY)), "2026-03-18")
    agree_prices(
        subscription=subscription,
        prices={"wallboard": {"unit_amount": "2.00"}},
        at=noon("2026-03-17"),
        by=STAFF,
    )
    again = ask(subscription, PlanOrder(PlanChoice(version, MONTHLY)), "2026-03-18")
    assert (told.due, told.following) == (again.due, again.following)
    with pytest.raises(QuoteChanged):
        place_order(
            account=subscription.account,
            order=PlanOrder(PlanChoice(version, MONTHLY)),
            expected=told.digest,
            at=noon("2026-03-18"),
            by=customer(subscription),
        )
