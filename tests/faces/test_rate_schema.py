"""The JSON Schema of a rate file: what the command accepts it accepts, and what one field says wrong it refuses."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from seatledger.domain.catalogue.price_values import FieldRefused
from seatledger.faces.cli.rate_file import read_rate_file

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "rating.schema.json").read_text())
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)

CONTRACT = {
    "$schema": "rating.schema.json",
    "currency": "USD",
    "timezone": "Europe/London",
    "items": [
        {
            "key": "seat",
            "plan": "Basic",
            "unit_amount": "12.00",
            "flat_amount": None,
            "charge_model": "prepaid",
            "counting_rule": "daily",
            "interval": "month",
            "interval_count": 1,
            "anchor": "anniversary",
            "tier_mode": "volume",
            "free_quantity": 1,
            "minimum_quantity": 2,
            "minimum_amount": "5",
            "discounts": [{"percent": "10", "amount": "1", "periods": 2, "starts_on": "2026-03-01"}],
            "proration": {"day_count": "days", "ending_day_billed": True, "rounded": "line"},
            "true_up": {"every": "quarter", "every_count": 1, "charge": "window"},
            "starts_on": "2026-03-01",
            "trial_until": "2026-03-15",
            "maximum": 50,
        },
        {"key": "tiered", "tiers": [{"up_to": 10, "unit_amount": "1"}, {"flat_amount": "3"}]},
        {"key": "included", "charge_model": "capped"},
    ],
    "events": [
        {"at": "2026-03-01T00:00:00Z", "item": "seat", "bought": 10, "held": None},
        {"at": "2026-03-02T09:00:00.5+01:00", "item": "seat", "held_change": 1, "holder": "ann"},
        {"at": "2026-03-03T00:00:00Z", "item": "seat", "cancel": "at_once", "when": "at_once"},
        {"at": "2026-03-04T00:00:00Z", "item": "tiered", "change_plan": {"unit_amount": "1"}},
        {
            "at": "2026-03-05T00:00:00Z",
            "item": "tiered",
            "bought_change": -1,
            "recorded_at": "2026-03-06T00:00:00Z",
        },
    ],
    "bill_through": "2026-04-01",
}
# What JSON has no word for: that another field names it, that numbers rise, what the tz database knows.
BEYOND_A_SCHEMA = (
    *("There is no item", "Tiers rise", "The last tier", "An event is recorded", "Name a time zone"),
    "A discount takes off between 0 and 100",
)
VALUES = [
    *(None, True, 0, 1, -1, 12.5, 10**7, 10**30, [], [1], {}, {"unknown": 1}),
    *("", "12.00", "-1", "NaN", "1e3", "١٢", "\x00", "x" * 101, "month", "UTC", "usd", "at_once", "volume"),
    *("2026-03-01", "2026-02-30", "1969-12-31", "2200-01-01", "2026-03-01T00:00:00Z"),
    *("2026-03-01T00:00Z", "2026-03-01t00:00:00z", "2026-03-01T25:00:00Z", "2026-03-01T00:00:00+25:00"),
]


def places_in(value, place=()):
    yield place
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from places_in(value[key], (*place, key))


def with_value(place, value):
    changed = json.loads(json.dumps(CONTRACT))
    *way, last = place
    inside = changed
    for key in way:
        inside = inside[key]
    inside[last] = value
    return changed


def refusal_of(contract):
    """Return why the command refuses a contract, or an empty text."""
    try:
        read_rate_file(BytesIO(json.dumps(contract).encode()))
    except FieldRefused as refused:
        return str(refused)
    return ""


def test_the_schema_is_one_and_takes_a_contract_that_says_everything():
    Draft202012Validator.check_schema(SCHEMA)
    assert (refusal_of(CONTRACT), VALIDATOR.is_valid(CONTRACT)) == ("", True)


@pytest.mark.parametrize("place", [place for place in places_in(CONTRACT) if place], ids=str)
def test_the_schema_and_the_command_accept_the_same(place):
    differ = []
    for value in VALUES:
        contract = with_value(place, value)
        refused = refusal_of(contract)
        if VALIDATOR.is_valid(contract) == bool(refused) and not any(
            words in refused for words in BEYOND_A_SCHEMA
        ):
            differ.append((value, refused))
    assert differ == []


@pytest.mark.parametrize(
    "contract",
    [
        with_value(("items", 0, "flat_amount"), "1"),
        with_value(("items", 0, "discounts", 0, "until"), "2026-04-01"),
        with_value(("items", 1, "tiers"), None),
        with_value(("events", 0, "held"), 1),
        with_value(("events", 0, "bought"), None),
        with_value(("events", 0, "holder"), "ann"),
        with_value(("surprise",), 1),
    ],
)
def test_what_contradicts_itself_is_refused_by_both(contract):
    assert (bool(refusal_of(contract)), VALIDATOR.is_valid(contract)) == (True, False)
