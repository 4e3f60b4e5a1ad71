"""The customer organisations, and the providers above them."""

import uuid

from django.db import models
from django.db.models import F, Q

from seatledger.shared.models import one_of


class AccountKind(models.TextChoices):
    CUSTOMER = "customer", "Customer"
    PROVIDER = "provider", "Provider"


class AccountType(models.TextChoices):
    """Derived (`licences.queries.get_account_type`), never stored: from the account's pools, and whether it has lapsed."""

    TRIAL = "trial", "Trial"
    ACTIVE = "active", "Active"
    EXPIRED = "expired", "Expired"


class Account(models.Model):
    """One organisation. Everything else belongs to exactly one account."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    serial_number = models.CharField(max_length=16, unique=True, editable=False)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=AccountKind, default=AccountKind.CUSTOMER)
    provider = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="customers")
    region = models.CharField(max_length=16)
    currency = models.CharField(max_length=3)
    time_zone = models.CharField(max_length=64)
    locale = models.CharField(max_length=16, default="en-GB")
    brand_words = models.JSONField(default=dict, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, help_text="When its end was carried out.")
    lapsed_at = models.DateTimeField(
        null=True, help_text="Since when it is Expired because it did not pay; null once it has."
    )

    class Meta:
        constraints = [
            one_of("kind", AccountKind, name="account_kind_is_known"),
            models.CheckConstraint(
                name="a_provider_has_no_provider_above_it",
                condition=Q(provider__isnull=True) | Q(kind=AccountKind.CUSTOMER),
            ),
            models.CheckConstraint(name="an_account_is_not_its_own_provider", condition=~Q(provider=F("id"))),
            models.CheckConstraint(name="account_name_is_not_empty", condition=~Q(name="")),
        ]
        indexes = [models.Index(fields=["provider", "name", "id"], name="customers_by_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_provider(self) -> bool:
        return self.kind == AccountKind.PROVIDER
