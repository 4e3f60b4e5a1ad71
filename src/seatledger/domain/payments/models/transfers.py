"""Bank transfers that came in, as the bank's statement tells them. They belong to the vendor, not to an account."""

import uuid

from django.db import models
from django.db.models import Q

from seatledger.domain.payments.models.payments import Payment
from seatledger.shared.models import one_of


class TransferState(models.TextChoices):
    UNMATCHED = "unmatched", "To be matched"
    BOOKED = "booked", "Booked"
    IGNORED = "ignored", "Not a payment of a customer"


class BankStatement(models.Model):
    """A statement that was imported: the same file, or the same statement in another, is imported once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    form = models.CharField(max_length=16, help_text="camt.053, csv or by hand.")
    identifier = models.CharField(
        max_length=140, unique=True, help_text="The bank's own, or the file's SHA-256."
    )
    imported_at = models.DateTimeField()
    imported_by_id = models.UUIDField(null=True, help_text="The member of staff.")

    def __str__(self) -> str:
        return f"{self.form} {self.identifier}"


class IncomingTransfer(models.Model):
    """One credit on a statement. Once it is matched, its payment says to whom it belongs."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    statement = models.ForeignKey(BankStatement, models.PROTECT, related_name="transfers")
    bank_reference = models.CharField(
        max_length=140, unique=True, help_text="The bank's own for this credit."
    )
    booked_on = models.DateField()
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    payer = models.CharField(max_length=140, blank=True)
    payer_account = models.CharField(
        max_length=34, blank=True, db_default="", help_text="His IBAN, where the bank tells it."
    )
    remittance = models.CharField(max_length=1000, blank=True, help_text="What the payer wrote.")
    state = models.CharField(max_length=16, choices=TransferState, default=TransferState.UNMATCHED)
    payment = models.OneToOneField(Payment, models.PROTECT, null=True, related_name="transfer")
    decided_at = models.DateTimeField(null=True, help_text="When it was booked or ignored.")
    decided_by_id = models.UUIDField(null=True, help_text="The member of staff; null for a certain match.")
    note = models.CharField(
        max_length=300, blank=True, db_default="", help_text="Why it is ignored, or was taken up again."
    )

    class Meta:
        constraints = [
            one_of("state", TransferState, name="transfer_state_is_known"),
            models.CheckConstraint(name="a_transfer_is_of_something", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(
                name="a_booked_transfer_has_its_payment",
                condition=Q(state=TransferState.BOOKED, payment__isnull=False)
                | (~Q(state=TransferState.BOOKED) & Q(payment__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["booked_on", "id"],
                condition=Q(state=TransferState.UNMATCHED),
                name="transfers_to_match",
            ),
            models.Index(
                fields=["payer_account"],
                condition=Q(state=TransferState.BOOKED) & ~Q(payer_account=""),
                name="transfers_of_a_payer",
            ),
            models.Index(fields=["-booked_on", "-id"], name="transfers_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency} of {self.booked_on}: {self.state}"
