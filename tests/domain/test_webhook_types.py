"""The types of events that programs are told; a house rule makes every happening one of them, or private."""

import sys
from dataclasses import fields
from pathlib import Path

import pytest

from seatledger.domain.notifications.webhooks.event_types import (
    EVENT_TYPES,
    NAMES,
    NAMES_FOR_CUSTOMERS,
    find_event_type,
)

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

from list_event_types import PAGE, all_happenings, page_with_types


@pytest.mark.parametrize("event_type", EVENT_TYPES, ids=lambda each: each.name)
def test_an_event_type_finds_what_it_is_about_among_the_facts(event_type):
    facts = {field.name for field in fields(all_happenings()[event_type.kind])}
    assert event_type.id_in in facts | {""}
    assert event_type.only_if is None or event_type.only_if[0] in facts
    assert event_type.name == event_type.name.lower()
    assert event_type.name.count(".") == 1


def test_the_page_lists_every_type():
    current = PAGE.read_text(encoding="utf-8") == page_with_types()
    assert current, "run: python scripts/list_event_types.py"


def test_names_are_unique_and_customers_choose_from_most_of_them():
    assert len(set(NAMES)) == len(NAMES)
    assert set(NAMES_FOR_CUSTOMERS) < set(NAMES)
    assert "billing.parked" not in NAMES_FOR_CUSTOMERS


@pytest.mark.parametrize(
    ("kind", "facts", "name"),
    [
        ("document_issued", {"document_kind": "invoice"}, "invoice.issued"),
        ("document_issued", {"document_kind": "credit_note"}, "credit_note.issued"),
        ("licence_assigned", {}, "licence.assigned"),
        ("files_made", {}, None),
        ("no_such_kind", {}, None),
    ],
)
def test_an_event_is_of_one_type_or_of_none(kind, facts, name):
    found = find_event_type(kind, facts)
    assert (found.name if found else None) == name
