"""A price in plain words says all there is to know of it, exactly."""

import pytest

from seatledger.domain.catalogue.price_fields import Charging, read_price
from seatledger.domain.catalogue.price_words import amount_in_words, conditions_in_words, price_in_words
from seatledger.engine.periods import Unit
from seatledger.engine.plans import Plan
from seatledger.engine.policies import ChargeModel, CountingRule

PREPAID = Charging("enterprise", "USD", Unit.MONTH, ChargeModel.PREPAID, CountingRule.DAILY)
ACTIVE = PREPAID._replace(charge_model=ChargeModel.ACTIVE)
TIERS = [{"up_to": 10, "unit_amount": "10"}, {"unit_amount": "8"}]


def plan(charging: Charging = PREPAID, **fields: object) -> Plan:
    given = fields.keys() & {"unit_amount", "flat_amount", "tiers"}
    return read_price({**fields, **({} if given else {"unit_amount": "12.00"})}).to_plan(
        charging, field="price"
    )


def test_a_price_is_its_amount_and_how_it_is_charged():
    assert price_in_words(plan(unit_amount="24.00", interval_count=2)) == (
        "24.00 USD per licence every 2 months.",
        "Bought ahead, by count: each licence is billed, whether it is in use or not.",
    )


@pytest.mark.parametrize(
    ("model", "rule", "said"),
    [
        ("active", "daily", "Billed for each day a licence is held."),
        ("active", "peak", "Billed for the highest number held at once in the period."),
        ("active", "closing", "Billed for the number held when the period ends."),
        ("capped", "ever", "Billed for everyone who held one at any time in the period, up to the maximum."),
    ],
)
def test_the_charge_model_and_the_counting_rule_are_said(model: str, rule: str, said: str):
    charging = PREPAID._replace(charge_model=ChargeModel(model), counting_rule=CountingRule(rule))
    assert price_in_words(plan(charging, unit_amount="12"))[1:] == (said,)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"unit_amount": "200"}, "200.00 USD per licence per month"),
        ({"unit_amount": "0.00125"}, "0.00125 USD per licence per month"),
        ({"unit_amount": "0.000000000001"}, "0.000000000001 USD per licence per month"),
        ({"unit_amount": "999999999999.999999999999"}, "999999999999.999999999999 USD per licence per month"),
        ({"unit_amount": "0"}, "Free of charge"),
        ({"flat_amount": "0"}, "Free of charge"),
        ({"flat_amount": "500"}, "500.00 USD per month, whatever the number of licences"),
        (
            {"flat_amount": "500", "interval_count": 3},
            "500.00 USD every 3 months, whatever the number of licences",
        ),
        (
            {"tiers": TIERS},
            "Per month, each licence by its own tier: 1 to 10, 10.00 USD each; from 11 on, 8.00 USD each",
        ),
        (
            {"tiers": TIERS, "tier_mode": "volume"},
            "Per month, all licences by the tier of the last one: 1 to 10, 10.00 USD each; from 11 on, 8.00 USD each",
        ),
        (
            {"tiers": [{"up_to": 1}, {"up_to": 5, "flat_amount": "20"}, {"flat_amount": "5", "unit_amount": "3"}]},
            ("Per month, each licence by its own tier: 1, free of charge; 2 to 5, 20.00 USD in all; "
            "from 6 on, 5.00 USD and 3.00 USD each"),
        ),
        (
            {"tiers": [{"unit_amount": "8"}]},
            "Per month, each licence by its own tier: any number, 8.00 USD each",
        ),
    ],
)  # fmt: skip
def test_the_amount_is_said_exactly(fields, said: str):
    assert amount_in_words(plan(**fields).tariff) == said


def test_each_currency_has_its_own_decimals():
    amounts = [
        amount_in_words(plan(PREPAID._replace(currency=currency), unit_amount="1200.5").tariff)
        for currency in ("JPY", "KWD")
    ]
    assert amounts == ["1200.5 JPY per licence per month", "1200.500 KWD per licence per month"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, ()),
        ({"free_quantity": 1}, ("The first licence is free.",)),
        ({"free_quantity": 3}, ("The first 3 licences are free.",)),
        ({"minimum_quantity": 1}, ("At least 1 licence is counted.",)),
        (
            {"free_quantity": 3, "minimum_quantity": 5},
            ("The first 3 licences are free.", "At least 5 licences are counted, free ones among them."),
        ),
        ({"minimum_amount": "50"}, ("At least 50.00 USD per month.",)),
        ({"discounts": [{"percent": "12.5"}]}, ("12.5 % off.",)),
        ({"discounts": [{"percent": "10", "periods": 1}]}, ("10 % off for the first month.",)),
        ({"discounts": [{"amount": "5", "periods": 3}]}, ("5.00 USD per month off for the first 3 months.",)),
        (
            {"interval_count": 2, "discounts": [{"percent": "10", "periods": 3}]},
            ("10 % off for the first 3 periods.",),
        ),
        (
            {"discounts": [{"percent": "10", "amount": "5", "until": "2027-01-01"}, {"percent": "1"}]},
            ("10 % and then 5.00 USD per month off up to and including 31 December 2026.", "1 % off."),
        ),
        (
            {"discounts": [{"percent": "10", "starts_on": "2026-05-01", "periods": 2}]},
            ("10 % off from 1 May 2026 for 2 months.",),
        ),
        (
            {"discounts": [{"percent": "10", "starts_on": "2026-05-01", "periods": 1}]},
            ("10 % off from 1 May 2026 for 1 month.",),
        ),
        ({"anchor": "calendar"}, ("Periods are those of the calendar; a part of one is charged as its part.",)),
        ({"anchor": "2026-01-31"}, ("Periods are counted from 31 January 2026.",)),
        (
            {"true_up": {"every": "quarter"}},
            (
                ("At the end of each quarter, the most licences held at once beyond those paid for are charged "
                "for that time."),
            ),
        ),
        (
            {"true_up": {"every": "week", "every_count": 2, "charge": "rest_of_period"}},
            (
                ("At the end of every 2 weeks, the most licences held at once beyond those paid for are charged "
                "for the rest of the period."),
            ),
        ),
    ],
)  # fmt: skip
def test_what_belongs_to_the_price_is_said(fields, said: tuple[str, ...]):
    assert conditions_in_words(plan(**fields)) == said


@pytest.mark.parametrize(
    ("proration", "said"),
    [
        ({"day_count": "seconds"}, "Parts of a period are charged by the second."),
        (
            {"day_count": "thirty_day_month"},
            "Parts of a period are charged by the day, and every month has 30 days.",
        ),
        ({"day_count": "none"}, "Any part of a period costs the full price."),
        ({"ending_day_billed": False}, "The day on which a licence ends is not charged."),
        (
            {"increase": "above_highest_paid"},
            "Licences added are charged as far as they exceed the most that was paid for in the period.",
        ),
        ({"increase_charge": "full"}, "Licences added are charged for the full period."),
        (
            {"increase_from": "next_invoice"},
            "Licences added are charged from their day, on the next invoice.",
        ),
        ({"increase_from": "renewal"}, "Licences added are charged from the next period."),
        ({"decrease": "credit"}, "Licences taken away are credited for the days left."),
        ({"decrease": "refused"}, "The number of licences cannot fall within a period."),
        ({"rounded": "seat"}, "Each licence is rounded by itself."),
        ({"rounded": "unit"}, "The price of one licence for one day is rounded, then multiplied."),
        ({"rounding": "truncate"}, "What is less than the smallest coin is dropped."),
    ],
)
def test_how_parts_are_charged_is_said_where_it_is_not_the_usual_way(proration, said: str):
    assert conditions_in_words(plan(proration=proration)) == (said,)


def test_what_goes_with_buying_ahead_is_not_said_of_what_is_charged_in_arrears():
    proration = {"increase": "above_highest_paid", "decrease": "refused", "ending_day_billed": False}
    assert conditions_in_words(plan(ACTIVE, proration=proration)) == (
        "The day on which a licence ends is not charged.",
    )
