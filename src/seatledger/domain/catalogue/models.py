"""What is sold: products, licence types, plans and their dated versions. Loaded from a file, never typed in."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from seatledger.domain.events.models import ActorKind
from seatledger.shared.models import one_of

# The built-in licence type that counts active users where an account's own product has none.
ACTIVE_USER_KEY = "active-user"


class Product(models.Model):
    """One product of the vendor, with the words its names are made of (`{UcClient} Desktop`)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=100)
    brand_words = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return self.name


class MetricGroup(models.TextChoices):
    """The groups of the licence metrics, in the order they are shown."""

    USERS = "users", "Users"
    CLIENTS = "clients", "Clients"
    SUPERVISOR = "supervisor", "Supervisor"
    DEVICES = "devices", "Devices"
    NONE = "", "Not shown"


class HeldBy(models.TextChoices):
    USER = "user", "User"
    DEVICE = "device", "Device"


class GivenBy(models.TextChoices):
    ASSIGNMENT = "assignment", "Assigned by a person, a role or a list"
    ACTIVATION = "activation", "Held by every active user"


class ChargeModel(models.TextChoices):
    PREPAID = "prepaid", "Bought ahead, by count"
    ACTIVE = "active", "Not limited; what is held is billed in arrears"
    CAPPED = "capped", "Up to a maximum; what is held is billed in arrears"


class CountingRule(models.TextChoices):
    DAILY = "daily", "Each day a licence is held counts"
    PEAK = "peak", "The highest number held at once in the period"
    CLOSING = "closing", "The number held when the period ends"
    EVER = "ever", "Everyone who held one at any time in the period"


class LicenceType(models.Model):
    """One kind of licence and the rules for holding it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    product = models.ForeignKey(Product, models.PROTECT, related_name="licence_types")
    key = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=100)
    former_names = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    aliases = ArrayField(
        models.CharField(max_length=100),
        default=list,
        blank=True,
        help_text="Other words people search for it by.",
    )
    description = models.CharField(max_length=300, blank=True)
    metric_group = models.CharField(max_length=16, choices=MetricGroup, blank=True)
    metric_order = models.PositiveSmallIntegerField(default=0)
    held_by = models.CharField(max_length=8, choices=HeldBy, default=HeldBy.USER)
    given_by = models.CharField(max_length=16, choices=GivenBy, default=GivenBy.ASSIGNMENT)
    needs = models.ManyToManyField("self", symmetrical=False, related_name="needed_by", blank=True)
    exclusive_group = models.SlugField(max_length=64, blank=True)
    kinds_by_licence = models.JSONField(
        default=dict, blank=True, help_text="For devices: the kind by the key of the licence its user holds."
    )
    lock_days = models.PositiveSmallIntegerField(default=0)
    sync_source = models.SlugField(max_length=32, blank=True)
    charge_model = models.CharField(max_length=16, choices=ChargeModel)
    counting_rule = models.CharField(max_length=16, choices=CountingRule, default=CountingRule.DAILY)

    class Meta:
        constraints = [
            one_of("metric_group", MetricGroup, name="licence_type_metric_group_is_known"),
            one_of("held_by", HeldBy, name="licence_type_holder_is_known"),
            one_of("given_by", GivenBy, name="licence_type_given_by_is_known"),
            one_of("charge_model", ChargeModel, name="licence_type_charge_model_is_known"),
            one_of("counting_rule", CountingRule, name="licence_type_counting_rule_is_known"),
            models.CheckConstraint(
                name="what_activation_gives_is_held_by_users_without_limit",
                condition=Q(given_by=GivenBy.ASSIGNMENT)
                | Q(held_by=HeldBy.USER, charge_model=ChargeModel.ACTIVE),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_limited(self) -> bool:
        return self.charge_model != ChargeModel.ACTIVE


class Plan(models.Model):
    """Something a customer can be on, such as Free or Enterprise."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    product = models.ForeignKey(Product, models.PROTECT, related_name="plans")
    key = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=100)
    description = models.CharField(max_length=300, blank=True)
    trial_days = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class PlanVersion(models.Model):
    """What a plan holds from a day on. A version is never changed; a new one follows it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    effective_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_versions_are_numbered"),
            models.UniqueConstraint(fields=["plan", "effective_on"], name="one_plan_version_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} version {self.number}"


class PlanItem(models.Model):
    """A licence type in a plan version: how many it begins with (null: not limited)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(PlanVersion, models.PROTECT, related_name="items")
    licence_type = models.ForeignKey(LicenceType, models.PROTECT, related_name="+")
    licences = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "licence_type"], name="a_licence_type_is_in_a_plan_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.licence_type_id} in {self.version_id}"


class PriceInterval(models.TextChoices):
    DAY = "day", "day"
    WEEK = "week", "week"
    MONTH = "month", "month"
    QUARTER = "quarter", "quarter"
    YEAR = "year", "year"


class Price(models.Model):
    """What a plan item costs for one period: so much a licence, or what its rules say instead.

    Exact, finer than a minor unit if need be. `tariffs` reads it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(PlanItem, models.PROTECT, related_name="prices")
    currency = models.CharField(max_length=3)
    interval = models.CharField(max_length=8, choices=PriceInterval)
    interval_count = models.PositiveSmallIntegerField(default=1, help_text="How many of them a period has.")
    unit_amount = models.DecimalField(
        max_digits=24, decimal_places=12, null=True, help_text="For one licence; null where rules say it."
    )
    rules = models.JSONField(
        default=dict,
        blank=True,
        help_text="All else that the price says, in the form of docs/rating.md, without what is usual.",
    )

    class Meta:
        constraints = [
            one_of("interval", PriceInterval, name="price_interval_is_known"),
            models.UniqueConstraint(
                fields=["item", "currency", "interval"], name="one_price_per_item_currency_and_interval"
            ),
            # NaN compares as greater than every number, so an upper bound refuses it together with infinity.
            models.CheckConstraint(
                name="unit_amount_is_a_real_number_from_zero",
                condition=Q(unit_amount__gte=0) & Q(unit_amount__lt=10**12),
            ),
            models.CheckConstraint(
                name="a_price_says_what_it_is_for_in_one_way",
                condition=Q(unit_amount__isnull=False) & ~Q(rules__has_any_keys=["flat_amount", "tiers"])
                | Q(unit_amount__isnull=True, rules__has_any_keys=["flat_amount", "tiers"]),
            ),
            models.CheckConstraint(
                name="a_period_has_an_interval_at_least", condition=Q(interval_count__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.currency} a {self.interval}"


class CatalogueChange(models.Model):
    """A file that was applied: who, when, and what it changed, line by line. Never changed."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="changes")
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=16, choices=ActorKind)
    actor_id = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=100, blank=True)
    lines = ArrayField(models.TextField())

    class Meta:
        constraints = [one_of("actor_kind", ActorKind, name="catalogue_change_actor_kind_is_known")]

    def __str__(self) -> str:
        return f"{self.product_id} at {self.at:%Y-%m-%d %H:%M}"
