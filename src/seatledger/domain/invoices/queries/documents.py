"""Questions about one issued document: what it says, and what settled it. Drafts are nobody's business but the staff's."""

from uuid import UUID

from django.db.models import Exists, OuterRef

from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.models import Document, EntryKind, Line, Settlement
from seatledger.shared.errors import NotFound


def get_document(account: Account, document_id: UUID) -> Document:
    """Return the account's issued document with its number, its void if it has one, and the invoice it corrects.

    `was_written_off` says whether what was open of it was given up. Raises NotFound for a draft and for another account's, as for none.
    """
    issued = Document.objects.filter(account=account, issue__isnull=False)
    issued = issued.annotate(was_written_off=write_off_of(OuterRef("pk")))
    try:
        return issued.select_related("account", "issue", "void", "corrects__issue").get(pk=document_id)
    except Document.DoesNotExist:
        raise NotFound("invoice") from None


def write_off_of(invoice: OuterRef) -> Exists:
    """Return the condition that what was open of an invoice was given up."""
    return Exists(Settlement.objects.filter(invoice=invoice, kind=EntryKind.WRITE_OFF))


def list_lines(account: Account, document: Document) -> list[Line]:
    """Return the lines of a document in their order."""
    return list(Line.objects.filter(account_id=account.pk, document=document).order_by("position"))


def list_settlements(account: Account, invoice: Document) -> list[Settlement]:
    """Return what settled an invoice, oldest first, with the credit notes that did."""
    settled = Settlement.objects.filter(account=account, invoice=invoice)
    return list(settled.select_related("credit_note__issue").order_by("at", "pk"))


def list_uses(account: Account, credit_note: Document) -> list[Settlement]:
    """Return the invoices that a credit note was used for, oldest first."""
    used = Settlement.objects.filter(account=account, credit_note=credit_note)
    return list(used.select_related("invoice__issue").order_by("at", "pk"))


def list_corrections(account: Account, invoice: Document) -> list[Document]:
    """Return the credit notes that were issued for an invoice, oldest first."""
    notes = Document.objects.filter(account=account, corrects=invoice, issue__isnull=False)
    return list(notes.select_related("issue").order_by("issue__issued_at", "issue__number"))
