"""Prices of the catalogue, and those agreed with an account, as the engine charges them."""

from datetime import date
from fractions import Fraction

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from seatledger.domain.catalogue.differences import item_in_lines
from seatledger.domain.catalogue.files import read_catalogue
from seatledger.domain.catalogue.models import LicenceType, Price
from seatledger.domain.catalogue.price_fields import read_price
from seatledger.domain.catalogue.price_values import FieldRefused
from seatledger.domain.catalogue.queries import get_plan_version_for_operator, get_price, items_of
from seatledger.domain.catalogue.tariffs import (
    agree,
    columns_of,
    fields_of,
    plan_of,
)
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
NEXT_DAY = date(2026, 4, 1)

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
unit_amount = 12.345
"""


amounts = st.integers(0, 10**9).map(lambda number: f"{number // 1000}.{number % 1000:03}")
quantities = st.integers(0, 100)
tiers = st.tuples(
    st.fixed_dictionaries({"up_to": st.integers(1, 50)}, optional={"unit_amount": amounts}),
    st.fixed_dictionaries({}, optional={"unit_amount": amounts, "flat_amount": amounts}),
)
discounts = st.fixed_dictionaries(
    {},
    optional={
        "amount": amounts,
        "periods": st.integers(1, 12),
        "starts_on": st.dates(FIRST_DAY, date(2099, 1, 1)).map(str),
    },
)


@st.composite
def prices(draw):
    """Return what a price may say: an amount in one of three ways, and some of all else."""
    ways = {"unit_amount": amounts, "flat_amount": amounts, "tiers": tiers}
    way = draw(st.sampled_from(sorted(ways)))
    others = {
        "interval_count": st.integers(1, 12),
        "anchor": st.sampled_from(["calendar", "anniversary", "2026-01-31"]),
        "free_quantity": quantities,
        "minimum_quantity": quantities,
        "minimum_amount": amounts,
        "discounts": st.lists(discounts, max_size=2),
        "proration": st.fixed_dictionaries({}, optional={"ending_day_billed": st.booleans()}),
        "true_up": st.just({"every": "quarter"}),
    }
    return read_price(draw(st.fixed_dictionaries({way: ways[way]}, optional=others)))


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


def test_what_is_agreed_leaves_the_rest_as_it_was():
    fields = read_price({"unit_amount": "5", "minimum_quantity": 3, "proration": {"rounded": "seat"}})
    assert agree(fields, {"flat_amount": "100", "minimum_quantity": 4}) == read_price(
        {"flat_amount": "100", "minimum_quantity": 4, "proration": {"rounded": "seat"}}
    )


@given(prices())
def test_a_stored_price_says_what_the_file_said(fields):
    assert fields_of(Price(**columns_of(fields))) == fields


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


EVERYTHING = """
interval_count = 3
anchor = 2026-01-31
tier_mode = "volume"
tiers = [{ up_to = 10, unit_amount = 10.50 }, { unit_amount = 8, flat_amount = 0.000000000001 }]
free_quantity = 1
minimum_quantity = 2
minimum_amount = 30
discounts = [{ percent = 12.5, amount = 1.00, periods = 3 }, { percent = 1, until = 2027-01-01 }]
proration = { day_count = "thirty_day_month", rounding = "truncate" }
"""


def test_a_price_says_all_that_the_engine_can_and_is_stored_whole():
    wanted = read_catalogue(SUITE.replace("unit_amount = 12.345", EVERYTHING))
    difference = apply_catalogue(wanted=wanted, effective_on=NEXT_DAY, at=AT, by=STAFF)
    version = get_plan_version_for_operator("basic", NEXT_DAY)
    assert items_of(version) == wanted.plans[0].items
    assert difference.plans[0].contents == (
        "user: not limited",
        (
            "    Every 3 months, all licences by the tier of the last one: 1 to 10, 10.50 EUR each; "
            "from 11 on, 0.000000000001 EUR and 8.00 EUR each. "
            "The first licence is free. At least 2 licences are counted, free ones among them. "
            "At least 30.00 EUR every 3 months. 12.5 % and then 1.00 EUR every 3 months off for the first 3 periods. "
            "1 % off up to and including 31 December 2026. Periods are counted from 31 January 2026. "
            "Parts of a period are charged by the day, and every month has 30 days. "
            "What is less than the smallest coin is dropped."
        ),
    )
    price = get_price(version, user_type(), currency="EUR", interval="month")
    assert (price.unit_amount, price.interval_count) == (None, 3)
    assert plan_of(price, user_type()).tariff.interval == Interval(Unit.MONTH, 3)


def test_a_changed_rule_is_a_new_version_and_one_written_otherwise_is_none():
    changed = SUITE.replace("unit_amount = 12.345", 'unit_amount = "12.3450"\nfree_quantity = 0')
    difference = apply_catalogue(
        wanted=read_catalogue(changed), effective_on=NEXT_DAY, dry_run=True, at=AT, by=STAFF
    )
    assert difference.is_empty
    changed = SUITE.replace("12.345", "12.345\nfree_quantity = 1")
    difference = apply_catalogue(wanted=read_catalogue(changed), effective_on=NEXT_DAY, at=AT, by=STAFF)
    assert [change.version for change in difference.plans] == [2]


@pytest.mark.parametrize(
    "columns",
    [
        {"unit_amount": None},
        {"unit_amount": 1, "rules": {"flat_amount": "1"}},
        {"unit_amount": 1, "rules": {"tiers": []}},
        {"unit_amount": 1, "interval_count": 0},
    ],
)
def test_the_database_refuses_a_price_of_no_or_two_amounts(columns):
    item = get_plan_version_for_operator("basic", FIRST_DAY).items.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Price.objects.create(item=item, currency="USD", interval="month", **columns)


def test_a_price_made_when_its_type_was_charged_otherwise_is_still_shown():
    prepaid = SUITE.replace('charge_model = "active"', 'charge_model = "prepaid"')
    prepaid = prepaid.replace('licence_type = "user"', 'licence_type = "user"\nlicences = 5')
    with_true_up = prepaid.replace("12.345", '12.345\ntrue_up = { every = "quarter" }')
    apply_catalogue(wanted=read_catalogue(with_true_up), effective_on=NEXT_DAY, at=AT, by=STAFF)
    apply_catalogue(wanted=read_catalogue(SUITE), effective_on=date(2026, 5, 1), at=AT, by=STAFF)
    (item,) = items_of(get_plan_version_for_operator("basic", NEXT_DAY))
    assert list(item_in_lines(item, {"user": user_type()})) == [
        "user: 5",
        (
            "    No longer possible in EUR a month: price: "
            "A true-up goes with prepaid: seats charged in arrears are never below their peak."
        ),
    ]
