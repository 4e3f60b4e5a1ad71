"""Store the files of issued documents. They follow from the document alone, so making them again changes nothing."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from seatledger.domain.events.actions import Actor, Happening, record
from seatledger.domain.invoices.models import Document, DocumentFile, FileKind
from seatledger.domain.invoices.papers.content import Logo
from seatledger.domain.invoices.queries.files import get_paper

# What every document gets at once; the others are made when somebody asks for them.
MADE_AT_ONCE: Final = (FileKind.PDF, FileKind.CII, FileKind.UBL)


@dataclass(frozen=True)
class FilesMade(Happening):
    document_id: UUID
    kinds: tuple[str, ...]


@transaction.atomic
def store_files(
    *, document: Document, kinds: Collection[FileKind] = MADE_AT_ONCE, at: datetime, by: Actor
) -> list[DocumentFile]:
    """Make and store the files that an issued document has not got yet; returns those that are new.

    None are new when all are there, when another transaction is making them at this moment, or when the kinds asked for
    need an electronic form that the document cannot have (`papers.semantics.find_obstacles`).
    """
    # Held so that two jobs do not set the same pages; what settles the document meanwhile is not held up.
    held = Document.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=document.pk)
    if not held.first():
        return []
    there = DocumentFile.objects.filter(document=document).values_list("kind", flat=True)
    missing = set(kinds) - {FileKind(kind) for kind in there}
    if not missing:
        return []
    # Only who makes files loads what sets pages; a request has no use for it.
    from seatledger.domain.invoices.papers.making import make_files  # noqa: PLC0415 -- as said

    files = make_files(get_paper(document.account, document), missing, logo=find_logo())
    rows = [
        DocumentFile(
            account_id=document.account_id, document=document, kind=kind, content=content, made_at=at
        )
        for kind, content in files.items()
    ]
    stored = DocumentFile.objects.bulk_create(rows)
    if stored:
        made = FilesMade(document_id=document.pk, kinds=tuple(row.kind for row in stored))
        record(made, account=document.account, at=at, by=by)
    return stored


def find_logo() -> Logo | None:
    """Return the vendor's logo, if there is one."""
    file = settings.SEATLEDGER_LOGO
    return Logo(file.read_bytes(), file.suffix[1:].lower()) if file else None
