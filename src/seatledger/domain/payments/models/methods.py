"""How an account pays: its methods, and the adding of one on a page of the gateway."""

from datetime import date

from django.db import models
from django.db.models import Q

from seatledger.shared.models import AccountRow, one_of


class MethodKind(models.TextChoices):
    CARD = "card", "Card"
    DIRECT_DEBIT = "direct_debit", "Direct debit"
    TRANSFER = "transfer", "Invoice with bank transfer"


class PaymentMethod(AccountRow):
    """A way in which an account pays. Of a card we know what is printed on a receipt, never its number."""

    kind = models.CharField(max_length=16, choices=MethodKind)
    gateway = models.SlugField(
        max_length=32, blank=True, help_text="Who holds the details; empty for a transfer."
    )
    token = models.CharField(max_length=200, blank=True, help_text="What the gateway calls it.")
    brand = models.CharField(max_length=32, blank=True)
    last_four = models.CharField(max_length=4, blank=True)
    expires_month = models.PositiveSmallIntegerField(null=True)
    expires_year = models.PositiveSmallIntegerField(null=True)
    expiry_told_days = models.PositiveSmallIntegerField(
        null=True, help_text="How many days before its end its owner was last told of it: 30 or 7."
    )
    is_default = models.BooleanField(default=False)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("kind", MethodKind, name="method_kind_is_known"),
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(is_default=True, removed_at__isnull=True),
                name="one_default_payment_method",
            ),
            models.CheckConstraint(
                name="a_removed_method_is_not_the_default",
                condition=Q(removed_at__isnull=True) | Q(is_default=False),
            ),
            models.CheckConstraint(
                name="a_card_shows_brand_digits_and_expiry",
                condition=~Q(kind=MethodKind.CARD)
                | Q(
                    last_four__regex=r"^[0-9]{4}$",
                    expires_month__range=(1, 12),
                    expires_year__range=(2000, 2199),
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.account_id}"

    @property
    def masked(self) -> str:
        """The method as it is shown: `Visa •••• 4242`, or the name of its kind."""
        if not self.last_four:
            return self.get_kind_display()
        return f"{self.brand or self.get_kind_display()} •••• {self.last_four}"

    def is_expired(self, today: date) -> bool:
        """Say whether a card is past the month printed on it."""
        if self.expires_year is None or self.expires_month is None:
            return False
        return (today.year, today.month) > (self.expires_year, self.expires_month)


class GatewayCustomer(AccountRow):
    """What a gateway calls an account."""

    gateway = models.SlugField(max_length=32)
    reference = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "gateway"], name="one_customer_at_a_gateway")
        ]

    def __str__(self) -> str:
        return f"{self.reference} at {self.gateway}"


class SetupState(models.TextChoices):
    OPEN = "open", "Waiting for the customer"
    DONE = "done", "Added"
    FAILED = "failed", "Not added"


class Setup(AccountRow):
    """A customer was sent to a page of the gateway to enter a card or a bank account. Its id is the idempotency key."""

    gateway = models.SlugField(max_length=32)
    kind = models.CharField(max_length=16, choices=MethodKind)
    state = models.CharField(max_length=16, choices=SetupState, default=SetupState.OPEN)
    reference = models.CharField(max_length=200, blank=True, help_text="What the gateway calls it.")
    url = models.URLField(max_length=2000, blank=True, help_text="The gateway's page, once it is known.")
    return_url = models.URLField(max_length=2000, blank=True, help_text="Where the customer goes afterwards.")
    reason = models.CharField(max_length=64, blank=True, help_text="Why nothing was added.")
    replaces = models.ForeignKey(PaymentMethod, models.PROTECT, null=True, related_name="+")
    method = models.ForeignKey(PaymentMethod, models.PROTECT, null=True, related_name="+")
    begun_by_id = models.UUIDField(null=True, help_text="The user.")
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("kind", MethodKind, name="setup_kind_is_known"),
            one_of("state", SetupState, name="setup_state_is_known"),
            models.UniqueConstraint(
                fields=["gateway", "reference"], condition=~Q(reference=""), name="a_setup_is_known_once"
            ),
            models.CheckConstraint(
                name="a_setup_that_is_done_made_a_method",
                condition=Q(state=SetupState.DONE, method__isnull=False)
                | (~Q(state=SetupState.DONE) & Q(method__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.gateway}: {self.state}"
