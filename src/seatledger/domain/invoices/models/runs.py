"""When accounts are billed, and what became of it."""

import uuid

from django.db import models
from django.db.models import Q


class AccountBilling(models.Model):
    """When an account is billed next. A run takes the accounts that are due; one that fails is parked."""

    account = models.OneToOneField("accounts.Account", models.PROTECT, primary_key=True, related_name="+")
    next_on = models.DateField(
        null=True, help_text="The day on which something is due next; null: nothing is."
    )
    billed_on = models.DateField(
        null=True, help_text="The day of the newest billing: earlier periods are settled."
    )
    reopened_on = models.DateField(
        null=True, help_text="Periods from this day on are billed anew: a document was declared void."
    )
    parked_at = models.DateTimeField(null=True)
    parked_because = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_parked_account_has_a_reason",
                condition=Q(parked_at__isnull=True) & Q(parked_because="")
                | Q(parked_at__isnull=False) & ~Q(parked_because=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_on", "account"], condition=Q(parked_at__isnull=True), name="accounts_to_bill"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} from {self.next_on}"


class BillingRun(models.Model):
    """One run over the accounts that were due: what it found and what became of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    through_on = models.DateField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    accounts_billed = models.PositiveIntegerField(default=0)
    documents_issued = models.PositiveIntegerField(default=0)
    accounts_parked = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"run through {self.through_on}"
