"""Page: a paper set as PDF, or as pictures to look at."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
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
    inputs = _inputs(paper, layout, attached)
    with _one_at_a_time:
        pdf = _compiler().compile(
            sys_inputs=inputs,
            format="pdf",
            pdf_standards=["a-3a", "ua-1"],
            timestamp=int(paper.issued_at.timestamp()),
        )
    assert isinstance(pdf, bytes)
    return pdf


def set_pictures(paper: Paper, layout: Layout, *, dots_per_inch: int = 110) -> list[bytes]:
    """Return each page of the paper as a PNG picture."""
    inputs = _inputs(paper, layout, b"")
    with _one_at_a_time:
        pages = _compiler().compile(sys_inputs=inputs, format="png", ppi=dots_per_inch)
    assert pages is not None
    return [pages] if isinstance(pages, bytes) else pages


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(_FOLDER / "paper.typ", root=_FOLDER, font_paths=fonts(), ignore_system_fonts=True)


def _inputs(paper: Paper, layout: Layout, attached: bytes) -> dict[str, str]:
    data = json.dumps(legible_all(_data(paper, layout)), ensure_ascii=False)
    return {"paper": data, "xml": attached.decode()}


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
    tax_word = _tax_word(paper, words)
    return {
        "size": layout.size,
        "language": language,
        "fonts": families_for(paper.buyer.country),
        "logo": list(layout.logo.content) if layout.logo else None,
        "logo_format": layout.logo.format if layout.logo else None,
        "initial": paper.seller.name[:1].upper(),
        "issued_on": {"year": paper.dated_on.year, "month": paper.dated_on.month, "day": paper.dated_on.day},
        "title": f"{words.credit_note if paper.is_credit_note else words.invoice} {paper.reference}",
        "words": {name: getattr(words, name) for name in Words.__dataclass_fields__},
        "currency": paper.currency,
        "tax_word": tax_word,
        "seller": {"name": paper.seller.name, "address": paper.seller.address(language)},
        "buyer": {
            "name": paper.buyer.name,
            "address": paper.buyer.address(language),
            "numbers": [f"{words.vat_number} {paper.buyer.vat_number}"] if paper.buyer.vat_number else [],
        },
        "imprint": _imprint(paper.seller, words),
        "facts": list(_facts(paper, words)),
        "summary": _summary(paper, words),
        "reason": paper.reason,
        "lines": [_line(line, language) for line in paper.lines],
        "taxes": [_tax(tax, language) for tax in paper.taxes],
        "notes": list(_notes(paper)),
        "totals": list(_totals(paper, words, tax_word)),
        "due": _due(paper, words),
        "payment": _payment(paper, words),
        "workings": [
            _working(line, language) for line in paper.lines if line.working and layout.with_working
        ],
        "working_lead": f"{words.working_lead} {paper.currency}.",
    }


def _tax_word(paper: Paper, words: Words) -> str:
    return words.vat if paper.seller.vat_number else words.tax


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
        return f"{words.credited}: {_with_currency(paper.total, paper.language)}"
    if not paper.to_pay.amount_minor:
        return words.nothing_to_pay
    amount = _with_currency(paper.to_pay, paper.language)
    return f"{words.to_pay_by} {day(paper.due_on, paper.language)}: {amount}"


def _line(line: PaperLine, language: str) -> dict[str, str]:
    split = line.seats is not None and abs(line.quantity) == line.seats
    return {
        "title": line.title,
        "detail": line.detail,
        "seats": "" if line.seats is None else str(line.seats),
        "each": figure(line.each, language) if split else "",
        "percent": percent(line.tax_percent, language),
        "amount": figure(line.amount, language),
    }


def _tax(tax: PaperTax, language: str) -> tuple[str, str, str]:
    return percent(tax.percent, language), figure(tax.net, language), figure(tax.tax, language)


def _notes(paper: Paper) -> Iterator[str]:
    """Yield why no tax is charged, once for each reason."""
    notes = (tax.note or reason_of(tax.kind, paper.language) for tax in paper.taxes)
    yield from dict.fromkeys(f"{note.removesuffix('.')}." for note in notes if note)


def _totals(paper: Paper, words: Words, tax_word: str) -> Iterator[tuple[str, str]]:
    yield words.subtotal, figure(paper.net, paper.language)
    yield tax_word, figure(paper.tax, paper.language)
    if paper.credit_used.amount_minor:
        yield words.total, figure(paper.total, paper.language)
        yield words.credit_used, figure(-paper.credit_used, paper.language)


def _due(paper: Paper, words: Words) -> tuple[str, str]:
    name = words.credited if paper.is_credit_note else words.to_pay
    return name, _with_currency(paper.to_pay, paper.language)


def _payment(paper: Paper, words: Words) -> dict[str, Any]:
    """Return the block about paying: where to, by when, and what to write on it."""
    if paper.is_credit_note:
        return {"heading": words.credited, "rows": [], "note": words.credit_terms, "code": ""}
    if not paper.to_pay.amount_minor:
        return {"heading": words.payment, "rows": [], "note": words.nothing_to_pay, "code": ""}
    rows = [
        (words.to_pay, _with_currency(paper.to_pay, paper.language)),
        (words.to_pay_by, day(paper.due_on, paper.language)),
    ]
    if paper.seller.iban:
        rows += [(words.transfer_to, paper.seller.name), (words.iban, _in_fours(paper.seller.iban))]
        rows += [(words.bic, paper.seller.bic)] if paper.seller.bic else []
    rows.append((words.transfer_reference, paper.reference))
    code = draw_transfer_code(paper)
    return {"heading": words.payment, "rows": rows, "note": words.reference_hint, "code": code}


def _imprint(seller: Party, words: Words) -> list[str]:
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


def _with_currency(money: Money, language: str) -> str:
    return f"{money.currency}\u00a0{figure(money, language)}"


def _in_fours(iban: str) -> str:
    """Return an IBAN as people read it, in groups of four."""
    compact = iban.replace(" ", "")
    return " ".join(compact[start : start + 4] for start in range(0, len(compact), 4))
