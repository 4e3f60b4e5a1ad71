"""Offer: a quotation set as PDF, on the page that documents have."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from seatledger.domain.invoices.papers.content import PaperLine, PaperTax, Party
from seatledger.domain.invoices.papers.page import (
    Layout,
    buyer_of,
    day_of_paper,
    imprint_of,
    line_row,
    look_of,
    notes_of,
    set_data,
    tax_row,
    tax_word_of,
    with_currency,
)
from seatledger.domain.invoices.papers.words import ENGLISH, Words, day, figure, words_of
from seatledger.engine.money import Money


@dataclass(frozen=True, slots=True)
class OfferPaper:
    """A quotation as it was sent.

    `offered` are the licences: what they are called, how many more, and their price in words. `lines` and `taxes` are what
    would have been charged on `dated_on`, the day it was sent; `following` is the next invoice after it, tax included.
    `accept_at` is the address of the page on which it is accepted.
    """

    reference: str
    dated_on: date
    sent_at: datetime
    valid_until: date
    currency: str
    seller: Party
    buyer: Party
    customer_number: str
    note: str
    offered: tuple[tuple[str, int, str], ...]
    lines: tuple[PaperLine, ...]
    taxes: tuple[PaperTax, ...]
    following: tuple[date, Money] | None
    accept_at: str
    language: str = ENGLISH

    @property
    def net(self) -> Money:
        return sum((tax.net for tax in self.taxes), Money(0, self.currency))

    @property
    def tax(self) -> Money:
        return sum((tax.tax for tax in self.taxes), Money(0, self.currency))


def set_offer(paper: OfferPaper, layout: Layout) -> bytes:
    """Return the quotation as PDF/A-3a and PDF/UA-1. The same paper gives the same bytes."""
    return set_data(_data(paper, layout), at=paper.sent_at)


def _data(paper: OfferPaper, layout: Layout) -> dict[str, Any]:
    """Return all that the page shows, in words, as `paper.typ` takes it."""
    words, language = words_of(paper.language), paper.language
    labels = {name: getattr(words, name) for name in Words.__dataclass_fields__}
    tax_word = tax_word_of(paper.seller, words)
    if_accepted = f"{words.if_accepted} {day(paper.dated_on, language)}"
    return {
        **look_of(layout, language=language, country=paper.buyer.country),
        "initial": paper.seller.name[:1].upper(),
        "issued_on": day_of_paper(paper.dated_on),
        "title": f"{words.quotation} {paper.reference}",
        "words": {**labels, "billed_to": words.quoted_to, "reason": words.note},
        "currency": paper.currency,
        "tax_word": tax_word,
        "seller": {"name": paper.seller.name, "address": paper.seller.address(language)},
        "buyer": buyer_of(paper.buyer, words, language),
        "imprint": imprint_of(paper.seller, words),
        "facts": [
            (words.number, paper.reference),
            (words.dated_on, day(paper.dated_on, language)),
            (words.valid_until, day(paper.valid_until, language)),
            (words.customer_number, paper.customer_number),
        ],
        "summary": f"{words.valid_until} {day(paper.valid_until, language)}",
        "reason": paper.note,
        "offers": [(name, f"{number:,}", price) for name, number, price in paper.offered],
        "lines_heading": if_accepted,
        "lines": [line_row(line, language) for line in paper.lines],
        "taxes": [tax_row(tax, language) for tax in paper.taxes],
        "notes": list(notes_of(paper.taxes, language)) if paper.lines else [words.nothing_now],
        "totals": [(words.subtotal, figure(paper.net, language)), (tax_word, figure(paper.tax, language))],
        "due": (words.total, with_currency(paper.net + paper.tax, language)),
        "payment": {
            "heading": words.accepting,
            "rows": list(_accepting(paper, words)),
            "note": words.accept_hint,
            "code": "",
        },
        "workings": [],
        "working_lead": "",
    }


def _accepting(paper: OfferPaper, words: Words) -> Iterator[tuple[str, str]]:
    yield words.valid_until, day(paper.valid_until, paper.language)
    yield words.accept_at, paper.accept_at
    if paper.following:
        on, total = paper.following
        amount = f"{with_currency(total, paper.language)}, {words.with_tax}"
        yield f"{words.following} {day(on, paper.language)}", amount
