"""Electronic invoices obey EN 16931 in both syntaxes, in the eyes of checkers that are not ours."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from paper_samples import NORTHWIND, VENDOR, a_credit_note, a_paper, credit, seats, used
from seatledger.domain.invoices.papers.cii import write_cii
from seatledger.domain.invoices.papers.content import Paper
from seatledger.domain.invoices.papers.semantics import find_obstacles, structured
from seatledger.domain.invoices.papers.ubl import write_ubl
from structured_rules import broken_rules

IN_COLOGNE = VENDOR | {
    "name": "Löwenzahn Software GmbH",
    "city": "Köln",
    "postcode": "50667",
    "country": "DE",
    "vat_number": "DE136695976",
    "iban": "DE89 3704 0044 0532 0130 00",
    # A BIC's last three letters name a branch, these the head office. Source: ISO 9362.
    "bic": "COBADEFFXXX",
}
IN_ATHENS = NORTHWIND | {"name": "Ελληνική Εταιρεία", "country": "GR", "vat_number": "094259216"}
WRITERS = {"cii": write_cii, "ubl": write_ubl}


def in_euro(*taxed: tuple[str, str], **changes: object) -> Paper:
    charges = [seats(10 + number, currency="EUR") for number, _ in enumerate(taxed)]
    return a_paper(*charges, currency="EUR", taxed=taxed, **{"sold_by": IN_COLOGNE, **changes})


PAPERS = {
    "one rate": lambda: a_paper(seats(10)),
    "every kind of line": lambda: a_paper(
        seats(10),
        seats(7, from_day=13),
        used((1, 10, 4), (11, 31, 6)),
        credit(10, 7, from_day=11),
        ("Setting up, on site", 25000),
        taxed=[("S", "20"), ("Z", "0"), ("S", "20"), ("S", "5"), ("S", "7.7")],
    ),
    "nothing left to pay": lambda: a_paper(seats(10), credit_used_minor=14400),
    "a part paid by credit": lambda: a_paper(seats(10), credit_used_minor=4400),
    "reverse charge": lambda: in_euro(("AE", "0"), billed_to=IN_ATHENS),
    "outside the tax area": lambda: in_euro(("G", "0")),
    "exempt beside the standard rate": lambda: in_euro(("E", "0"), ("S", "19")),
    "not subject to tax": lambda: in_euro(("O", "0"), billed_to=IN_ATHENS),
    "yen": lambda: a_paper(seats(10, currency="JPY"), currency="JPY", taxed=[("S", "10"), ("S", "8")]),
    "without a bank account": lambda: a_paper(
        seats(10), sold_by=VENDOR | {"iban": "", "phone": "", "email": ""}
    ),
    "a customer of whom little is known": lambda: a_paper(seats(1), billed_to={"name": "N", "country": "FR"}),
    "a credit note": lambda: a_credit_note(credit(10, 7, from_day=11), reason="Three seats given back"),
    "a credit note with reverse charge": lambda: a_credit_note(
        credit(3, 0, from_day=2), taxed=[("AE", "0")], billed_to=IN_ATHENS, sold_by=IN_COLOGNE
    ),
    "a text that XML would take for its own": lambda: a_paper(("<b> & ]]> \x07 'quoted'", 100)),
}


@pytest.mark.parametrize("syntax", WRITERS)
@pytest.mark.parametrize("name", PAPERS)
def test_no_rule_is_broken(name, syntax):
    paper = PAPERS[name]()
    assert find_obstacles(paper) == ()
    assert broken_rules(syntax, WRITERS[syntax](structured(paper))) == []


@pytest.mark.parametrize("syntax", WRITERS)
def test_the_checkers_see_a_wrong_total(syntax):
    """The control: what they are silent about elsewhere, they do find."""
    right = structured(a_paper(seats(10)))
    wrong = replace(right, total=right.total + right.tax)
    assert broken_rules(syntax, WRITERS[syntax](wrong)) == ["BR-CO-15", "BR-CO-16"]


charges = st.one_of(
    st.builds(seats, st.integers(1, 50), from_day=st.integers(1, 31), price=st.integers(1, 99999).map(str)),
    st.builds(lambda low, high: credit(low + high, low, from_day=9), st.integers(0, 5), st.integers(1, 5)),
    st.builds(lambda level: used((1, 7, level), (8, 31, level + 3)), st.integers(1, 9)),
    st.tuples(st.just("Setting up"), st.integers(1, 10**9)),
)
rates = st.sampled_from([("S", "20"), ("S", "5"), ("S", "7.7"), ("S", "8.375"), ("Z", "0"), ("E", "0")])


@settings(max_examples=15, deadline=None)
@given(st.lists(charges, min_size=1, max_size=6), st.lists(rates, min_size=1, max_size=6))
def test_no_rule_is_broken_whatever_is_charged(billed, taxed):
    paper = a_paper(("Base", 10**7), *billed, taxed=taxed)
    for syntax, write in WRITERS.items():
        assert broken_rules(syntax, write(structured(paper))) == []


OBSTACLES = {
    "An electronic invoice has two decimals at most, and KWD has three.": lambda: a_paper(
        seats(1, currency="KWD"), currency="KWD"
    ),
    "The seller needs a VAT number.": lambda: a_paper(seats(1), sold_by=VENDOR | {"vat_number": ""}),
    "The customer needs a name and a country.": lambda: a_paper(seats(1), billed_to={"name": "Northwind"}),
    "A customer who accounts for the tax needs a VAT number.": lambda: in_euro(("AE", "0")),
    "What is not subject to tax stands on a document of its own.": lambda: in_euro(("O", "0"), ("S", "19")),
    "The seller needs a registration.": lambda: in_euro(
        ("O", "0"), sold_by=IN_COLOGNE | {"registration": ""}
    ),
}


@pytest.mark.parametrize("obstacle", OBSTACLES)
def test_what_cannot_be_told_is_said(obstacle):
    assert find_obstacles(OBSTACLES[obstacle]()) == (obstacle,)


def test_both_syntaxes_say_the_same_amounts():
    invoice = structured(PAPERS["every kind of line"]())
    cii, ubl = etree.fromstring(write_cii(invoice)), etree.fromstring(write_ubl(invoice))
    amounts = ["120.00", "51.48", "26.77", "-24.39", "250.00"]
    assert cii.xpath("//*[local-name()='LineTotalAmount']/text()") == [*amounts, "423.86"]
    assert (
        ubl.xpath("//*[local-name()='InvoiceLine']/*[local-name()='LineExtensionAmount']/text()") == amounts
    )
    assert ubl.xpath("//*[local-name()='PayableAmount']/text()") == ["471.24"]
    assert cii.xpath("//*[local-name()='DuePayableAmount']/text()") == ["471.24"]
    assert [(item.quantity, item.price.to_text()) for item in invoice.items] == [
        (10, "12.00"),
        (1, "51.48"),
        (1, "26.77"),
        (-3, "8.13"),
        (1, "250.00"),
    ]
    assert [subtotal.rate for subtotal in invoice.subtotals] == [
        Decimal(rate) for rate in ("20", "0", "5", "7.7")
    ]


def test_a_greek_vat_number_begins_as_it_must():
    assert structured(in_euro(("AE", "0"), billed_to=IN_ATHENS)).buyer.vat_number == "EL094259216"
