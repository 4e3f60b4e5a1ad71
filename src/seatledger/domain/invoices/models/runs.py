"""When accounts are billed, and what became of it."""

import uuid

from django.db import models
from django.db.models import F, Q

from seatledger.shared.models import AccountRow, ReadInThousands


class AccountBilling(ReadInThousands):
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


class OneBill(AccountRow):
    """A provider is billed for its customers: for every period of theirs that begins on `from_on` or later, in its currency.

    Others' periods, and those that begin on `until_on` or later, are billed to the customers themselves.
    """

    currency = models.CharField(max_length=3)
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(until_on__isnull=True),
                name="a_provider_has_one_bill_at_a_time",
            ),
            models.CheckConstraint(
                name="a_bill_for_all_ends_after_it_began",
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"one bill for the customers of {self.account_id} from {self.from_on}"
