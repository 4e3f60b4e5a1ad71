"""Which tax an account is charged: by the seller's country, the customer's, a VAT number, and what staff allowed."""

import json
from datetime import date
from decimal import Decimal

import pytest
from babel import Locale

from seatledger.domain.invoices.countries import COUNTRIES, EU, taxed_as
from seatledger.domain.invoices.models import BillingDetails, Seller, TaxKind, TaxRule
from seatledger.domain.invoices.parties import NoSeller, parties_of, read_parties_for_operator
from seatledger.domain.invoices.taxes import (
    EXPORT,
    REVERSE_CHARGE,
    TaxRuleMissing,
    TaxTreatment,
    read_tax,
    tax_on,
    treatment_of,
    write_tax,
)
from seatledger.engine.taxes import Taxed, TaxRate
from support import given_account

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)


def given_seller(
    key: str = "vendor", *, country: str = "DE", vat_number: str = "DE136695976", **said
) -> Seller:
    address = {"name": "Vendor GmbH", "street": "Hauptstr. 1", "city": "Berlin", "postcode": "10115"}
    return Seller.objects.create(
        key=key, country=country, vat_number=vat_number, email="billing@vendor.example", **address | said
    )


def given_rate(
    seller: Seller, country: str, percent: str, *, on: str = "2020-01-01", kind: TaxKind = TaxKind.STANDARD
):
    return TaxRule.objects.create(
        seller=seller, country=country, percent=percent, effective_on=date.fromisoformat(on), kind=kind
    )


@pytest.fixture
def seller() -> Seller:
    """A seller in Germany who knows the rates of Germany, of France, and of Switzerland."""
    seller = given_seller()
    for country, percent in (("DE", "19"), ("FR", "20"), ("CH", "8.1")):
        given_rate(seller, country, percent)
    return seller


def of(country: str, **more: str) -> BillingDetails:
    return BillingDetails(country=country, **more)


GERMAN = TaxTreatment("S", Decimal(19))
REVERSED = TaxTreatment("AE", Decimal(0), REVERSE_CHARGE)
EXPORTED = TaxTreatment("G", Decimal(0), EXPORT)


@pytest.mark.parametrize(
    ("details", "treatment"),
    [
        (None, GERMAN),
        (of(""), GERMAN),
        (of("DE"), GERMAN),
        (of("DE", vat_number="DE136695976"), GERMAN),
        (of("FR", vat_number="FR40303265045"), REVERSED),
        (of("FR"), TaxTreatment("S", Decimal(20))),
        (of("MC"), TaxTreatment("S", Decimal(20))),
        (of("CH", vat_number="CHE107787577MWST"), EXPORTED),
        (of("US"), EXPORTED),
        (of("GB", vat_number="GB980780684"), EXPORTED),
        (of("DE", exempt_reason="Diplomatic mission"), TaxTreatment("E", Decimal(0), "Diplomatic mission")),
    ],
    ids=lambda value: f"{value.country}{value.vat_number}" if isinstance(value, BillingDetails) else "",
)
def test_a_seller_in_the_union(seller: Seller, details: BillingDetails | None, treatment: TaxTreatment):
    assert treatment_of(seller, details, on=DAY) == treatment


@pytest.mark.parametrize(
    ("home", "vat_number", "customer", "kind"),
    [
        ("GB", "GB980780684", "GB", "S"),
        ("GB", "GB980780684", "IM", "S"),
        ("GB", "GB980780684", "DE", "G"),
        ("CH", "CHE107787577MWST", "LI", "S"),
        ("US", "", "DE", "O"),
        ("DE", "", "FR", "S"),
    ],
)
def test_sellers_elsewhere_or_without_a_number(home: str, vat_number: str, customer: str, kind: str):
    seller = given_seller(country=home, vat_number=vat_number)
    for country in ("GB", "CH", "FR"):
        given_rate(seller, country, "20")
    buyer = of(customer, vat_number="FR40303265045" if customer == "FR" else "")
    assert treatment_of(seller, buyer, on=DAY).kind == kind


def test_a_rate_holds_from_its_day(seller: Seller):
    given_rate(seller, "DE", "21", on="2026-03-02")
    assert treatment_of(seller, None, on=date(2026, 3, 1)) == GERMAN
    assert treatment_of(seller, None, on=DAY) == TaxTreatment("S", Decimal(21))


def test_a_country_can_be_free_of_tax():
    seller = given_seller(country="US", vat_number="")
    given_rate(seller, "US", "0", kind=TaxKind.OUT_OF_SCOPE)
    assert treatment_of(seller, None, on=DAY) == TaxTreatment("O", Decimal(0))


def test_a_missing_rate_is_refused_with_what_to_do(seller: Seller):
    with pytest.raises(TaxRuleMissing) as refusal:
        treatment_of(seller, of("IT"), on=DAY)
    assert str(refusal.value) == (
        "No rate of tax is known for IT on 2026-03-02. Add it to the file of “vendor” and apply it:"
        " seatledger seller apply FILE."
    )
    with pytest.raises(TaxRuleMissing):
        treatment_of(seller, None, on=date(2019, 12, 31))


def test_another_sellers_rates_do_not_count(seller: Seller):
    other = given_seller("other")
    given_rate(other, "IT", "22")
    with pytest.raises(TaxRuleMissing):
        treatment_of(seller, of("IT"), on=DAY)


# Parties


def test_both_sides_are_read_as_they_are(seller: Seller):
    seller.is_default = True
    seller.save()
    account = given_account("Northwind")
    parties = parties_of(account)
    assert parties.tax_on(DAY) == GERMAN
    assert parties.due_on(DAY) == date(2026, 4, 1)
    assert parties.sold_by == {
        "key": "vendor",
        "name": "Vendor GmbH",
        "street": "Hauptstr. 1",
        "city": "Berlin",
        "postcode": "10115",
        "country": "DE",
        "vat_number": "DE136695976",
        "registration": "",
        "email": "billing@vendor.example",
        "phone": "",
        "iban": "",
        "bic": "",
    }
    nowhere = dict.fromkeys(["street", "city", "postcode", "country", "vat_number", "purchase_order"], "")
    assert parties.billed_to() == {"name": "Northwind"} | nowhere


def test_an_account_may_have_a_seller_and_terms_of_its_own(seller: Seller):
    account = given_account("Northwind")
    BillingDetails.objects.create(
        account=account, seller=seller, country="FR", legal_name="Northwind SARL", terms_days=0
    )
    parties = parties_of(account)
    assert parties.tax_on(DAY) == TaxTreatment("S", Decimal(20))
    assert parties.due_on(DAY) == DAY
    assert parties.billed_to()["name"] == "Northwind SARL"


def test_without_a_seller_nothing_is_sold(seller: Seller):
    account = given_account()
    assert read_parties_for_operator([account]) == {}
    with pytest.raises(NoSeller):
        parties_of(account)


def test_many_accounts_take_as_many_statements_as_one(seller: Seller, django_assert_num_queries):
    Seller.objects.update(is_default=True)
    accounts = [given_account(f"Account {number}") for number in range(3)]
    with django_assert_num_queries(3):
        assert len(read_parties_for_operator(accounts[:1])) == 1
    with django_assert_num_queries(3):
        found = read_parties_for_operator(accounts)
        assert [parties.tax_on(DAY) for parties in found.values()] == [GERMAN] * 3


# Figures as they are stored


def test_what_is_stored_is_read_back():
    tax = TaxTreatment("S", Decimal("20.000"), "")
    stored = json.loads(write_tax(tax, 27916, tax_on(27916, tax.percent)))
    assert stored == {"kind": "S", "percent": "20", "net_minor": 27916, "tax_minor": 5583, "note": ""}
    assert read_tax(stored) == (tax, Taxed(TaxRate("S", 20), 27916, 5583))


def test_the_countries_are_those_that_everybody_knows():
    known = Locale("en").territories
    assert len(COUNTRIES) == 249
    assert {country for country in COUNTRIES if country not in known} == set()
    assert EU < COUNTRIES
    assert len(EU) == 27
    assert [taxed_as(country) for country in ("MC", "IM", "LI", "DE")] == ["FR", "GB", "CH", "DE"]
