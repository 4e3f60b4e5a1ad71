"""The customer organisations, and the providers above them."""

import uuid

from django.db import models
from django.db.models import F, Q

from seatledger.shared.models import ReadInThousands, one_of


class AccountKind(models.TextChoices):
    CUSTOMER = "customer", "Customer"
    PROVIDER = "provider", "Provider"


class AccountType(models.TextChoices):
    """Derived (`licences.queries.get_account_type`), never stored: from the account's pools, and whether it has lapsed."""

    TRIAL = "trial", "Trial"
    ACTIVE = "active", "Active"
    EXPIRED = "expired", "Expired"


class Account(ReadInThousands):
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
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, help_text="When its end was carried out.")
    lapsed_at = models.DateTimeField(
        null=True, help_text="Since when it is Expired because it did not pay; null once it has."
    )

    moving_to = models.CharField(
        max_length=16,
        blank=True,
        default="",
        db_default="",
        help_text="The region it is on its way to. Until it has arrived nobody works on it, here or there.",
    )

    has_licences = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Whether it holds licences on trial or paid, over or not. Kept by the database as pools come and go.",
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


class Brand(models.Model):
    """How a provider looks to its customers: on their pages, where they sign in, and in their mails.

    What is empty is the vendor's. `accent_on_light` and `accent_on_dark` are `#rrggbb`; `logo` is a PNG of our own making.
    """

    account = models.OneToOneField(Account, models.PROTECT, primary_key=True, related_name="brand")
    name = models.CharField(max_length=100, blank=True)
    address = models.CharField(
        max_length=40, blank=True, help_text="Where its customers sign in: /at/<address>/."
    )
    words = models.JSONField(default=dict, blank=True, help_text="Its own words for product names.")
    accent_on_light = models.CharField(max_length=7, blank=True)
    accent_on_dark = models.CharField(max_length=7, blank=True)
    reply_to = models.EmailField(max_length=254, blank=True)
    logo = models.BinaryField(null=True)
    logo_digest = models.CharField(max_length=64, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["address"], condition=~Q(address=""), name="an_address_leads_to_one_brand"
            ),
            models.CheckConstraint(
                name="a_logo_is_known_by_its_content",
                condition=Q(logo__isnull=True, logo_digest="") | Q(logo__isnull=False) & ~Q(logo_digest=""),
            ),
            models.CheckConstraint(
                name="a_brand_has_both_accents_or_none",
                condition=Q(accent_on_light="", accent_on_dark="")
                | ~Q(accent_on_light="") & ~Q(accent_on_dark=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name or 'brand'} of {self.account_id}"
