"""Account > Billing history: one list of everything that moved the balance, and the page of each document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from seatledger.domain.invoices.models import (
    BalanceEntry,
    Document,
    DocumentKind,
    EntryKind,
    Settlement,
    TaxKind,
)
from seatledger.domain.invoices.papers.content import read_party
from seatledger.domain.invoices.papers.words import ENGLISH
from seatledger.domain.invoices.queries import (
    get_document,
    get_standing,
    list_corrections,
    list_file_kinds,
    list_lines,
    list_open_invoices,
    list_settlements,
    list_transactions,
    list_uses,
)
from seatledger.domain.licences.queries import today_of
from seatledger.domain.payments.models import Payment, PaymentMethod
from seatledger.domain.payments.queries import get_default_method
from seatledger.domain.payments.queries.paying import list_payments, live_payments_of
from seatledger.domain.people.permissions import Permission
from seatledger.faces.portal.access import PortalRequest, private
from seatledger.faces.portal.invoice_lines import group_lines
from seatledger.faces.ui.paging import PAGE, decode_key, page_of


@dataclass(frozen=True)
class Transaction:
    """A line of the statement with its words. `status` is empty where there is nothing to say."""

    entry: BalanceEntry
    what: str
    status: str
    payment_id: UUID | None = None

    @property
    def document(self) -> Document | None:
        return self.entry.document


@dataclass(frozen=True)
class TaxLine:
    """The tax at one rate, in minor units, and the sentence the law wants with it."""

    label: str
    net_minor: int
    tax_minor: int
    note: str


@dataclass(frozen=True)
class SettledPart:
    """A part of an invoice that something settled, or of a credit note that was used; `document` is the other one."""

    at: datetime
    what: str
    amount_minor: int
    document: Document | None
    payment_id: UUID | None = None


@private(Permission.BILLING_VIEW)
@require_GET
def show_invoices(request: PortalRequest) -> HttpResponse:
    """List invoices, credit notes, payments, refunds and write-offs, newest first, with the balance after each."""
    account, today = request.account, today_of(request.account, timezone.now())
    after = request.GET.get("after", "")
    key = decode_key(after, (int,))
    before = cast("int", key[0]) if key else None
    entries = list_transactions(account, before=before, limit=PAGE + 1)
    page = page_of(
        [_transaction(entry, today) for entry in entries],
        key_of=lambda line: (line.entry.sequence,),
        after=after,
    )
    context = {
        "page": page,
        "standing": get_standing(account, on=today),
        "currency": account.currency,
        "today": today,
        "next_url": f"?after={page.next_key}" if page.next_key else "",
        "first_url": "" if page.is_first else request.path,
        "may_change_details": Permission.BILLING_MANAGE in request.permissions,
        "payments": list_payments(account) if key is None else [],
        "to_pay": paying_of(request, [issue.document for issue in list_open_invoices(account)[:10]]),
    }
    return render(request, "portal/invoices.html", context)


@private(Permission.BILLING_VIEW)
@require_GET
def show_invoice(request: PortalRequest, document_id: UUID) -> HttpResponse:
    """Show an invoice or a credit note: its lines with their working, tax, and what settled it."""
    account = request.account
    document = get_document(account, document_id)
    is_invoice = document.kind == DocumentKind.INVOICE
    settlements = list_settlements(account, document) if is_invoice else list_uses(account, document)
    context = {
        "document": document,
        "title": title_of(document),
        "status": status_of(
            document,
            today_of(account, timezone.now()),
            was_written_off=document.was_written_off,  # type: ignore[attr-defined] # the query adds it for this
        ),
        "is_invoice": is_invoice,
        "groups": group_lines(document, list_lines(account, document)),
        "taxes": _taxes_of(document),
        "billed_to": _party_of(document.billed_to),
        "sold_by": _party_of(document.sold_by),
        "settlements": [_part_of(part, of_invoice=is_invoice) for part in settlements],
        "corrections": list_corrections(account, document) if is_invoice else [],
        "files": list_file_kinds(account, document),
        "may_see_licences": Permission.LICENCES_VIEW in request.permissions,
        "paying": paying_of(request, [document])[0] if is_invoice and document.issue.open_minor else None,
    }
    return render(request, "portal/invoice.html", context)


@dataclass(frozen=True)
class Paying:
    """How an open invoice is paid here: by which method, or by the payment that is on its way."""

    document: Document
    method: PaymentMethod | None
    live: Payment | None
    may_pay: bool


def paying_of(request: PortalRequest, documents: Sequence[Document]) -> list[Paying]:
    """Return how open invoices can be paid now, and by whom."""
    method = get_default_method(request.account)
    live = live_payments_of(request.account, documents)
    may_pay = Permission.BILLING_MANAGE in request.permissions
    usable = method if method and method.gateway else None
    return [Paying(document, usable, live.get(document.pk), may_pay) for document in documents]


def title_of(document: Document) -> str:
    """Return what a document is called: `Invoice INV-7`."""
    return f"{DocumentKind(document.kind).label} {document.issue.reference}"


def words_of(entry: BalanceEntry) -> str:
    """Return what moved the balance: `Invoice INV-7`, `Payment`, `Write-off of INV-7`."""
    kind, document = EntryKind(entry.kind), entry.document
    if document is None:
        return kind.label
    if kind in {EntryKind.INVOICE, EntryKind.CREDIT_NOTE}:
        return title_of(document)
    return f"{kind.label} {'for' if kind is EntryKind.PAYMENT else 'of'} {document.issue.reference}"


def status_of(document: Document, today: date, *, was_written_off: bool) -> str:
    """Return the state of an issued document, as the page kit names it."""
    issue = document.issue
    if hasattr(document, "void"):
        return "void"
    if document.kind == DocumentKind.CREDIT_NOTE:
        return "credit_left" if issue.open_minor else "used"
    if issue.open_minor:
        return "overdue" if document.due_on < today else "due"
    if was_written_off:
        return "written_off"
    return "credited" if issue.credited_minor == issue.total_minor else "paid"


def _transaction(entry: BalanceEntry, today: date) -> Transaction:
    of_document = entry.kind in {
        EntryKind.INVOICE,
        EntryKind.CREDIT_NOTE,
        EntryKind.VOID,
        EntryKind.WRITE_OFF,
    }
    payment_id = None if of_document else entry.payment_id
    return Transaction(entry, words_of(entry), _status_in_list(entry, today), payment_id)


def _status_in_list(entry: BalanceEntry, today: date) -> str:
    of_document = entry.kind in {EntryKind.INVOICE, EntryKind.CREDIT_NOTE}
    if not of_document or entry.document is None:
        return ""
    given_up = entry.was_written_off  # type: ignore[attr-defined] # the query adds it for this
    return status_of(entry.document, today, was_written_off=given_up)


def _party_of(stored: Mapping[str, Any]) -> dict[str, object]:
    party = read_party(stored)
    return {
        "name": party.name,
        "address": party.address(ENGLISH),
        "vat_number": party.vat_number,
    }


def _taxes_of(document: Document) -> list[TaxLine]:
    return [
        TaxLine(
            label=f"{TaxKind(tax['kind']).label}, {tax['percent']} %",
            net_minor=tax["net_minor"],
            tax_minor=tax["tax_minor"],
            note=tax["note"],
        )
        for tax in document.taxes
    ]


def _part_of(settlement: Settlement, *, of_invoice: bool) -> SettledPart:
    other = settlement.credit_note if of_invoice else settlement.invoice
    what = title_of(other) if other else EntryKind(settlement.kind).label
    return SettledPart(settlement.at, what, settlement.amount_minor, other, settlement.payment_id)
