"""Whom documents are made out to: checked when it is changed, kept on what was issued."""

import pytest

from charging import given_vendor
from invoicing import given_invoice
from seatledger.domain.events.models import Event
from seatledger.domain.invoices.actions import (
    NewDetails,
    NewTerms,
    change_billing_details,
    change_billing_terms,
)
from seatledger.domain.invoices.actions.details import TooManyCopies, UnknownCountry, UnlikelyTerms
from seatledger.domain.invoices.models import BillingDetails
from seatledger.domain.invoices.parties import parties_of
from seatledger.domain.invoices.queries import get_billing_details
from seatledger.domain.invoices.vat_numbers import UnfitVatNumber
from seatledger.shared.errors import NotFound
from seatledger.shared.text import UnfitEmail, UnfitText
from support import AT, LATER, STAFF, given_account, refreshed

pytestmark = pytest.mark.django_db

BERLIN = NewDetails(
    street="Hauptstr. 1",
    city="Berlin",
    country="DE",
    legal_name="Northwind GmbH",
    postcode="10115",
    vat_number="136695976",
    purchase_order="PO-7",
    copies_to=("Books@northwind.example", "books@northwind.example"),
)


def change(account, **other):
    details = NewDetails(**vars(BERLIN) | other)
    return change_billing_details(account=account, details=details, at=LATER, by=STAFF)


def test_details_are_stored_clean_and_the_neighbours_stay():
    account, neighbour = given_account("Northwind"), given_account("Southwind")
    stored = change(account)
    assert (stored.vat_number, stored.copies_to) == ("DE136695976", ["books@northwind.example"])
    assert get_billing_details(account) == stored
    assert get_billing_details(neighbour).legal_name == ""
    assert not BillingDetails.objects.filter(account=neighbour).exists()


def test_the_event_names_what_changed_and_no_more():
    account = given_account("Northwind")
    change(account)
    change(account, city="Potsdam", postcode="14467")
    change(account, city="Potsdam", postcode="14467")
    events = Event.objects.filter(account=account, kind="billing_details_changed").order_by("sequence")
    assert [event.payload["fields"] for event in events][1:] == [["city", "postcode"]]
    assert "Northwind GmbH" not in str([event.payload for event in events])


def test_what_was_issued_keeps_the_old_ones():
    account = given_account("Northwind")
    change(account, country="GB", vat_number="")
    invoice = given_invoice(account)
    change(account, legal_name="Northwind Holding")
    assert refreshed(invoice).billed_to["name"] == "Northwind GmbH"
    assert parties_of(account).billed_to()["name"] == "Northwind Holding"


@pytest.mark.parametrize(
    ("other", "refusal"),
    [
        ({"country": "XX"}, UnknownCountry),
        ({"country": ""}, UnknownCountry),
        ({"country": "FR"}, UnfitVatNumber),
        ({"street": " "}, UnfitText),
        ({"city": ""}, UnfitText),
        ({"legal_name": "x" * 201}, UnfitText),
        ({"purchase_order": "PO\u202e"}, UnfitText),
        ({"copies_to": ("nobody",)}, UnfitEmail),
        ({"copies_to": tuple(f"a{number}@b.example" for number in range(11))}, TooManyCopies),
    ],
)
def test_what_makes_no_sense_is_refused(other, refusal):
    account = given_account("Northwind")
    with pytest.raises(refusal):
        change(account, **other)
    assert not BillingDetails.objects.exists()


def test_staff_agree_on_terms_and_allow_an_exemption():
    account = given_account("Northwind")
    seller = given_vendor(percent="20")
    terms = NewTerms(seller_key="vendor", terms_days=14, exempt_reason="Diplomatic mission")
    change_billing_terms(account=account, terms=terms, at=LATER, by=STAFF)
    parties = parties_of(account)
    assert (parties.seller, parties.tax_on(AT.date()).kind) == (seller, "E")
    assert (parties.due_on(AT.date()) - AT.date()).days == 14
    change(account)
    assert get_billing_details(account).exempt_reason == "Diplomatic mission"


@pytest.mark.parametrize(
    ("terms", "refusal"),
    [
        (NewTerms(seller_key="nobody"), NotFound),
        (NewTerms(terms_days=366), UnlikelyTerms),
        (NewTerms(terms_days=-1), UnlikelyTerms),
        (NewTerms(exempt_reason="x" * 201), UnfitText),
    ],
)
def test_terms_that_make_no_sense_are_refused(terms, refusal):
    with pytest.raises(refusal):
        change_billing_terms(account=given_account(), terms=terms, at=LATER, by=STAFF)
    assert not BillingDetails.objects.exists()
