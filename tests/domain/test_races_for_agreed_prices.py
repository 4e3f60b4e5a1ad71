"""A price that staff agree while the customer changes to the next version of his plan holds in it, whoever is first.

The control, which looks up the price before it holds the account, takes the new price away again.
"""

from datetime import date, timedelta
from itertools import count
from threading import Barrier

import pytest

from charging import given_vendor, noon
from seatledger.domain.catalogue.models import PlanItem, PlanVersion, Price
from seatledger.domain.subscriptions.actions import PlanChoice, agree_prices, change_plan
from seatledger.domain.subscriptions.models import Change, TakesEffect
from seatledger.domain.subscriptions.queries import get_agreement, get_prices_kept
from selling import MONTHLY, given_subscription, team
from support import STAFF, given_account, given_licence_type, racers

pytestmark = pytest.mark.django_db(transaction=True)

KEY = "professional-user"
TEN, NINE = {KEY: {"unit_amount": "10.00"}}, {KEY: {"unit_amount": "9.00"}}
AGREED_AT = noon("2026-03-18")
CHANGED_AT = AGREED_AT + timedelta(seconds=1)
ROUNDS = 6


def given_two_versions():
    version = PlanVersion.objects.create(plan=team().plan, number=2, effective_on=date(2026, 3, 1))
    item = PlanItem.objects.create(version=version, licence_type=given_licence_type(), licences=5)
    Price.objects.create(item=item, currency="GBP", interval=MONTHLY, unit_amount="15.00")
    return version


def given_ten(name):
    account = given_account(name)
    return given_subscription(account, quantities={KEY: 10}, agreed_prices=TEN, at=noon("2026-03-03"))


def agree(subscription):
    return agree_prices(subscription=subscription, prices=NINE, at=AGREED_AT, by=STAFF)


def price_of(subscription):
    """Return the version of the plan and what one licence costs at the end, in minor units."""
    newest = Change.objects.filter(subscription=subscription).latest("effective_at")
    [licence] = [one for one in get_agreement(subscription.account, at=CHANGED_AT).licences if one.tariff]
    return newest.version.number, licence.unit_price


def test_a_price_agreed_meanwhile_holds():
    given_vendor()
    choice, names = PlanChoice(given_two_versions(), MONTHLY), count(1)
    with racers(2) as run_round:
        for _ in range(ROUNDS):
            subscription = given_ten(f"Company {next(names)}")
            outcomes = run_round(
                lambda one=subscription: agree(one),
                lambda one=subscription: change_plan(
                    subscription=one, choice=choice, at=CHANGED_AT, by=STAFF
                ),
            )
            assert [type(outcome) for outcome in outcomes] == [Change, Change]
            assert price_of(subscription) == (2, 900)


def test_the_control_loses_what_was_agreed():
    given_vendor()
    version, subscription = given_two_versions(), given_ten("Company")
    has_looked, is_agreed = Barrier(2), Barrier(2)

    def look_then_change():
        seen = get_prices_kept(subscription, version, MONTHLY, TakesEffect.AT_ONCE, at=CHANGED_AT)
        has_looked.wait(timeout=60)
        is_agreed.wait(timeout=60)
        choice = PlanChoice(version, MONTHLY, agreed_prices=seen)
        change_plan(subscription=subscription, choice=choice, at=CHANGED_AT, by=STAFF)

    def agree_meanwhile():
        has_looked.wait(timeout=60)
        agree(subscription)
        is_agreed.wait(timeout=60)

    with racers(2) as run_round:
        run_round(look_then_change, agree_meanwhile)
    assert price_of(subscription) == (2, 1000)
