"""What staff offer an account in writing, and what became of it."""

from datetime import date

from django.db import models
from django.db.models import Q

from seatledger.domain.invoices.models import Document, FileKind
from seatledger.shared.models import AccountRow


class QuotationState(models.TextChoices):
    """Where a quotation stands. That it expired is worked out from its last day, never stored."""

    SENT = "sent", "Waits for an answer"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"
    EXPIRED = "expired", "Expired"


_STORED = [state for state in QuotationState.values if state != QuotationState.EXPIRED]


class Quotation(AccountRow):
    """So many more licences, at prices that stand on it, until a day: accepted or declined once.

    `now_minor` and `following_minor` are what it would have cost on the day it was sent, tax included; what is left of
    a period grows less, so the figures of the day are worked out whenever it is read. `digest` says which were accepted.
    """

    number = models.CharField(max_length=64, unique=True)
    request = models.ForeignKey("licences.LicenceRequest", models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=16, choices=QuotationState, default=QuotationState.SENT)
    note = models.CharField(max_length=1000, blank=True)
    valid_until = models.DateField(
        help_text="The last day on which it can be accepted, in the account's zone."
    )
    currency = models.CharField(max_length=3)
    now_minor = models.BigIntegerField()
    now_tax_minor = models.BigIntegerField()
    following_minor = models.BigIntegerField(null=True)
    following_on = models.DateField(null=True)
    sent_at = models.DateTimeField()
    sent_by_id = models.UUIDField(null=True, help_text="Who of the staff.")
    ended_at = models.DateTimeField(null=True, help_text="When it was accepted, declined or withdrawn.")
    answered_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, related_name="+", help_text="Who accepted or declined."
    )
    answer = models.CharField(max_length=1000, blank=True, help_text="Why it was declined.")
    paper = models.JSONField(
        default=dict,
        db_default=models.Value({}, models.JSONField()),
        blank=True,
        help_text="What else stood on it as it was sent: the parties, and its amounts by line and by rate of tax.",
    )
    digest = models.CharField(max_length=64, blank=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="quotation_state_is_known", condition=Q(state__in=_STORED)),
            models.CheckConstraint(
                name="a_quotation_that_waits_has_no_end",
                condition=Q(state=QuotationState.SENT, ended_at__isnull=True)
                | ~Q(state=QuotationState.SENT) & Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="what_is_accepted_names_its_figures",
                condition=~Q(state=QuotationState.ACCEPTED) | ~Q(digest=""),
            ),
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(state__in=[QuotationState.SENT, QuotationState.ACCEPTED]),
                name="a_request_is_answered_by_one_quotation",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-sent_at"], name="quotations_of_an_account"),
            models.Index(
                fields=["valid_until"], condition=Q(state=QuotationState.SENT), name="quotations_that_wait"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.state}"

    def state_on(self, today: date) -> QuotationState:
        """Return where it stands on a day of the account's zone."""
        if self.state == QuotationState.SENT and self.valid_until < today:
            return QuotationState.EXPIRED
        return QuotationState(self.state)


class QuotationLine(AccountRow):
    """So many more licences of one type. `price` is what they cost, as it was written; it must still hold when accepted.

    `agreed` are the fields of the price that differ from the catalogue's, for all licences of the type from then on.
    """

    quotation = models.ForeignKey(Quotation, models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    item = models.ForeignKey("subscriptions.SubscriptionItem", models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    number = models.PositiveIntegerField()
    agreed = models.JSONField(default=dict, blank=True)
    price = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="a_quotation_is_of_some_licences", condition=Q(number__gte=1)),
            models.UniqueConstraint(fields=["quotation", "item"], name="one_line_an_item_of_a_quotation"),
        ]
        ordering = ("position",)

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


# The sizes of page on which there is a quotation.
QUOTATION_FILES = (FileKind.PDF, FileKind.PDF_LETTER)


class QuotationFile(AccountRow):
    """A quotation as PDF, made by a job after it was sent. Made again, it would be the same."""

    quotation = models.ForeignKey(Quotation, models.PROTECT, related_name="files")
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.label) for kind in QUOTATION_FILES])
    content = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="quotation_file_kind_is_known",
                condition=Q(kind__in=[kind.value for kind in QUOTATION_FILES]),
            ),
            models.UniqueConstraint(
                fields=["quotation", "kind"], name="a_quotation_has_a_file_of_a_kind_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.quotation_id}"
