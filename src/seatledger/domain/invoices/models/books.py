"""What an account owes over time, and what settled which invoice."""

from django.db import models
from django.db.models import Q

from seatledger.domain.invoices.models.documents import Document
from seatledger.shared.models import AccountRow, one_of


class EntryKind(models.TextChoices):
    """What moves an account's balance."""

    INVOICE = "invoice", "Invoice"
    CREDIT_NOTE = "credit_note", "Credit note"
    PAYMENT = "payment", "Payment"
    REFUND = "refund", "Refund"
    WRITE_OFF = "write_off", "Write-off"
    VOID = "void", "Void"
    REVERSAL = "reversal", "Payment taken back"
    REFUND_FAILED = "refund_failed", "Refund that failed"


# What undoes a settlement.
UNDOING = (EntryKind.REVERSAL, EntryKind.REFUND_FAILED)


class BalanceEntry(AccountRow):
    """One line of the account's statement: what it owes rises or falls. Never changed.

    The running balance is the sum of the entries so far, by `sequence`.
    """

    sequence = models.BigIntegerField()
    kind = models.CharField(max_length=16, choices=EntryKind)
    at = models.DateTimeField()
    dated_on = models.DateField()
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField(help_text="Positive: the account owes more.")
    balance_minor = models.BigIntegerField(
        help_text="What the account owes after it; negative: it has credit."
    )
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    payment_id = models.UUIDField(null=True)
    text = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            one_of("kind", EntryKind, name="balance_entry_kind_is_known"),
            models.UniqueConstraint(fields=["account", "sequence"], name="balance_entries_are_numbered"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.amount_minor} {self.currency}"


def _sides(kind: EntryKind, *given: str) -> Q:
    """Return the condition that a settlement of a kind names these sides and no others."""
    sides = ("invoice", "credit_note", "payment_id")
    return Q(kind=kind, **{f"{side}__isnull": side not in given for side in sides})


class Settlement(AccountRow):
    """A part of an invoice was settled by a credit note, a payment or a write-off; or of a credit note by a refund.

    Never changed. A payment that is taken back, and a refund that failed, undo what they settled by a further row of the
    same two sides whose amount is negative, so that every sum of settlements holds.
    """

    invoice = models.ForeignKey(Document, models.PROTECT, null=True, related_name="settlements")
    credit_note = models.ForeignKey(Document, models.PROTECT, null=True, related_name="uses")
    payment_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=16, choices=EntryKind)
    amount_minor = models.BigIntegerField()
    reason = models.CharField(
        max_length=300,
        blank=True,
        db_default="",
        help_text="Why a person wrote it off; not shown to customers.",
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            one_of("kind", EntryKind, name="settlement_kind_is_known"),
            models.CheckConstraint(
                name="a_settlement_settles_something_or_undoes_it",
                condition=(Q(amount_minor__gt=0) & ~Q(kind__in=UNDOING))
                | Q(amount_minor__lt=0, kind__in=UNDOING),
            ),
            models.CheckConstraint(
                name="a_settlement_has_its_two_sides",
                condition=_sides(EntryKind.CREDIT_NOTE, "invoice", "credit_note")
                | _sides(EntryKind.PAYMENT, "invoice", "payment_id")
                | _sides(EntryKind.WRITE_OFF, "invoice")
                | _sides(EntryKind.REFUND, "credit_note", "payment_id")
                | _sides(EntryKind.REVERSAL, "invoice", "payment_id")
                | _sides(EntryKind.REFUND_FAILED, "credit_note", "payment_id"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} of {self.invoice_id} by {self.kind}"
