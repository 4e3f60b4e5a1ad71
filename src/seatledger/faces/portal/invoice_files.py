"""A document as a file: sent when it is there, asked for and waited for when it is not."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from seatledger.domain.invoices.models import DocumentKind, FileKind
from seatledger.domain.invoices.queries import get_document, get_file
from seatledger.domain.people.permissions import Permission
from seatledger.faces.portal.access import PortalRequest, private
from seatledger.faces.ui.made_files import ask_for_file, let_look_again, send_file
from seatledger.shared.errors import NotFound


@private(Permission.BILLING_VIEW)
@require_GET
def send_invoice_file(request: PortalRequest, document_id: UUID, kind: str) -> HttpResponse:
    """Send a document as a file of a kind. While it is not made, a page says so and looks again by itself."""
    if kind not in FileKind.values:
        raise NotFound("file")
    wanted = FileKind(kind)
    document = get_document(request.account, document_id)
    file = get_file(request.account, document_id, wanted)
    if file is not None:
        return send_file(bytes(file.content), document.issue.reference, wanted)
    ask_for_file("make_file", document_id=str(document.pk), kind=wanted.value)
    context = {
        "what": DocumentKind(document.kind).label,
        "reference": document.issue.reference,
        "kind": wanted.label,
    }
    return let_look_again(render(request, "portal/invoice_file.html", context, status=202))
