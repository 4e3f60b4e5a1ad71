"""Who sells, at which rates of tax, and whom an account's invoices are made out to."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from seatledger.domain.events.models import ActorKind
from seatledger.shared.models import one_of


class Seller(models.Model):
    """A legal entity of the vendor. Loaded from a file; every document shows it as it was on its day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    street = models.CharField(max_length=200)
    city = models.CharField(max_length=100)
    postcode = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2)
    vat_number = models.CharField(max_length=20, blank=True)
    registration = models.CharField(max_length=100, blank=True, help_text="Register and number, as printed.")
    email = models.EmailField()
    phone = models.CharField(max_length=40, blank=True)
    iban = models.CharField(max_length=34, blank=True)
    bic = models.CharField(max_length=11, blank=True)
    sales_contact = models.JSONField(
        default=dict, blank=True, help_text="name, email and phone of the sales team."
    )
    terms_days = models.PositiveSmallIntegerField(default=30)
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="one_default_seller"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SellerChange(models.Model):
    """A seller's file that was applied: who, when, and what it changed, line by line. Never changed."""

    seller = models.ForeignKey(Seller, models.PROTECT, related_name="changes")
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=16, choices=ActorKind)
    actor_id = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=100, blank=True)
    lines = ArrayField(models.TextField())

    class Meta:
        constraints = [one_of("actor_kind", ActorKind, name="seller_change_actor_kind_is_known")]

    def __str__(self) -> str:
        return f"{self.seller_id} at {self.at:%Y-%m-%d %H:%M}"


class TaxKind(models.TextChoices):
    """Why a rate of tax applies. The letters are the category codes of EN 16931 (UNTDID 5305)."""

    STANDARD = "S", "Standard rate"
    ZERO = "Z", "Zero rated"
    EXEMPT = "E", "Exempt"
    REVERSE_CHARGE = "AE", "Reverse charge"
    EXPORT = "G", "Outside the tax area"
    OUT_OF_SCOPE = "O", "Not subject to tax"


class TaxRule(models.Model):
    """The rate of tax in one country from a day on, as the vendor's file gives it: one a country at a time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seller = models.ForeignKey(Seller, models.PROTECT, related_name="tax_rules")
    country = models.CharField(max_length=2)
    kind = models.CharField(max_length=2, choices=TaxKind, default=TaxKind.STANDARD)
    percent = models.DecimalField(max_digits=6, decimal_places=3)
    effective_on = models.DateField()

    class Meta:
        constraints = [
            one_of("kind", TaxKind, name="tax_kind_is_known"),
            models.UniqueConstraint(
                fields=["seller", "country", "effective_on"], name="one_tax_rule_a_country_and_day"
            ),
            # NaN compares as greater than every number, so the upper bound refuses it.
            models.CheckConstraint(
                name="percent_is_a_share", condition=Q(percent__gte=0) & Q(percent__lte=100)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.percent.normalize():f} % in {self.country}"


class BillingDetails(models.Model):
    """Whom an account's invoices are made out to, and on what terms."""

    account = models.OneToOneField("accounts.Account", models.PROTECT, primary_key=True, related_name="+")
    seller = models.ForeignKey(
        Seller, models.PROTECT, null=True, related_name="+", help_text="Null: the default one."
    )
    legal_name = models.CharField(max_length=200, blank=True, help_text="Empty: the account's name.")
    street = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2, blank=True)
    vat_number = models.CharField(max_length=20, blank=True)
    exempt_reason = models.CharField(
        max_length=200, blank=True, help_text="Why no tax is charged, if staff allowed it."
    )
    purchase_order = models.CharField(max_length=50, blank=True)
    copies_to = ArrayField(models.EmailField(), default=list, blank=True)
    terms_days = models.PositiveSmallIntegerField(null=True, help_text="Null: the seller's.")

    def __str__(self) -> str:
        return self.legal_name
