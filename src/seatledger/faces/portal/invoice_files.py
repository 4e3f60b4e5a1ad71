"""A document as a file: sent when it is there, asked for and waited for when it is not."""

from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET
from procrastinate.contrib.django import app as jobs
from procrastinate.exceptions import AlreadyEnqueued

from seatledger.domain.invoices.models import Document, FileKind
from seatledger.domain.invoices.papers.names import content_type, file_name
from seatledger.domain.invoices.queries import get_document, get_file
from seatledger.domain.people.permissions import Permission
from seatledger.faces.portal.access import PortalRequest, private
from seatledger.shared.errors import NotFound

LOOK_AGAIN_S = 3


@private(Permission.BILLING_VIEW)
@require_GET
def send_invoice_file(request: PortalRequest, document_id: UUID, kind: str) -> HttpResponse:
    """Send a document as a file of a kind. While it is not made, a page says so and looks again by itself."""
    if kind not in FileKind.values:
        raise NotFound("file")
    wanted = FileKind(kind)
    document = get_document(request.account, document_id)
    file = get_file(request.account, document_id, wanted)
    if file is None:
        return _wait(request, document, wanted)
    name = file_name(document.issue.reference, wanted)
    headers = {
        "Content-Disposition": str(content_disposition_header(as_attachment=True, filename=name)),
        "Cache-Control": "no-store",
    }
    return HttpResponse(bytes(file.content), content_type=content_type(wanted), headers=headers)


def _wait(request: PortalRequest, document: Document, kind: FileKind) -> HttpResponse:
    """Ask for the file, unless somebody has and it waits for its turn, and show that it comes."""
    job = jobs.configure_task("make_file", queue="documents", queueing_lock=f"make_file:{document.pk}:{kind}")
    try:
        with transaction.atomic():
            job.defer(document_id=str(document.pk), kind=kind.value)
    except AlreadyEnqueued:
        pass
    context = {"document": document, "kind": kind.label, "seconds": LOOK_AGAIN_S}
    answer = render(request, "portal/invoice_file.html", context, status=202)
    answer["Refresh"] = str(LOOK_AGAIN_S)
    answer["Cache-Control"] = "no-store"
    return answer
