"""A seller's file is read strictly and applied as it was shown; what it changed is kept."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from seatledger.domain.invoices.actions import apply_seller
from seatledger.domain.invoices.countries import EU
from seatledger.domain.invoices.models import (
    BillingDetails,
    DocumentKind,
    NumberSeries,
    Seller,
    SellerChange,
    TaxKind,
)
from seatledger.domain.invoices.seller_files import SellerFileRefused, read_seller, read_seller_file
from seatledger.domain.invoices.seller_specs import PrefixTaken, RateSpec, SellerSpec, seller_in_lines
from seatledger.domain.invoices.taxes import treatment_of
from support import AT, LATER, STAFF

SAMPLE = Path(__file__).resolve().parents[2] / "sellers" / "sample.toml"

SMALL = """
[seller]
key = "vendor"
name = "Vendor GmbH"
street = "Hauptstr. 1"
city = "Berlin"
country = "DE"
vat_number = "DE 136 695 976"
email = "Billing@vendor.example"

[[rates]]
country = "DE"
percent = 16
from = 2020-07-01

[[rates]]
country = "CH"
percent = 7.7
from = 2018-01-01
"""


def test_a_small_file_is_read_whole():
    assert read_seller(SMALL) == SellerSpec(
        key="vendor",
        name="Vendor GmbH",
        street="Hauptstr. 1",
        city="Berlin",
        postcode="",
        country="DE",
        vat_number="DE136695976",
        registration="",
        email="billing@vendor.example",
        phone="",
        iban="",
        bic="",
        terms_days=30,
        is_default=False,
        sales_contact={},
        prefixes={DocumentKind.INVOICE: "INV-", DocumentKind.CREDIT_NOTE: "CN-"},
        rates=(
            RateSpec("CH", Decimal("7.7"), date(2018, 1, 1)),
            RateSpec("DE", Decimal(16), date(2020, 7, 1)),
        ),
    )


# What is changed in the small file, what it becomes, and how that is refused.
REFUSED = [
    ('key = "vendor"', 'key = "Vendor"', "seller: key must be lower-case letters"),
    ('name = "Vendor GmbH"', "", "seller: name is missing."),
    ('country = "DE"\nvat', 'country = "XX"\nvat', "seller: country must be a code of ISO 3166-1 such as DE."),
    ('country = "DE"\nvat', 'country = "FR"\nvat', "seller: vat_number is refused: “DE 136 695 976” is no VAT number of FR."),
    ("Billing@vendor.example", "Billing at vendor", "seller: email is refused: This is no e-mail address."),
    ('email = "Billing@vendor.example"', "", "seller: email is missing."),
    ('city = "Berlin"', 'city = "Berlin"\niban = "IE29AIBK93115212345679"', "seller: iban is mistyped: its check digits are wrong."),
    ('city = "Berlin"', 'city = "Berlin"\nbic = "AIB"', "seller: bic is mistyped"),
    ('city = "Berlin"', 'city = "Berlin"\nterms_days = 400', "seller: terms_days must be a whole number from 0 to 365."),
    ('city = "Berlin"', 'city = "Berlin"\nis_default = "yes"', "seller: is_default must be true or false."),
    ('city = "Berlin"', 'city = "Berlin"\ninvoice_prefix = "R2026"', "seller: invoice_prefix must be at most 12 capitals, digits, - and /, and not end in a digit."),
    ('city = "Berlin"', 'city = "Berlin"\ninvoice_prefix = "CN-"', "seller: credit_note_prefix must differ from invoice_prefix."),
    ('city = "Berlin"', 'city = "Berlin"\nsales_contact = { name = "Sales" }', "sales_contact: email is missing."),
    ('city = "Berlin"', 'city = "Berlin"\ncolour = "red"', "seller: colour is not known here."),
    ("[[rates]]", "[extra]\na = 1\n[[rates]]", "the file: extra is not known here."),
    ("percent = 16", "percent = 116", "rate 1: percent must be a number from 0 to 100."),
    ("percent = 16", "percent = nan", "rate 1: percent must be a number from 0 to 100."),
    ("percent = 16", "percent = true", "rate 1: percent must be a number from 0 to 100."),
    ("percent = 16", "percent = 16.0001", "rate 1: percent has more than three decimals."),
    ("percent = 16", 'percent = 16\nkind = "Z"', "rate 1: percent must be 0 for kind Z."),
    ("percent = 16", 'percent = 16\nkind = "X"', "rate 1: kind must be one of S, Z, E, AE, G, O."),
    ("from = 2020-07-01", 'from = "2020-07-01"', "rate 1: from must be a day such as 2026-01-01, without quotation marks."),
    ("from = 2020-07-01", "from = 2020-07-01T00:00:00Z", "rate 1: from must be a day"),
    ('"CH"\npercent = 7.7\nfrom = 2018-01-01', '"DE"\npercent = 19\nfrom = 2020-07-01', "rate 2: from gives DE a second rate from 2020-07-01."),
    ('"DE"\npercent = 16', '"AT"\npercent = 16', "the file: rates give none for DE, where the seller is."),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "message"), REFUSED)
def test_what_cannot_be_meant_is_refused_with_its_place(before: str, after: str, message: str):
    assert before in SMALL
    with pytest.raises(SellerFileRefused) as refusal:
        read_seller(SMALL.replace(before, after, 1))
    assert str(refusal.value).startswith(message)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path):
    with pytest.raises(SellerFileRefused, match="cannot be read"):
        read_seller_file(tmp_path)


def test_the_sample_has_the_rates_of_the_union_and_its_neighbours():
    sample = read_seller_file(SAMPLE)
    assert {rate.country for rate in sample.rates} == EU | {"GB", "NO", "CH"}
    assert all(rate.effective_on <= date(2025, 12, 31) for rate in sample.rates)
    newest = {rate.country: rate.percent for rate in sample.rates}
    assert [newest[country] for country in ("EE", "FI", "RO", "SK", "CH")] == [
        Decimal(24),
        Decimal("25.5"),
        Decimal(21),
        Decimal(23),
        Decimal("8.1"),
    ]


# Applying


def apply(text: str, **how):
    return list(seller_in_lines(apply_seller(wanted=read_seller(text), at=AT, by=STAFF, **how)))


@pytest.mark.django_db
def test_a_new_seller_has_series_and_rates_of_its_own():
    assert apply(SMALL) == [
        "+ seller Vendor GmbH (vendor)",
        "+ rate CH from 2018-01-01: 7.7 %",
        "+ rate DE from 2020-07-01: 16 %",
    ]
    seller = Seller.objects.get()
    series = {row.kind: (row.prefix, row.next_number) for row in NumberSeries.objects.filter(seller=seller)}
    assert series == {"invoice": ("INV-", 1), "credit_note": ("CN-", 1)}
    assert treatment_of(seller, None, on=AT.date()).percent == Decimal(16)
    assert treatment_of(seller, BillingDetails(country="CH"), on=AT.date()).kind == TaxKind.EXPORT


@pytest.mark.django_db
def test_applying_again_changes_nothing():
    apply(SMALL)
    assert apply(SMALL) == []
    assert SellerChange.objects.count() == 1


@pytest.mark.django_db
def test_a_dry_run_shows_the_same_and_stores_nothing():
    assert apply(SMALL, dry_run=True)[0] == "+ seller Vendor GmbH (vendor)"
    assert not Seller.objects.exists()


@pytest.mark.django_db
def test_what_changes_is_shown_stored_and_kept():
    apply(SMALL)
    NumberSeries.objects.filter(kind="invoice").update(next_number=42)
    changed = (
        SMALL.replace("Hauptstr. 1", "Hauptstr. 2")
        .replace("percent = 16", "percent = 19")
        .replace('city = "Berlin"', 'city = "Berlin"\niban = "IE29AIBK93115212345678"\ninvoice_prefix = "R-"')
    )
    lines = apply(changed)
    assert lines == [
        "~ seller vendor: street: Hauptstr. 1 -> Hauptstr. 2",
        "~ seller vendor: iban: nothing -> IE29AIBK93115212345678",
        "~ seller vendor: invoice_prefix: INV- -> R-",
        "- rate DE from 2020-07-01: 16 %",
        "+ rate DE from 2020-07-01: 19 %",
    ]
    assert str(NumberSeries.objects.get(kind="invoice")) == "R-42"
    kept = SellerChange.objects.order_by("id").last()
    assert (kept.lines, kept.at, kept.actor_label) == (lines, AT, "Admin Team")
    with pytest.raises(IntegrityError, match="never changed or removed"), transaction.atomic():
        SellerChange.objects.update(at=LATER)


@pytest.mark.django_db
def test_there_is_one_default():
    first = SMALL.replace('city = "Berlin"', 'city = "Berlin"\nis_default = true')
    second = (
        first.replace('"vendor"', '"other"')
        .replace("[[rates]]", "", 1)
        .replace("is_default = true", 'is_default = true\ninvoice_prefix = "O-"\ncredit_note_prefix = "OC-"')
        .replace('country = "DE"\npercent', '[[rates]]\ncountry = "DE"\npercent')
    )
    apply(first)
    assert apply(second)[:2] == ["+ seller Vendor GmbH (other)", "~ seller vendor: is_default: yes -> no"]
    assert Seller.objects.get(is_default=True).key == "other"


@pytest.mark.django_db
def test_a_prefix_of_another_seller_is_refused():
    apply(SMALL)
    with pytest.raises(PrefixTaken, match="CN- begins the numbers of “vendor” already"):
        apply(
            SMALL.replace('"vendor"', '"other"').replace(
                'city = "Berlin"', 'city = "Bonn"\ninvoice_prefix = "O-"'
            )
        )
