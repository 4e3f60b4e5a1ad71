"""The jobs that make the files of documents. Each is safe to run twice, and twice at once."""

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app

from seatledger.domain.events.actions import Actor
from seatledger.domain.invoices.actions import store_files
from seatledger.domain.invoices.models import FileKind
from seatledger.domain.invoices.queries import get_document_for_operator, list_unfiled_for_operator
from seatledger.domain.payments.actions.quotation_files import store_quotation_files
from seatledger.domain.payments.models import Quotation
from seatledger.domain.payments.queries.quotations import (
    get_quotation_for_operator,
    list_unfiled_quotations_for_operator,
)

# What is older has its files, or is found by the nightly job.
RECENT = timedelta(days=2)
BATCH = 100

log = structlog.get_logger(__name__)


# One at a time and on a queue of its own: a long backlog leaves the worker's other hands free.
@app.periodic(cron="* * * * *", periodic_id="render_documents")
@app.task(
    name="render_documents", queue="documents", lock="render_documents", queueing_lock="render_documents"
)
def render_documents(timestamp: int) -> None:
    """Make the files of the documents that were issued, and the quotations that were sent, of late and have none."""
    del timestamp
    make_missing_files(since=timezone.now() - RECENT)
    make_missing_quotations(since=timezone.now() - RECENT)


@app.periodic(cron="23 2 * * *", periodic_id="render_old_documents")
@app.task(
    name="render_old_documents",
    queue="documents",
    lock="render_documents",
    queueing_lock="render_old_documents",
)
def render_old_documents(timestamp: int) -> None:
    """Make the files of every document that has none, however old: nobody was there to make them."""
    del timestamp
    make_missing_files(since=None)


@app.task(name="make_file", queue="documents")
def make_file(document_id: str, kind: str) -> None:
    """Make one file that somebody asked for; a second job for it finds nothing to do."""
    document = get_document_for_operator(UUID(document_id))
    store_files(document=document, kinds=[FileKind(kind)], at=timezone.now(), by=Actor.system())


@app.task(name="make_quotation_file", queue="documents")
def make_quotation_file(quotation_id: str, kind: str) -> None:
    """Make one file of a quotation that somebody asked for; a second job for it finds nothing to do."""
    _store_quotation(get_quotation_for_operator(UUID(quotation_id)), FileKind(kind))


def make_missing_quotations(*, since: datetime) -> None:
    """Make the files of one quotation after the other; one that cannot be made is tried again with the next minute."""
    for quotation in list_unfiled_quotations_for_operator(since=since, limit=BATCH):
        try:
            _store_quotation(quotation, FileKind.PDF)
        except Exception:
            log.exception("quotation_not_rendered", quotation_id=str(quotation.pk))


def _store_quotation(quotation: Quotation, kind: FileKind) -> None:
    page = reverse("portal:quotation", args=[quotation.pk])
    store_quotation_files(
        quotation=quotation,
        kinds=[kind],
        accept_at=f"{settings.SEATLEDGER_ADDRESS.rstrip('/')}{page}",
        at=timezone.now(),
        by=Actor.system(),
    )


def make_missing_files(*, since: datetime | None) -> None:
    """Make the files of one document after the other. One that cannot be made is logged and does not hold up the rest."""
    after = None
    while documents := list_unfiled_for_operator(since=since, after=after, limit=BATCH):
        for document in documents:
            try:
                store_files(document=document, at=timezone.now(), by=Actor.system())
            except Exception:
                log.exception("document_not_rendered", document_id=str(document.pk))
        after = documents[-1].issue
