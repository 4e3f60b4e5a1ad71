"""How an account is asked for what it did not pay."""

from django.db import models
from django.db.models import Q

from seatledger.domain.invoices.models import Document
from seatledger.shared.models import AccountRow


class DunningEnd(models.TextChoices):
    PAID = "paid", "Paid"
    STOPPED = "stopped", "Stopped by staff"


class Dunning(AccountRow):
    """An account is asked for an invoice again and again, by a schedule: one that runs at most for each invoice.

    `steps_done` counts the attempts after the first; `next_at` is when the next is due, null once there is none.
    `lapsed_at` is when the account became Expired for it.
    """

    invoice = models.ForeignKey(Document, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    steps_done = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    lapsed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=16, choices=DunningEnd, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["invoice"], condition=Q(ended_at__isnull=True), name="one_dunning_of_an_invoice"
            ),
            models.CheckConstraint(
                name="a_dunning_ends_somehow",
                condition=Q(ended_at__isnull=True, end="")
                | Q(ended_at__isnull=False, end__in=DunningEnd.values),
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(ended_at__isnull=True), name="dunnings_by_next_step")
        ]

    def __str__(self) -> str:
        return f"step {self.steps_done} of {self.invoice_id}"
