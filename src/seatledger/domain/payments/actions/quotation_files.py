"""Store quotations as files. They follow from what was sent alone, so making them again changes nothing."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from seatledger.domain.events.actions import Actor, Happening, record
from seatledger.domain.invoices.actions.files import find_logo
from seatledger.domain.invoices.models import FileKind
from seatledger.domain.payments.models import QUOTATION_FILES, Quotation, QuotationFile

# What every quotation gets at once; the other size is made when somebody asks for it.
MADE_AT_ONCE: Final = (FileKind.PDF,)


@dataclass(frozen=True)
class QuotationFilesMade(Happening):
    """A quotation can be downloaded."""

    quotation_id: UUID
    kinds: tuple[str, ...]


@transaction.atomic
def store_quotation_files(
    *,
    quotation: Quotation,
    kinds: Collection[FileKind] = MADE_AT_ONCE,
    accept_at: str,
    at: datetime,
    by: Actor,
) -> list[QuotationFile]:
    """Make and store the files that a quotation has not got yet; returns those that are new.

    None are new when all are there, when another transaction is making them at this moment, or when it was sent before
    quotations kept their paper. `accept_at` is the address of its page.
    """
    # Held so that two jobs do not set the same pages; who accepts it meanwhile is not held up.
    held = Quotation.objects.select_for_update(skip_locked=True, of=["self"], no_key=True)
    found = held.select_related("account").filter(pk=quotation.pk).exclude(paper={}).first()
    if found is None:
        return []
    there = QuotationFile.objects.filter(quotation=found).values_list("kind", flat=True)
    missing = [kind for kind in QUOTATION_FILES if kind in kinds and kind.value not in there]
    if not missing:
        return []
    # Only who makes files loads what sets pages; a request has no use for it.
    from seatledger.domain.invoices.papers.offer import set_offer  # noqa: PLC0415 -- as said
    from seatledger.domain.invoices.papers.page import Layout, Size  # noqa: PLC0415 -- as said
    from seatledger.domain.payments.quotation_pages import paper_of_quotation  # noqa: PLC0415 -- as said

    sizes = {FileKind.PDF: Size.A4, FileKind.PDF_LETTER: Size.LETTER}
    paper, logo = paper_of_quotation(found, accept_at=accept_at), find_logo()
    stored = QuotationFile.objects.bulk_create(
        QuotationFile(
            account_id=found.account_id,
            quotation=found,
            kind=kind,
            content=set_offer(paper, Layout(sizes[kind], logo=logo)),
            made_at=at,
        )
        for kind in missing
    )
    made = QuotationFilesMade(found.pk, tuple(row.kind for row in stored))
    record(made, account=found.account, at=at, by=by)
    return stored
