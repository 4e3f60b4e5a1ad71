"""Questions about a document's files: what stands on them, which there can be, and which there are."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.models import Document, DocumentFile, FileKind, Issue, Settlement
from seatledger.domain.invoices.papers.content import Paper, paper_of
from seatledger.domain.invoices.papers.semantics import find_obstacles
from seatledger.domain.invoices.queries.documents import get_document, list_lines
from seatledger.domain.invoices.workings import read_line
from seatledger.shared.errors import NotFound, Refused

_ELECTRONIC = {FileKind.UBL, FileKind.CII}


class NoElectronicForm(Refused):
    """The document cannot be told in the terms of EN 16931."""

    code = "no_electronic_form"


def get_paper(account: Account, document: Document) -> Paper:
    """Return what stands on an issued document, as it was when it was issued."""
    rows = [(line, read_line(line) if line.item_id else None) for line in list_lines(account, document)]
    used = Settlement.objects.filter(account=account, invoice=document, credit_note__isnull=False)
    at_once = used.filter(at__lte=document.issue.issued_at).aggregate(minor=Sum("amount_minor"))
    return paper_of(document.issue, rows, credit_used_minor=at_once["minor"] or 0)


def get_file(account: Account, document_id: UUID, kind: FileKind) -> DocumentFile | None:
    """Return a document's file of a kind; None while it is not made.

    Raises NotFound for a document that is not the account's or not issued, and NoElectronicForm for XML that it cannot
    have, with the reasons.
    """
    document = get_document(account, document_id)
    made = DocumentFile.objects.filter(account=account, document=document, kind=kind)
    if file := made.select_related("document__issue").first():
        return file
    if kind in _ELECTRONIC and (obstacles := find_obstacles(get_paper(account, document))):
        raise NoElectronicForm(f"This document has no electronic form. {' '.join(obstacles)}")
    return None


def list_file_kinds(account: Account, document: Document) -> list[FileKind]:
    """Return the kinds of files that an issued document has or can have, in the order in which they are offered."""
    electronic = not find_obstacles(get_paper(account, document))
    return [kind for kind in FileKind if electronic or kind not in _ELECTRONIC]


def get_document_for_operator(document_id: UUID) -> Document:
    """Return an issued document of any account. Raises NotFound."""
    try:
        return _issued().get(pk=document_id)
    except Document.DoesNotExist:
        raise NotFound("invoice", "") from None


def list_unfiled_for_operator(
    *, since: datetime | None = None, after: Issue | None = None, limit: int = 100
) -> list[Document]:
    """Return issued documents that have no PDF yet, oldest first, those beyond `after` only.

    `since` leaves out what was issued before it, whose files are long there: without it every number is looked at.
    """
    there = DocumentFile.objects.filter(document=OuterRef("pk"), kind=FileKind.PDF)
    unfiled = _issued().filter(~Exists(there))
    if since:
        unfiled = unfiled.filter(issue__issued_at__gte=since)
    if after:
        later = Q(issue__issued_at=after.issued_at, pk__gt=after.document_id)
        unfiled = unfiled.filter(Q(issue__issued_at__gt=after.issued_at) | later)
    return list(unfiled.order_by("issue__issued_at", "pk")[:limit])


def _issued() -> QuerySet[Document]:
    issued = Document.objects.filter(issue__isnull=False)
    return issued.select_related("account", "issue", "corrects__issue")
