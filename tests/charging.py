"""A vendor who sells, and days on which accounts are billed, for the tests of what is charged.

Billing in these tests happens at noon, in UTC, of the day that is named.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.actions import Chunk, begin_run, bill_account, finish_run
from seatledger.domain.invoices.drafts import Charge, Draft, DraftLine, TaxGroup
from seatledger.domain.invoices.models import Document, DocumentKind, Issue, NumberSeries, Seller, TaxRule
from seatledger.domain.invoices.runs import bill_in_chunks
from seatledger.domain.invoices.taxes import read_tax
from seatledger.domain.invoices.workings import read_line
from seatledger.engine.money import Money
from support import STAFF, SYSTEM


def given_vendor(*, percent: str = "0", **said: Any) -> Seller:
    """Return the one who sells, in the United Kingdom, at this rate of tax; invoices are INV-1, INV-2 and so on."""
    address = {"name": "Vendor Ltd", "street": "1 High Street", "city": "Leeds", "country": "GB"}
    stated = {"email": "billing@vendor.example", "vat_number": "GB999999973", "is_default": True}
    seller, made = Seller.objects.get_or_create(key="vendor", defaults=address | stated | said)
    if made:
        TaxRule.objects.create(seller=seller, country="GB", percent=percent, effective_on="2020-01-01")
        for kind, prefix in ((DocumentKind.INVOICE, "INV-"), (DocumentKind.CREDIT_NOTE, "CN-")):
            NumberSeries.objects.create(seller=seller, kind=kind, prefix=prefix)
    return seller


def noon(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=UTC)


def bill(account: Account, on: str) -> list[str]:
    """Bill an account at noon of a day; returns what the documents say (see `in_words`)."""
    return [in_words(document) for document in bill_account(account=account, at=noon(on), by=STAFF)]


def run(on: str, *, through: date | None = None, hour: int = 12) -> list[Chunk]:
    """Run the billing at noon of a day, as the command and the job do; returns its chunks."""
    at = noon(on).replace(hour=hour)
    begun, _ = begin_run(through=through, at=at, by=SYSTEM)
    chunks = list(bill_in_chunks(through=through, at=at, by=SYSTEM))
    finish_run(run=begun, chunks=chunks, at=at, by=SYSTEM)
    return chunks


def documents_of(account: Account) -> list[str]:
    """Return an account's documents in words, in the order of their numbers."""
    rows = Document.objects.filter(account=account, issue__isnull=False)
    return [in_words(row) for row in rows.order_by("dated_on", "issue__issued_at", "issue__number")]


def in_words(document: Document) -> str:
    """Return a document in one line: `INV-1 on 2026-03-01: 120.00 = 96.00 + 24.00`."""
    lines = [
        Money(line.amount_minor, document.currency).to_text() for line in document.lines.order_by("position")
    ]
    total = Money(document.net_minor, document.currency).to_text()
    working = "" if len(lines) == 1 else f" = {' + '.join(lines)}"
    return f"{document.issue.reference} on {document.dated_on}: {total}{working}"


def draft_of(document: Document) -> Draft:
    """Return a stored document as the draft that it was."""
    taxes = [read_tax(stored) for stored in document.taxes]
    treatment = {(tax.kind, tax.percent): tax for tax, _ in taxes}
    return Draft(
        account_id=document.account_id,
        seller_id=Seller.objects.get(key=document.sold_by["key"]).pk,
        kind=DocumentKind(document.kind),
        currency=document.currency,
        dated_on=document.dated_on,
        due_on=document.due_on,
        lines=tuple(
            DraftLine(
                line.amount_minor,
                treatment[line.tax_kind, line.tax_percent.normalize()],
                line.licence_name,
                line.text,
                Charge(
                    str(line.pool_id),
                    line.licence_name,
                    read_line(line),
                    line.revision,
                    line.part,
                    line.amount_minor,
                )
                if line.item_id
                else None,
            )
            for line in document.lines.order_by("position")
        ),
        taxes=tuple(TaxGroup(tax, taxed.net_minor, taxed.tax_minor) for tax, taxed in taxes),
        billed_to=document.billed_to,
        sold_by=document.sold_by,
    )


def numbers_of(kind: DocumentKind = DocumentKind.INVOICE) -> Sequence[int]:
    """Return the numbers that were given to documents of a kind, in order."""
    return list(Issue.objects.filter(series__kind=kind).order_by("number").values_list("number", flat=True))
