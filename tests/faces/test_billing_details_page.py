"""Billing details: seen and changed by those who may."""

import pytest
from django.urls import reverse
from signing_in import page_of

from reading import text_of
from seatledger.domain.invoices.models import BillingDetails
from seatledger.domain.invoices.queries import get_billing_details
from seatledger.domain.people.permissions import Permission
from support import administrator_of, given_account, given_role, given_user

pytestmark = pytest.mark.django_db

DETAILS = {
    "legal_name": "Northwind GmbH",
    "street": "Hauptstr. 1",
    "postcode": "10115",
    "city": "Berlin",
    "country": "DE",
    "vat_number": "DE 136 695 976",
    "purchase_order": "PO-7",
    "copies_to": "books@northwind.example\r\ntax@northwind.example, cfo@northwind.example",
}
PAGE = reverse("portal:billing_details")


def test_an_administrator_changes_them(visit_as):
    account = given_account("Northwind")
    neighbour = given_account("Contoso")
    visitor = visit_as(administrator_of(account))
    page = page_of(visitor.post(PAGE, DETAILS, follow=True))
    assert "The billing details are saved." in page
    stored = get_billing_details(account)
    assert (stored.legal_name, stored.country, stored.vat_number) == ("Northwind GmbH", "DE", "DE136695976")
    assert stored.copies_to == ["books@northwind.example", "tax@northwind.example", "cfo@northwind.example"]
    assert not BillingDetails.objects.filter(account=neighbour).exists()
    assert '<option value="DE" selected>Germany</option>' in page
    assert "cfo@northwind.example" in page


def test_the_billing_pages_lead_there(visit_as):
    visitor = visit_as(administrator_of(given_account()))
    for page in ("portal:billing", "portal:invoices"):
        assert f'href="{PAGE}"' in page_of(visitor.get(reverse(page)))


def test_without_the_permission_there_is_no_link_and_no_page(visit_as):
    account = given_account()
    role = given_role(account, permissions=[Permission.BILLING_VIEW])
    visitor = visit_as(given_user(account, roles=[role]))
    for page in ("portal:billing", "portal:invoices"):
        assert f'href="{PAGE}"' not in page_of(visitor.get(reverse(page)))
    assert visitor.get(PAGE).status_code == 403
    assert visitor.post(PAGE, DETAILS).status_code == 403
    assert not BillingDetails.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("street", "", "This field is required."),
        ("country", "XX", "not one of the available choices"),
        ("country", "FR", "is no VAT number of FR"),
        ("vat_number", "DE136695977", "is no VAT number of DE. Check each digit"),
        ("copies_to", "nobody", "This is no e-mail address."),
        ("copies_to", "x" * 2001, "at most 2000 characters"),
        ("legal_name", "North\u202ewind", "The legal name holds a character that cannot be shown"),
    ],
)
def test_what_makes_no_sense_is_refused_and_kept_in_the_form(visit_as, field, value, words):
    visitor = visit_as(administrator_of(given_account("Northwind")))
    answer = visitor.post(PAGE, DETAILS | {field: value})
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert "Hauptstr. 1" in page_of(answer) or field == "street"
    assert not BillingDetails.objects.exists()
