"""An account's books while documents are entered: what it owes, which invoices are open, which credit is unused.

Plain Python on what was read while the account was held: the books of many accounts are read and stored in a few
statements (`writing`), and every rule about what settles what is here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from seatledger.domain.invoices.models import DocumentKind


@dataclass(slots=True)
class OpenDocument:
    """An issued document of which something is open: of an invoice what is to be paid, of a credit note what is unused."""

    id: UUID
    kind: DocumentKind
    currency: str
    open_minor: int


@dataclass(frozen=True, slots=True)
class Settled:
    """So much of an invoice was settled by a credit note."""

    account_id: UUID
    invoice_id: UUID
    credit_note_id: UUID
    amount_minor: int


@dataclass(slots=True)
class Books:
    """One account's. `sequence` and `balance_minor` are those of the newest entry of its statement."""

    account_id: UUID
    sequence: int = 0
    balance_minor: int = 0
    open_invoices: list[OpenDocument] = field(default_factory=list)
    open_credit_notes: list[OpenDocument] = field(default_factory=list)
    settled: list[Settled] = field(default_factory=list)

    def enter(self, document: OpenDocument, *, corrects_id: UUID | None = None) -> int:
        """Enter a document that is issued now, all of it open; return by how much the account owes more.

        An invoice uses open credit, the oldest first. A credit note reduces the invoice it corrects, then the open
        ones, the oldest first; what is left of it is credit.
        """
        amount_minor = document.open_minor
        if document.kind is DocumentKind.INVOICE:
            for credit_note in self.open_credit_notes:
                self._settle(document, credit_note)
            self.open_invoices.append(document)
        else:
            amount_minor = -amount_minor
            for invoice in self._to_reduce(corrects_id):
                self._settle(invoice, document)
            self.open_credit_notes.append(document)
        self.sequence += 1
        self.balance_minor += amount_minor
        return amount_minor

    def _to_reduce(self, corrects_id: UUID | None) -> Iterator[OpenDocument]:
        yield from (invoice for invoice in self.open_invoices if invoice.id == corrects_id)
        yield from (invoice for invoice in self.open_invoices if invoice.id != corrects_id)

    def _settle(self, invoice: OpenDocument, credit_note: OpenDocument) -> None:
        amount_minor = min(invoice.open_minor, credit_note.open_minor)
        if amount_minor and invoice.currency == credit_note.currency:
            invoice.open_minor -= amount_minor
            credit_note.open_minor -= amount_minor
            self.settled.append(Settled(self.account_id, invoice.id, credit_note.id, amount_minor))
