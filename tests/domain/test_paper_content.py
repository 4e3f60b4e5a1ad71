"""What stands on a document, told from its rows."""

from datetime import date
from decimal import Decimal

import pytest

from paper_samples import a_credit_note, a_paper, credit, seats, used
from seatledger.domain.invoices.papers.content import Party
from seatledger.engine.money import Money


def gbp(minor: int) -> Money:
    return Money(minor, "GBP")


def test_a_paper_says_what_the_document_says():
    paper = a_paper(seats(10), seats(2, from_day=21), ("Setting up", 25000), credit_used_minor=5000)
    assert (paper.reference, paper.dated_on, paper.due_on) == (
        "INV-2026-0042",
        date(2026, 3, 2),
        date(2026, 4, 1),
    )
    assert (paper.net, paper.tax, paper.total) == (gbp(37852), gbp(7570), gbp(45422))
    assert (paper.credit_used, paper.to_pay) == (gbp(5000), gbp(40422))
    assert (paper.seller.name, paper.buyer.name) == ("Meridian Software Ltd", "Northwind Trading Ltd")
    assert [(line.title, line.detail) for line in paper.lines] == [
        ("Essential User", "10 seats, 1 to 31 March 2026"),
        ("Essential User", "2 seats, 21 to 31 March 2026"),
        ("Setting up", ""),
    ]
    assert [(tax.kind, tax.percent, tax.net, tax.tax) for tax in paper.taxes] == [
        ("S", Decimal(20), gbp(37852), gbp(7570))
    ]


def test_a_quantity_times_its_price_is_always_the_amount():
    paper = a_paper(
        seats(10),
        seats(7, from_day=13),
        used((1, 10, 4), (11, 31, 6)),
        used((1, 31, 4)),
        credit(10, 7, from_day=11),
    )
    assert [(line.seats, line.quantity, line.each) for line in paper.lines] == [
        (10, 10, gbp(1200)),
        (7, 1, gbp(5148)),  # 51.48 does not divide by 7
        (None, 1, gbp(2677)),
        (4, 4, gbp(500)),
        (3, -3, gbp(813)),  # 24.39 off
    ]
    assert [line.each.times(line.quantity) for line in paper.lines] == [line.amount for line in paper.lines]


def test_a_line_says_its_first_and_its_last_day():
    paper = a_paper(seats(2, from_day=21), used((1, 10, 4), (11, 20, 6)), ("Setting up", 100))
    assert [(line.first_day, line.last_day) for line in paper.lines] == [
        (date(2026, 3, 21), date(2026, 3, 31)),
        (date(2026, 3, 1), date(2026, 3, 20)),
        (None, None),
    ]


def test_a_line_brings_its_working():
    [line] = a_paper(seats(2, from_day=21)).lines
    assert line.working == (
        "21 to 31 March 2026: 2 seats charged.",
        "For the full period, 1 to 31 March 2026, 2 seats cost 24.00.",
        "Plus, counted to the end of the period: 24.00 x 11/31 days = 8.516129..., rounded 8.52.",
        "The amount is 8.52 GBP.",
    )


def test_a_credit_note_names_the_invoice_it_is_for():
    paper = a_credit_note(credit(10, 7, from_day=11))
    assert (paper.corrects, paper.corrects_dated_on) == ("INV-2026-0042", date(2026, 2, 2))
    assert (paper.total, paper.lines[0].quantity, paper.lines[0].each) == (gbp(2927), 3, gbp(813))


@pytest.mark.parametrize(("currency", "total"), [("JPY", "14400"), ("GBP", "144.00"), ("KWD", "14.400")])
def test_amounts_have_the_decimals_of_their_currency(currency, total):
    assert a_paper(seats(10, currency=currency), currency=currency).total.to_text() == total


@pytest.mark.parametrize(
    ("country", "lines"),
    [
        ("GB", ("4 Mill Lane", "Leeds LS1 3AB", "United Kingdom")),
        ("DE", ("4 Mill Lane", "LS1 3AB Leeds", "Germany")),
    ],
)
def test_an_address_is_written_as_its_country_does(country, lines):
    party = Party(name="N", street="4 Mill Lane", city="Leeds", postcode="LS1 3AB", country=country)
    assert party.address("en") == lines
