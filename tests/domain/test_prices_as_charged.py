"""Prices of the catalogue, and those agreed with an account, as the engine charges them."""

from datetime import date
from fractions import Fraction

import pytest

from seatledger.domain.catalogue.files import read_catalogue
from seatledger.domain.catalogue.models import LicenceType
from seatledger.domain.catalogue.price_values import FieldRefused
from seatledger.domain.catalogue.queries import get_plan_version_for_operator, get_price
from seatledger.domain.catalogue.tariffs import plan_of
from seatledger.domain.licences.actions import apply_catalogue
from seatledger.engine.periods import Interval, Unit
from seatledger.engine.plans import Grant, Plan
from seatledger.engine.policies import ChargeModel, CountingRule
from seatledger.engine.prices import PerUnit
from seatledger.engine.prices import Price as EnginePrice
from seatledger.engine.rates import Reduction
from seatledger.engine.tariffs import Tariff
from support import AT, STAFF

pytestmark = pytest.mark.django_db

FIRST_DAY = date(2026, 3, 1)

SUITE = """
[product]
key = "suite"
name = "Suite"

[[licence_types]]
key = "user"
name = "User"
charge_model = "active"
counting_rule = "peak"

[[plans]]
key = "basic"
name = "Basic"

[[plans.items]]
licence_type = "user"

[[plans.items.prices]]
currency = "EUR"
interval = "month"
amount = 12.345
"""


@pytest.fixture(autouse=True)
def _catalogue() -> None:
    apply_catalogue(wanted=read_catalogue(SUITE), effective_on=FIRST_DAY, at=AT, by=STAFF)


def user_price(currency: str = "EUR", interval: str = "month"):
    version = get_plan_version_for_operator("basic", FIRST_DAY)
    return get_price(version, user_type(), currency=currency, interval=interval)


def user_type() -> LicenceType:
    return LicenceType.objects.get(key="user")


def plan(amount: EnginePrice, *grants: Grant) -> Plan:
    rules = (ChargeModel.ACTIVE, CountingRule.PEAK)
    return Plan(Tariff("basic", "EUR", amount, Interval(Unit.MONTH), *rules), grants)


def test_a_price_is_charged_by_the_rules_of_its_licence_type():
    expected = plan(EnginePrice(PerUnit(Fraction("1234.5"))))
    assert plan_of(user_price(), user_type()) == expected


def test_there_is_no_price_in_another_currency_or_interval():
    assert user_price(currency="USD") is None
    assert user_price(interval="year") is None


def test_what_is_agreed_stands_in_place_of_the_price():
    agreed = {"unit_amount": "10.00", "minimum_quantity": 5}
    expected = plan(EnginePrice(PerUnit(1000), minimum_quantity=5))
    assert plan_of(user_price(), user_type(), agreed=agreed) == expected


def test_a_discount_is_agreed_on_the_price_of_the_catalogue():
    agreed = {"discounts": [{"percent": "10", "periods": 12}]}
    expected = plan(EnginePrice(PerUnit(Fraction("1234.5"))), Grant(Reduction(percent=10), periods=12))
    assert plan_of(user_price(), user_type(), agreed=agreed) == expected


@pytest.mark.parametrize(
    ("agreed", "said"),
    [
        ({"unit_amount": "-1"}, "unit_amount: Write an amount as text"),
        ({"unit_amount": "1", "flat_amount": "1"}, "price: Give one of unit_amount, flat_amount and tiers."),
        ({"charge_model": "prepaid"}, "charge_model: Extra inputs are not permitted"),
        ({"true_up": {"every": "quarter"}}, "user: A true-up goes with prepaid"),
    ],
)
def test_what_cannot_have_been_agreed_is_refused(agreed, said):
    with pytest.raises(FieldRefused, match=said):
        plan_of(user_price(), user_type(), agreed=agreed)
