"""An invoice or a credit note of an account, and what can be done about it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from seatledger.domain.accounts.queries import get_account_for_operator
from seatledger.domain.invoices.line_words import words_of_line
from seatledger.domain.invoices.models import DocumentKind
from seatledger.domain.invoices.queries import get_document, list_lines
from seatledger.domain.staff.permissions import StaffPermission
from seatledger.faces.console.access import ConsoleRequest, for_staff
from seatledger.faces.console.account import links_of


@for_staff(StaffPermission.ACCOUNTS_VIEW)
@require_GET
def show_document(request: ConsoleRequest, serial: str, document_id: UUID) -> HttpResponse:
    """Show what was charged, what is open of it, and the deeds about it."""
    account = get_account_for_operator(serial)
    document = get_document(account, document_id)
    is_void = hasattr(document, "void")
    names: tuple[str, ...] = ()
    if document.kind == DocumentKind.INVOICE and not is_void:
        booking = ("book_payment",) if document.issue.open_minor else ()
        names = (*booking, "credit_invoice", "void_invoice", "write_off")
    elif document.kind == DocumentKind.CREDIT_NOTE and document.issue.open_minor:
        names = ("refund_credit_note",)
    context = {
        "account": account,
        "document": document,
        "title": f"{DocumentKind(document.kind).label} {document.issue.reference}",
        "is_void": is_void,
        "lines": [(row, words_of_line(document, row)) for row in list_lines(account, document)],
        "tax_minor": document.total_minor - document.net_minor,
        "deeds": links_of(request, account, *names, document_id=document.pk),
    }
    return render(request, "console/document.html", context)
