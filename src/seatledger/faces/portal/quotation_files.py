"""A quotation as PDF: sent when it is there, asked for and waited for when it is not."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from seatledger.domain.invoices.models import FileKind
from seatledger.domain.payments.queries.quotations import get_quotation, get_quotation_file
from seatledger.domain.people.permissions import Permission
from seatledger.faces.portal.access import PortalRequest, private
from seatledger.faces.ui.made_files import ask_for_file, let_look_again, send_file
from seatledger.shared.errors import NotFound


@private(Permission.BILLING_VIEW)
@require_GET
def send_quotation_file(request: PortalRequest, quotation_id: UUID, kind: str) -> HttpResponse:
    """Send a quotation as a file of a kind. While it is not made, a page says so and looks again by itself."""
    if kind not in FileKind.values:
        raise NotFound("file")
    wanted = FileKind(kind)
    quotation = get_quotation(request.account, quotation_id)
    file = get_quotation_file(request.account, quotation_id, wanted)
    if file is not None:
        return send_file(bytes(file.content), quotation.number, wanted)
    ask_for_file("make_quotation_file", quotation_id=str(quotation.pk), kind=wanted.value)
    context = {"what": "Quotation", "reference": quotation.number, "kind": wanted.label}
    return let_look_again(render(request, "portal/invoice_file.html", context, status=202))
