"""Files that jobs make: sent when they are there, and a page that looks again by itself while they are not."""

from contextlib import suppress
from typing import Final

from django.db import transaction
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from procrastinate.contrib.django import app as jobs
from procrastinate.exceptions import AlreadyEnqueued

from seatledger.domain.invoices.models import FileKind
from seatledger.domain.invoices.papers.names import content_type, file_name

LOOK_AGAIN_S: Final = 3


def send_file(content: bytes, reference: str, kind: FileKind) -> HttpResponse:
    """Return a file to be kept, named for the document that it is of."""
    disposition = content_disposition_header(as_attachment=True, filename=file_name(reference, kind))
    headers = {"Content-Disposition": str(disposition), "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=content_type(kind), headers=headers)


def ask_for_file(task: str, **arguments: str) -> None:
    """Have a job make a file, unless one for the same waits for its turn."""
    lock = ":".join([task, *arguments.values()])
    job = jobs.configure_task(task, queue="documents", queueing_lock=lock)
    with suppress(AlreadyEnqueued), transaction.atomic():
        job.defer(**arguments)


def let_look_again(answer: HttpResponse) -> HttpResponse:
    """Return the page that says that a file comes, which asks for it again by itself."""
    answer["Refresh"] = str(LOOK_AGAIN_S)
    answer["Cache-Control"] = "no-store"
    return answer
