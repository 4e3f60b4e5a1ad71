"""Invoices of given lines, issued as every document is, for tests of what becomes of them."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from charging import given_vendor, noon
from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.drafts import Draft, DraftLine, taxes_of
from seatledger.domain.invoices.models import Document, DocumentKind, Issue
from seatledger.domain.invoices.parties import parties_of
from seatledger.domain.invoices.taxes import TaxTreatment
from seatledger.domain.invoices.writing import issue_drafts
from seatledger.engine.money import Money
from support import STAFF

# The four nets of the example, with tax at 20 %: 334.99.
FOUR = (6833, 6833, 5750, 8500)
DAY = "2026-03-02"
STANDARD = TaxTreatment("S", Decimal(20))
REDUCED = TaxTreatment("S", Decimal(5))


def given_invoice(
    account: Account,
    nets: Sequence[int | tuple[int, TaxTreatment]] = FOUR,
    *,
    on: str = DAY,
) -> Document:
    """Issue an invoice whose lines have these nets, in pence, at 20 % unless they say otherwise."""
    given_vendor(percent="20")
    parties = parties_of(account)
    pairs = [net if isinstance(net, tuple) else (net, STANDARD) for net in nets]
    lines = tuple(
        DraftLine(net, tax, text=f"Service {number}") for number, (net, tax) in enumerate(pairs, start=1)
    )
    draft = Draft(
        account_id=account.pk,
        seller_id=parties.seller.pk,
        kind=DocumentKind.INVOICE,
        currency=account.currency,
        dated_on=date.fromisoformat(on),
        due_on=parties.due_on(date.fromisoformat(on)),
        lines=lines,
        taxes=taxes_of(lines),
        billed_to=parties.billed_to(),
        sold_by=parties.sold_by,
    )
    [document] = issue_drafts([draft], at=noon(on), by=STAFF)
    return document


def amounts_of(document: Document) -> str:
    """Return a document's figures: `279.16 + 55.83 = 334.99`."""
    net, tax, total = (
        Money(minor, document.currency).to_text()
        for minor in (document.net_minor, document.tax_minor, document.total_minor)
    )
    return f"{net} + {tax} = {total}"


def nets_of(document: Document) -> list[int]:
    """Return the nets of a document's lines."""
    return list(document.lines.order_by("position").values_list("amount_minor", flat=True))


def open_of(document: Document) -> int:
    """Return what is open of a document now."""
    return Issue.objects.get(document=document).open_minor
