"""A price that was promised holds after a change that waits already; where it cannot, nobody promises it."""

from datetime import date, timedelta

import pytest

from charging import documents_of, given_vendor, noon, run
from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.models import PlanItem, PlanVersion, Price
from seatledger.domain.payments.actions.quotations import (
    NewQuotation,
    OfferedLine,
    accept_quotation,
    send_quotation,
    tell_quotation,
)
from seatledger.domain.payments.models import Quotation, QuotationState
from seatledger.domain.subscriptions.actions import (
    PlanChoice,
    agree_prices,
    change_plan,
    withdraw_change,
)
from seatledger.domain.subscriptions.models import Change, SoldBy, Subscription, TakesEffect
from seatledger.domain.subscriptions.queries import list_changes_to_come
from seatledger.domain.subscriptions.refusals import PriceNotKept
from selling import business, given_subscription, team
from support import STAFF, actor_of, administrator_of, given_account, given_licence_type, refreshed

pytestmark = pytest.mark.django_db

KEY = "professional-user"
MARCH_3, MARCH_13, MARCH_18 = noon("2026-03-03"), noon("2026-03-13"), noon("2026-03-18")


@pytest.fixture
def subscription() -> Subscription:
    """Ten licences at 12.00 a month from 3 March 2026, billed, by contract."""
    given_vendor()
    account = given_account()
    held = given_subscription(account, sold_by=SoldBy.CONTRACT, quantities={KEY: 10}, at=MARCH_3)
    run("2026-03-03")
    return held


def team_from_april() -> PlanVersion:
    """The second version of the plan, at 15.00 a month."""
    version = PlanVersion.objects.create(plan=team().plan, number=2, effective_on=date(2026, 3, 1))
    item = PlanItem.objects.create(version=version, licence_type=given_licence_type(), licences=5)
    Price.objects.create(item=item, currency="GBP", interval="month", unit_amount="15.00")
    return version


def renew_on(subscription: Subscription, version: PlanVersion, interval: str = "month") -> Change:
    """Agree that the subscription goes on so with its next period."""
    return change_plan(
        subscription=subscription,
        choice=PlanChoice(version=version, interval=interval),
        takes_effect=TakesEffect.AT_PERIOD_END,
        at=MARCH_13,
        by=STAFF,
    )


def send(subscription: Subscription) -> Quotation:
    """Offer five more licences at 10.00 a month, which all of them cost from then on."""
    line = OfferedLine(subscription.items.get().pk, 5, {"unit_amount": "10.00"})
    new = NewQuotation([line], date(2026, 4, 20))
    return send_quotation(account=subscription.account, new=new, at=MARCH_13, by=STAFF)


def accept(quotation: Quotation) -> None:
    by = actor_of(administrator_of(quotation.account))
    expected = tell_quotation(quotation=quotation, at=MARCH_18, by=by).digest
    accept_quotation(quotation=quotation, expected=expected, at=MARCH_18, by=by)


def later_documents(account: Account) -> list[str]:
    run("2026-04-03")
    return documents_of(account)[1:]


def test_a_promised_price_holds_after_a_new_version_that_waits(subscription):
    renew_on(subscription, team_from_april())
    quotation = send(subscription)
    assert quotation.following_minor == 15_000
    accept(quotation)
    assert later_documents(subscription.account) == [
        # 16 of 31 days are left: of 15 at 10.00, instead of 10 at 12.00
        "INV-2 on 2026-03-18: 15.48 = -61.94 + 77.42",
        "INV-3 on 2026-04-03: 150.00",
    ]


def test_what_waits_with_a_price_of_its_own_for_then_keeps_it(subscription):
    agree_prices(
        subscription=subscription,
        prices={KEY: {"unit_amount": "9.00"}},
        takes_effect=TakesEffect.AT_PERIOD_END,
        at=MARCH_13,
        by=STAFF,
    )
    quotation = send(subscription)
    assert quotation.following_minor == 13_500
    accept(quotation)
    assert later_documents(subscription.account)[-1] == "INV-3 on 2026-04-03: 135.00"


@pytest.mark.parametrize(
    ("version", "interval", "words"),
    [(team, "year", "Team by the year"), (business, "month", "Business by the month")],
)
def test_a_price_that_would_be_lost_is_not_promised(subscription, version, interval, words):
    waiting = renew_on(subscription, version(), interval)
    with pytest.raises(PriceNotKept, match=f"From 03 April 2026 on, {words} is agreed"):
        send(subscription)
    assert not Quotation.objects.exists()
    withdraw_change(change=waiting, at=MARCH_13, by=STAFF)
    assert send(subscription).state == QuotationState.SENT


def test_a_quotation_is_not_accepted_once_its_price_would_be_lost(subscription):
    quotation = send(subscription)
    waiting = renew_on(subscription, business())
    with pytest.raises(PriceNotKept, match="Withdraw that change first"):
        accept(quotation)
    assert refreshed(subscription.items.get().pool).total_licences == 10
    assert refreshed(quotation).state == QuotationState.SENT
    withdraw_change(change=waiting, at=MARCH_13, by=STAFF)
    accept(quotation)
    assert later_documents(subscription.account)[-1] == "INV-3 on 2026-04-03: 150.00"


def test_staff_agree_a_price_until_another_plan_that_waits(subscription):
    waiting = renew_on(subscription, business())
    agree_prices(subscription=subscription, prices={KEY: {"unit_amount": "10.00"}}, at=MARCH_18, by=STAFF)
    told = {one.change.pk: one.contradictions for one in list_changes_to_come(subscription.account)}
    [found] = told[waiting.pk]
    assert found.words == (
        "The price that was agreed for Professional User is not for Business by the month. "
        "The list price applies from then on: 20.00 GBP per licence per month."
    )
    assert later_documents(subscription.account) == [
        # 16 of 31 days are left, at 10.00 instead of 12.00; then 10 of Business at 20.00
        "CN-1 on 2026-03-18: 10.33 = 61.94 + -51.61",
        "INV-2 on 2026-04-03: 200.00",
    ]


def test_two_prices_for_one_instant_are_shown_and_two_that_agree_are_not(subscription):
    renew_on(subscription, business())
    for amount, at in (("18.00", MARCH_13 + timedelta(hours=1)), ("17.00", MARCH_18)):
        agree_prices(
            subscription=subscription,
            prices={KEY: {"unit_amount": amount}},
            takes_effect=TakesEffect.AT_PERIOD_END,
            at=at,
            by=STAFF,
        )
    told = [[one.words for one in each.contradictions] for each in list_changes_to_come(subscription.account)]
    said = "Professional User at {} GBP per licence per month was agreed for the same instant."
    assert told == [[], [said.format("17.00")], [said.format("18.00")]]


def test_a_price_for_the_renewal_is_one_of_the_plan_that_is_agreed_for_it(subscription):
    renew_on(subscription, business())
    agree_prices(
        subscription=subscription,
        prices={KEY: {"unit_amount": "18.00"}},
        takes_effect=TakesEffect.AT_PERIOD_END,
        at=MARCH_18,
        by=STAFF,
    )
    # 10 at 18.00: the plan stays Business, whose wallboards nobody uses.
    assert later_documents(subscription.account) == ["INV-2 on 2026-04-03: 180.00"]
