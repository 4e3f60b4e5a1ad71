"""`seatledger rate`: the examples of its page, the schema beside it, and what it refuses."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from seatledger.faces.cli.main import seatledger
from seatledger.faces.cli.rate_file import LONGEST_BYTES

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "rating.md").read_text()
EXAMPLES = re.findall(r"```json\n(.*?)```\n\n```text\n(.*?)```", PAGE, flags=re.DOTALL)

SEAT = {"key": "seat", "unit_amount": "12.00"}
FIRST = {"at": "2026-03-01T00:00:00Z", "item": "seat", "bought": 10}
CONTRACT = {
    "currency": "USD",
    "timezone": "Europe/London",
    "items": [SEAT],
    "events": [FIRST],
    "bill_through": "2026-03-31",
}


def rate(content):
    content = content if isinstance(content, str | bytes) else json.dumps(content)
    return CliRunner().invoke(seatledger, ["rate", "-"], input=content)


def answer(contract):
    result = rate(contract)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def refusal(content):
    result = rate(content)
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    return line.removeprefix("seatledger: ")


def with_item(**fields):
    return {**CONTRACT, "items": [{**SEAT, **fields}]}


def with_event(**fields):
    return {**CONTRACT, "events": [FIRST, {"at": "2026-03-21T00:00:00Z", "item": "seat", **fields}]}


@pytest.mark.parametrize(("contract", "expected"), EXAMPLES)
def test_the_examples_of_the_page_are_true(contract, expected):
    lines = [
        f"{invoice['date']} {line['amount']} {line['description']}"
        for invoice in answer(contract)["invoices"]
        for line in invoice["lines"]
    ]
    assert lines == [" ".join(line.split()) for line in expected.splitlines()]


def test_the_page_has_examples():
    assert len(EXAMPLES) == 6


def test_the_schema_beside_the_page_is_the_one_in_force():
    """After a change of the format: `seatledger rate --schema > docs/rating.schema.json`."""
    result = CliRunner().invoke(seatledger, ["rate", "--schema"])
    assert result.stdout == (DOCS / "rating.schema.json").read_text()


def test_every_field_of_the_schema_is_on_the_page():
    schema = json.loads((DOCS / "rating.schema.json").read_text())
    groups = [schema, *(group for group in schema["$defs"].values() if "properties" in group)]
    fields = {field for group in groups for field in group["properties"]} - {"$schema", "every_count"}
    assert {field for field in fields if f"`{field}`" not in PAGE and f'"{field}"' not in PAGE} == set()


# What is said about ten seats in March, two more from the 21st, and the next invoice.
EVERYTHING = {
    "currency": "USD",
    "invoices": [
        {
            "date": "2026-03-01",
            "kind": "invoice",
            "total": "120.00",
            "lines": [
                {
                    "item": "seat",
                    "price": "seat",
                    "description": "10 seats, 1 to 31 March 2026",
                    "period": {"starts_on": "2026-03-01", "ends_on": "2026-04-01"},
                    "from": "2026-03-01",
                    "to": "2026-04-01",
                    "quantity": 10,
                    "amount": "120.00",
                    "working": [
                        "1 to 31 March 2026: 10 seats charged.",
                        "For the full period, 1 to 31 March 2026, 10 seats cost 120.00.",
                        "Plus, counted to the end of the period: 120.00.",
                        "The amount is 120.00 USD.",
                    ],
                }
            ],
        },
        {
            "date": "2026-03-21",
            "kind": "invoice",
            "total": "8.52",
            "lines": [
                {
                    "item": "seat",
                    "price": "seat",
                    "description": "2 seats, 21 to 31 March 2026",
                    "period": {"starts_on": "2026-03-01", "ends_on": "2026-04-01"},
                    "from": "2026-03-21",
                    "to": "2026-04-01",
                    "quantity": 2,
                    "amount": "8.52",
                    "working": [
                        "21 to 31 March 2026: 12 seats charged instead of 10.",
                        "For the full period, 1 to 31 March 2026, 12 seats cost 144.00 and 10 seats cost 120.00.",
                        "Plus, counted to the end of the period: 24.00 x 11/31 days = 8.516129..., rounded 8.52.",
                        "The amount is 8.52 USD.",
                    ],
                }
            ],
        },
    ],
    "total": "128.52",
    "next_invoice": {
        "date": "2026-04-01",
        "kind": "invoice",
        "total": "144.00",
        "lines": [
            {
                "item": "seat",
                "price": "seat",
                "description": "12 seats, 1 to 30 April 2026",
                "period": {"starts_on": "2026-04-01", "ends_on": "2026-05-01"},
                "from": "2026-04-01",
                "to": "2026-05-01",
                "quantity": 12,
                "amount": "144.00",
                "working": [
                    "1 to 30 April 2026: 12 seats charged.",
                    "For the full period, 1 to 30 April 2026, 12 seats cost 144.00.",
                    "Plus, counted to the end of the period: 144.00.",
                    "The amount is 144.00 USD.",
                ],
            }
        ],
    },
}


def test_an_answer_says_all_there_is_to_say():
    added = {"at": "2026-03-21T09:00:00Z", "item": "seat", "bought_change": 2}
    assert answer({**CONTRACT, "events": [FIRST, added]}) == EVERYTHING


def test_seconds_and_credit_notes():
    contract = with_event(cancel="at_once")
    contract["items"] = [{**SEAT, "proration": {"day_count": "seconds", "decrease": "credit"}}]
    credit = answer(contract)["invoices"][1]
    assert (credit["kind"], credit["total"]) == ("credit_note", "-42.48")
    assert (credit["lines"][0]["from"], credit["lines"][0]["to"]) == (
        "2026-03-21T00:00:00Z",
        "2026-03-31T23:00:00Z",
    )


def test_seats_included_in_another_price_cost_nothing():
    item = {"key": "seat", "charge_model": "capped", "maximum": 10}
    assert answer({**CONTRACT, "items": [item], "events": [{**FIRST, "held": 2, "bought": None}]}) == {
        "currency": "USD",
        "invoices": [],
        "total": "0.00",
        "next_invoice": None,
    }


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({**CONTRACT, "currency": "usd"}, "currency: 'usd' is not a current ISO 4217 currency."),
        ({**CONTRACT, "timezone": "Mars"}, "timezone: Name a time zone of the tz database"),
        ({**CONTRACT, "bill_through": "9999-12-31"}, "bill_through: Write a day as YYYY-MM-DD"),
        ({**CONTRACT, "bill_through": "2026-02-30"}, "bill_through: Write a day as YYYY-MM-DD"),
        ({**CONTRACT, "items": []}, "items: "),
        ({**CONTRACT, "surprise": 1}, "surprise: "),
        ({**CONTRACT, "sur\nprise": 1}, "sur?prise: "),
        ({**CONTRACT, "\ud800": 1}, "file: "),
        ('{"\\ud800": 1, "\\ud800": 2}', "?: It is given twice in one object."),
        ({**CONTRACT, "items": [SEAT, SEAT]}, "items.1.key: Another item has this key."),
        (with_item(unit_amount=12.5), 'items.0.unit_amount: Write an amount as text, such as "12.00"'),
        (with_item(unit_amount="NaN"), 'items.0.unit_amount: Write an amount as text, such as "12.00"'),
        (with_item(unit_amount="-1"), 'items.0.unit_amount: Write an amount as text, such as "12.00"'),
        (with_item(flat_amount="1"), "items.0: Give one of unit_amount, flat_amount and tiers."),
        (with_item(interval="fortnight"), "items.0.interval: "),
        (with_item(interval_count=0), "items.0.interval_count: "),
        (with_item(anchor="soon"), "items.0.anchor: Write anniversary, calendar, or a day"),
        (with_item(key="a\x00b"), "items.0.key: Begin with a letter or a digit;"),
        (with_item(free_quantity=True), "items.0.free_quantity: "),
        (
            with_item(discounts=[{"percent": "101"}]),
            "items.0.discounts: A discount takes off between 0 and 100",
        ),
        (
            with_item(discounts=[{"periods": 1, "until": "2026-04-01"}]),
            "items.0.discounts: A discount lasts for a",
        ),
        (
            with_item(proration={"decrease": "credit", "increase": "above_highest_paid"}),
            "items.0.proration: What is credited is no longer paid",
        ),
        (
            with_item(proration={"day_count": "seconds", "rounded": "unit"}),
            "items.0.proration: The price of one second",
        ),
        (
            with_item(charge_model="active", proration={"day_count": "none"}),
            "items.0: Counting daily charges parts of a period",
        ),
        (
            with_item(charge_model="active", true_up={"every": "month"}),
            "items.0: A true-up goes with prepaid",
        ),
        ({**CONTRACT, "items": [{"key": "seat", "tiers": []}]}, "items.0.tiers: The last tier has no end."),
        (with_event(), "events.1: Give one of bought"),
        (with_event(bought=1, held=1), "events.1: Give one of bought"),
        (with_event(bought=-1), "events.1.bought: "),
        (with_event(bought=10**30), "events.1.bought: "),
        (with_event(bought=1, holder="ann"), "events.1: A holder goes with held_change."),
        (with_event(bought=1, item="chair"), "events.1.item: There is no item with this key."),
        (with_event(bought=1, at="2026-03-21"), "events.1.at: Write an instant as"),
        (with_event(bought=1, at="2026-03-21T25:00:00Z"), "events.1.at: Write an instant as"),
        (
            with_event(bought=1, recorded_at="2026-03-01T00:00:00Z"),
            "events.1.recorded_at: An event is recorded when",
        ),
        (
            with_event(bought=1, at="2026-03-01T00:00:00Z"),
            "events: At 2026-03-01T00:00:00+00:00 the seats of seat are set",
        ),
        (
            with_event(bought_change=-11),
            "events: At 2026-03-21T00:00:00+00:00 fewer than no seats of seat remain.",
        ),
        (with_event(change_plan={}), "events.1.change_plan: Give one of unit_amount"),
        ("", "file: It is not JSON"),
        ("[]", "file: Write an object."),
        ({**CONTRACT, "items": {}}, "items: Write a list."),
        (with_item(key="\ud800"), "items.0.key: It holds half a character."),
        ('{"currency": NaN}', "file: NaN is not a number."),
        ('{"currency": "USD", "currency": "EUR"}', "currency: It is given twice in one object."),
        ("[" * 100_000, "file: It is nested too deeply."),
        (b"\xff\xfe", "file: It is not UTF-8 text."),
        ("1" * 5000, "file: It is not JSON"),
        (" " * (LONGEST_BYTES + 1), "file: It is longer than 10 MB."),
    ],
)
def test_a_refusal_is_one_line_that_names_the_field(content, field):
    assert refusal(content).startswith(field)


def test_it_needs_no_database_and_no_settings(tmp_path):
    file = tmp_path / "contract.json"
    file.write_text(json.dumps(CONTRACT))
    program = (
        "import sys; from django.conf import settings; from seatledger.faces.cli.main import seatledger;"
        "seatledger(['rate', sys.argv[1]], standalone_mode=False); sys.exit(settings.configured)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(file)], capture_output=True, check=False, text=True
    )
    assert (done.returncode, json.loads(done.stdout)["total"]) == (0, "120.00")
