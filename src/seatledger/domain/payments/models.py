"""How an account pays."""

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
