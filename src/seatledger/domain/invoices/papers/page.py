"""Page: a paper set as PDF, or as pictures to look at."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Final

import typst

from seatledger.domain.invoices.papers.content import Logo, Paper, PaperLine, PaperTax, Party
from seatledger.domain.invoices.papers.fonts import families_for, fonts, legible
from seatledger.domain.invoices.papers.transfer_code import draw_transfer_code
from seatledger.domain.invoices.papers.words import Words, day, figure, percent, reason_of, words_of
from seatledger.engine.money import Money

_FOLDER: Final = Path(__file__).parent
# A compiler keeps its input: two threads at once would set one's words on the other's page.
_one_at_a_time: Final = Lock()


class Size(StrEnum):
    A4 = "a4"
    LETTER = "us-letter"


@dataclass(frozen=True, slots=True)
class Layout:
    """What of a paper is shown, and on which size of page."""

    size: Size = Size.A4
    with_working: bool = False
    logo: Logo | None = None


def set_pdf(paper: Paper, layout: Layout, *, attached: bytes = b"") -> bytes:
    """Return the paper as PDF, with `attached` inside as `factur-x.xml`. The same paper gives the same bytes.

    It is PDF/A-3a, which archives take and which may hold the XML, and PDF/UA-1, which can be read aloud.
    """
    return set_data(_data(paper, layout), at=paper.issued_at, attached=attached)


def set_data(data: dict[str, Any], *, at: datetime, attached: bytes = b"") -> bytes:
    """Return what `paper.typ` makes of its data as PDF, dated `at`."""
    inputs = _inputs(data, attached)
    with _one_at_a_time:
        pdf = _compiler().compile(
            sys_inputs=inputs,
            format="pdf",
            pdf_standards=["a-3a", "ua-1"],
            timestamp=int(at.timestamp()),
        )
    assert isinstance(pdf, bytes)
    return pdf


def set_pictures(paper: Paper, layout: Layout, *, dots_per_inch: int = 110) -> list[bytes]:
    """Return each page of the paper as a PNG picture."""
    inputs = _inputs(_data(paper, layout), b"")
    with _one_at_a_time:
        pages = _compiler().compile(sys_inputs=inputs, format="png", ppi=dots_per_inch)
    assert pages is not None
    return [pages] if isinstance(pages, bytes) else pages


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(_FOLDER / "paper.typ", root=_FOLDER, font_paths=fonts(), ignore_system_fonts=True)


def _inputs(data: dict[str, Any], attached: bytes) -> dict[str, str]:
    return {"paper": json.dumps(legible_all(data), ensure_ascii=False), "xml": attached.decode()}


def legible_all(value: Any) -> Any:  # noqa: ANN401 -- any value that JSON knows
    """Return the same value with every text in it legible."""
    if isinstance(value, str):
        return legible(value)
    if isinstance(value, dict):
        return {name: legible_all(each) for name, each in value.items()}
    return [legible_all(each) for each in value] if isinstance(value, list | tuple) else value


def _data(paper: Paper, layout: Layout) -> dict[str, Any]:
    """Return all that the page shows, in words, as `paper.typ` takes it."""
    words, language = words_of(paper.language), paper.language
    tax_word = tax_word_of(paper.seller, words)
    return {
        **look_of(layout, language=language, country=paper.buyer.country),
        "initial": paper.seller.name[:1].upper(),
        "issued_on": day_of_paper(paper.dated_on),
        "title": f"{words.credit_note if paper.is_credit_note else words.invoice} {paper.reference}",
        "words": {name: getattr(words, name) for name in Words.__dataclass_fields__},
        "currency": paper.currency,
        "tax_word": tax_word,
        "seller": {"name": paper.seller.name, "address": paper.seller.address(language)},
        "buyer": buyer_of(paper.buyer, words, language),
        "imprint": imprint_of(paper.seller, words),
        "facts": list(_facts(paper, words)),
        "summary": _summary(paper, words),
        "reason": paper.reason,
        "offers": [],
        "lines": [line_row(line, language) for line in paper.lines],
        "taxes": [tax_row(tax, language) for tax in paper.taxes],
        "notes": list(notes_of(paper.taxes, language)),
        "totals": list(_totals(paper, words, tax_word)),
        "due": _due(paper, words),
        "payment": _payment(paper, words),
        "workings": [
            _working(line, language) for line in paper.lines if line.working and layout.with_working
        ],
        "working_lead": f"{words.working_lead} {paper.currency}.",
    }


def look_of(layout: Layout, *, language: str, country: str) -> dict[str, Any]:
    """Return what a page looks like: its size, its fonts for a country's names, the logo."""
    return {
        "size": layout.size,
        "language": language,
        "fonts": families_for(country),
        "logo": list(layout.logo.content) if layout.logo else None,
        "logo_format": layout.logo.format if layout.logo else None,
    }


def day_of_paper(when: date) -> dict[str, int]:
    """Return the day that the file is dated."""
    return {"year": when.year, "month": when.month, "day": when.day}


def buyer_of(buyer: Party, words: Words, language: str) -> dict[str, Any]:
    """Return whom a paper is for, as it stands in the window of an envelope."""
    numbers = [f"{words.vat_number} {buyer.vat_number}"] if buyer.vat_number else []
    return {"name": buyer.name, "address": buyer.address(language), "numbers": numbers}


def tax_word_of(seller: Party, words: Words) -> str:
    """Return what the tax of a seller is called."""
    return words.vat if seller.vat_number else words.tax


def _facts(paper: Paper, words: Words) -> Iterator[tuple[str, str]]:
    """Yield what identifies the paper: its number, its days, and what the customer knows it by."""
    yield words.number, paper.reference
    yield words.dated_on, day(paper.dated_on, paper.language)
    if paper.corrects and paper.corrects_dated_on:
        yield words.corrects, paper.corrects
        yield words.corrects_of, day(paper.corrects_dated_on, paper.language)
    elif not paper.is_credit_note:
        yield words.due_on, day(paper.due_on, paper.language)
    if paper.purchase_order:
        yield words.purchase_order, paper.purchase_order
    yield words.customer_number, paper.customer_number


def _summary(paper: Paper, words: Words) -> str:
    if paper.is_credit_note:
        return f"{words.credited}: {with_currency(paper.total, paper.language)}"
    if not paper.to_pay.amount_minor:
        return words.nothing_to_pay
    amount = with_currency(paper.to_pay, paper.language)
    return f"{words.to_pay_by} {day(paper.due_on, paper.language)}: {amount}"


def line_row(line: PaperLine, language: str) -> dict[str, str]:
    """Return a line as it stands in the table."""
    split = line.seats is not None and abs(line.quantity) == line.seats
    return {
        "title": line.title,
        "detail": line.detail,
        "seats": "" if line.seats is None else str(line.seats),
        "each": figure(line.each, language) if split else "",
        "percent": percent(line.tax_percent, language),
        "amount": figure(line.amount, language),
    }


def tax_row(tax: PaperTax, language: str) -> tuple[str, str, str]:
    """Return a rate with what is taxed by it and the tax."""
    return percent(tax.percent, language), figure(tax.net, language), figure(tax.tax, language)


def notes_of(taxes: Iterable[PaperTax], language: str) -> Iterator[str]:
    """Yield why no tax is charged, once for each reason."""
    notes = (tax.note or reason_of(tax.kind, language) for tax in taxes)
    yield from dict.fromkeys(f"{note.removesuffix('.')}." for note in notes if note)


def _totals(paper: Paper, words: Words, tax_word: str) -> Iterator[tuple[str, str]]:
    yield words.subtotal, figure(paper.net, paper.language)
    yield tax_word, figure(paper.tax, paper.language)
    if paper.credit_used.amount_minor:
        yield words.total, figure(paper.total, paper.language)
        yield words.credit_used, figure(-paper.credit_used, paper.language)


def _due(paper: Paper, words: Words) -> tuple[str, str]:
    name = words.credited if paper.is_credit_note else words.to_pay
    return name, with_currency(paper.to_pay, paper.language)


def _payment(paper: Paper, words: Words) -> dict[str, Any]:
    """Return the block about paying: where to, by when, and what to write on it."""
    if paper.is_credit_note:
        return {"heading": words.credited, "rows": [], "note": words.credit_terms, "code": ""}
    if not paper.to_pay.amount_minor:
        return {"heading": words.payment, "rows": [], "note": words.nothing_to_pay, "code": ""}
    rows = [
        (words.to_pay, with_currency(paper.to_pay, paper.language)),
        (words.to_pay_by, day(paper.due_on, paper.language)),
    ]
    if paper.seller.iban:
        rows += [(words.transfer_to, paper.seller.name), (words.iban, _in_fours(paper.seller.iban))]
        rows += [(words.bic, paper.seller.bic)] if paper.seller.bic else []
    rows.append((words.transfer_reference, paper.reference))
    code = draw_transfer_code(paper)
    return {"heading": words.payment, "rows": rows, "note": words.reference_hint, "code": code}


def imprint_of(seller: Party, words: Words) -> list[str]:
    """Return what the law wants to see of a seller, in two lines at the foot of each page."""
    vat = f"{words.vat_number} {seller.vat_number}" if seller.vat_number else ""
    who = (seller.name, seller.registration, vat)
    where = (seller.email, seller.phone)
    return [text for text in ("  ·  ".join(filter(None, parts)) for parts in (who, where)) if text]


def _working(line: PaperLine, language: str) -> dict[str, Any]:
    return {
        "title": f"{line.position}. {line.title}",
        "detail": line.detail,
        "amount": figure(line.amount, language),
        "sentences": line.working,
    }


def with_currency(money: Money, language: str) -> str:
    """Return an amount as it stands in a text: `GBP 1,234.50`."""
    return f"{money.currency}\u00a0{figure(money, language)}"


def _in_fours(iban: str) -> str:
    """Return an IBAN as people read it, in groups of four."""
    compact = iban.replace(" ", "")
    return " ".join(compact[start : start + 4] for start in range(0, len(compact), 4))
