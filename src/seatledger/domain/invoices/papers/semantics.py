"""Semantics: a paper in the terms of EN 16931, whatever the syntax it is then written in.

BT and BG are the business terms and groups of EN 16931-1; each field names its own.
Source: EN 16931-1:2017, the semantic data model of the core elements of an electronic invoice, and its rules (BR).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from seatledger.domain.invoices.models import TaxKind
from seatledger.domain.invoices.papers.content import Paper, PaperLine, PaperTax, Party
from seatledger.domain.invoices.papers.words import day, reason_of, words_of
from seatledger.engine.currencies import exponent_of
from seatledger.engine.money import Money

SPECIFICATION: Final = "urn:cen.eu:en16931:2017"  # BT-24
ONE_OF_IT: Final = "C62"  # BT-130, UN/ECE Recommendation 20: one
_MOST_DECIMALS: Final = 2
# Kinds that have no rate at all, and kinds for which the buyer accounts for the tax.
_NO_TAX_AT_ALL: Final = TaxKind.OUT_OF_SCOPE
_BUYER_PAYS_TAX: Final = TaxKind.REVERSE_CHARGE


@dataclass(frozen=True, slots=True)
class Trader:
    """BG-4, the seller, or BG-7, the buyer."""

    name: str  # BT-27, BT-44
    street: str  # BT-35, BT-50
    city: str  # BT-37, BT-52
    postcode: str  # BT-38, BT-53
    country: str  # BT-40, BT-55
    vat_number: str  # BT-31, BT-48
    registration: str  # BT-30, BT-47
    email: str  # BT-34 and BT-43
    phone: str  # BT-42


@dataclass(frozen=True, slots=True)
class Transfer:
    """BG-16 and BG-17: how to pay."""

    means: str  # BT-81, UNTDID 4461
    iban: str  # BT-84
    bic: str  # BT-86
    name: str  # BT-85


@dataclass(frozen=True, slots=True)
class Subtotal:
    """BG-23: what is taxed in one category at one rate."""

    net: Money  # BT-116
    tax: Money  # BT-117
    category: str  # BT-118
    rate: Decimal | None  # BT-119
    reason: str  # BT-120


@dataclass(frozen=True, slots=True)
class Item:
    """BG-25: one line."""

    number: str  # BT-126
    name: str  # BT-153
    description: str  # BT-154
    quantity: int  # BT-129
    price: Money  # BT-146
    net: Money  # BT-131
    category: str  # BT-151
    rate: Decimal | None  # BT-152
    starts_on: date | None  # BT-134
    ends_on: date | None  # BT-135


@dataclass(frozen=True, slots=True)
class StructuredInvoice:
    """All that EN 16931 wants to know of an invoice or a credit note."""

    number: str  # BT-1
    dated_on: date  # BT-2
    type_code: str  # BT-3, UNTDID 1001
    currency: str  # BT-5
    due_on: date | None  # BT-9
    purchase_order: str  # BT-13
    terms: str  # BT-20
    note: str  # BT-22
    corrects: str  # BT-25
    corrects_dated_on: date | None  # BT-26
    starts_on: date | None  # BT-73
    ends_on: date | None  # BT-74
    seller: Trader
    buyer: Trader  # his country is also BT-80, where it is delivered
    remittance: str  # BT-83
    transfer: Transfer | None
    net: Money  # BT-106 and BT-109: there are neither allowances nor charges beside the lines
    tax: Money  # BT-110
    total: Money  # BT-112
    prepaid: Money  # BT-113
    to_pay: Money  # BT-115
    subtotals: tuple[Subtotal, ...]
    items: tuple[Item, ...]


def find_obstacles(paper: Paper) -> tuple[str, ...]:
    """Return why a paper cannot be told in the terms of EN 16931, in sentences; nothing when it can."""
    return tuple(_obstacles(paper))


def structured(paper: Paper) -> StructuredInvoice:
    """Return the paper in the terms of EN 16931. Ask `find_obstacles` first."""
    words, credit_note = words_of(paper.language), paper.is_credit_note
    untaxed = any(tax.kind == _NO_TAX_AT_ALL for tax in paper.taxes)
    owed = bool(paper.to_pay.amount_minor) and not credit_note
    return StructuredInvoice(
        number=paper.reference,
        dated_on=paper.dated_on,
        type_code="381" if credit_note else "380",
        currency=paper.currency,
        due_on=paper.due_on if owed else None,
        purchase_order=paper.purchase_order,
        terms=words.credit_terms if credit_note else _terms(paper),
        note=paper.reason,
        corrects=paper.corrects,
        corrects_dated_on=paper.corrects_dated_on,
        starts_on=min((line.first_day for line in paper.lines if line.first_day), default=None),
        ends_on=max((line.last_day for line in paper.lines if line.last_day), default=None),
        seller=_trader(paper.seller, with_vat=not untaxed),
        buyer=_trader(paper.buyer, with_vat=not untaxed),
        remittance=paper.reference if owed else "",
        transfer=_transfer(paper) if owed and paper.seller.iban else None,
        net=paper.net,
        tax=paper.tax,
        total=paper.total,
        prepaid=paper.credit_used,
        to_pay=paper.to_pay,
        subtotals=tuple(_subtotal(tax, paper.language) for tax in paper.taxes),
        items=tuple(_item(line) for line in paper.lines),
    )


def _obstacles(paper: Paper) -> Iterator[str]:
    if exponent_of(paper.currency) > _MOST_DECIMALS:
        yield f"An electronic invoice has two decimals at most, and {paper.currency} has three."  # BR-DEC
    for party, who in ((paper.seller, "seller"), (paper.buyer, "customer")):
        if not party.name or not party.country:  # BR-6 to BR-11
            yield f"The {who} needs a name and a country."
    kinds = {tax.kind for tax in paper.taxes}
    if _NO_TAX_AT_ALL in kinds:
        if len(kinds) > 1:  # BR-O-11
            yield "What is not subject to tax stands on a document of its own."
        if not paper.seller.registration:  # BR-CO-26; a VAT number must not be given, BR-O-2
            yield "The seller needs a registration."
    elif not paper.seller.vat_number:  # BR-S-2 and its like for every other category
        yield "The seller needs a VAT number."
    if _BUYER_PAYS_TAX in kinds and not paper.buyer.vat_number:  # BR-AE-2
        yield "A customer who accounts for the tax needs a VAT number."


def _trader(party: Party, *, with_vat: bool) -> Trader:
    return Trader(
        name=party.name,
        street=party.street,
        city=party.city,
        postcode=party.postcode,
        country=party.country,
        vat_number=_with_country(party) if with_vat else "",
        registration=party.registration,
        email=party.email,
        phone=party.phone,
    )


def _with_country(party: Party) -> str:
    """Return the VAT number with the country it begins with (BR-CO-9); Greece writes EL."""
    number = "".join(party.vat_number.split()).upper()
    if not number or number[:2].isalpha():
        return number
    return f"{'EL' if party.country == 'GR' else party.country}{number}"


def _transfer(paper: Paper) -> Transfer:
    means = "58" if paper.currency == "EUR" else "30"  # a SEPA credit transfer, or any other
    return Transfer(means, "".join(paper.seller.iban.split()), paper.seller.bic, paper.seller.name)


def _terms(paper: Paper) -> str:
    words = words_of(paper.language)
    if not paper.to_pay.amount_minor:
        return words.nothing_to_pay
    return f"{words.to_pay_by} {day(paper.due_on, paper.language)}"


def _subtotal(tax: PaperTax, language: str) -> Subtotal:
    """Return a rate's sums. A reason stands there exactly where no tax is charged for one (BR-S-10, BR-E-10, ...)."""
    default = reason_of(tax.kind, language)
    return Subtotal(
        net=tax.net,
        tax=tax.tax,
        category=tax.kind,
        rate=_rate(tax.kind, tax.percent),
        reason=(tax.note or default) if default else "",
    )


def _item(line: PaperLine) -> Item:
    return Item(
        number=str(line.position),
        name=line.title,
        description=line.detail,
        quantity=line.quantity,
        price=line.each,
        net=line.amount,
        category=line.tax_kind,
        rate=_rate(line.tax_kind, line.tax_percent),
        starts_on=line.first_day,
        ends_on=line.last_day,
    )


def _rate(kind: str, percent: Decimal) -> Decimal | None:
    return None if kind == _NO_TAX_AT_ALL else percent  # BR-O-5
