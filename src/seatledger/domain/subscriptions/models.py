"""What was agreed with an account: its plan, its licences, its dates, and what is to change and when."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from seatledger.domain.catalogue.models import PriceInterval
from seatledger.shared.models import AccountRow, one_of


class SoldBy(models.TextChoices):
    """Who changes a subscription: the customer on the pages, or the vendor's sales people by contract."""

    ONLINE = "online", "Online"
    CONTRACT = "contract", "Sales contract"


class Subscription(AccountRow):
    """One agreement: it begins with its first change of plan and lives through those that follow.

    A trial costs nothing until a change of kind `paying` counts; without one it ends by itself.
    """

    sold_by = models.CharField(max_length=16, choices=SoldBy, default=SoldBy.ONLINE)
    started_at = models.DateTimeField()
    free_until = models.DateField(
        null=True, help_text="The day after the last one of its trial, in the account's zone; null: no trial."
    )
    ended_at = models.DateTimeField(
        null=True, help_text="From when nothing more is charged; null while no end is known."
    )

    class Meta:
        constraints = [
            one_of("sold_by", SoldBy, name="sold_by_is_known"),
            models.CheckConstraint(
                name="a_subscription_ends_after_it_started",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
            ),
            models.UniqueConstraint(
                fields=["account"], condition=Q(ended_at__isnull=True), name="one_subscription_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sold_by} subscription of {self.account_id}"


class SubscriptionItem(AccountRow):
    """A pool that a subscription pays for: what is billed is what the pool's ledger says.

    It stays when the subscription changes to a plan without this licence type: the plans say when it is charged for.
    """

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="items")
    pool = models.ForeignKey("licences.Pool", models.PROTECT, related_name="subscription_items")
    started_at = models.DateTimeField(help_text="When the pool came under the subscription.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscription", "pool"], name="a_pool_is_in_a_subscription_once")
        ]

    def __str__(self) -> str:
        return f"{self.pool_id} in {self.subscription_id}"


class ChangeKind(models.TextChoices):
    PLAN = "plan", "Plan"
    PAYING = "paying", "Trial becomes paid"
    QUANTITY = "quantity", "Number of licences"
    END = "end", "End"


class TakesEffect(models.TextChoices):
    AT_ONCE = "at_once", "At once"
    AT_PERIOD_END = "at_period_end", "At the end of the period"


class Change(AccountRow):
    """One change of a subscription on its timeline: a plan, the end of a trial's being free, a number, the end.

    A row of its own for each, so that two that contradict each other are both there to be shown. One that has not
    taken effect can be withdrawn: then its row is gone and its event remains.
    """

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="changes")
    number = models.PositiveIntegerField(
        help_text="Counted from one within the subscription: of two asked for at one instant, the later counts."
    )
    kind = models.CharField(max_length=16, choices=ChangeKind)
    asked_at = models.DateTimeField()
    takes_effect = models.CharField(max_length=16, choices=TakesEffect)
    effective_at = models.DateTimeField(help_text="The instant from which it counts.")
    applied_at = models.DateTimeField(
        null=True, help_text="When it was done; null while it is still to come."
    )
    entry_sequences = ArrayField(
        models.BigIntegerField(),
        default=list,
        blank=True,
        help_text="The ledger entries by which it changed how many licences are bought.",
    )
    # A change of plan
    version = models.ForeignKey("catalogue.PlanVersion", models.PROTECT, null=True, related_name="+")
    interval = models.CharField(max_length=8, choices=PriceInterval, blank=True)
    keeps_anchor = models.BooleanField(default=True)
    agreed_prices = models.JSONField(
        default=dict,
        blank=True,
        help_text="Prices other than the catalogue's: by licence type, in the form of docs/rating.md.",
    )
    quantities = models.JSONField(
        default=dict,
        blank=True,
        help_text="How many licences, by licence type, where it is not what there are already, or the plan's number.",
    )
    # A change of the number of licences
    item = models.ForeignKey(SubscriptionItem, models.PROTECT, null=True, related_name="changes")
    quantity = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "number"], name="changes_come_one_after_the_other"
            ),
            one_of("kind", ChangeKind, name="change_kind_is_known"),
            one_of("takes_effect", TakesEffect, name="change_takes_effect_when_is_known"),
            models.CheckConstraint(
                name="a_change_of_plan_names_it",
                condition=Q(kind=ChangeKind.PLAN, version__isnull=False, interval__in=PriceInterval.values)
                | ~Q(kind=ChangeKind.PLAN) & Q(version__isnull=True, interval=""),
            ),
            models.CheckConstraint(
                name="a_change_of_number_names_item_and_number",
                condition=Q(kind=ChangeKind.QUANTITY, item__isnull=False, quantity__isnull=False)
                | ~Q(kind=ChangeKind.QUANTITY) & Q(item__isnull=True, quantity__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["effective_at"], condition=Q(applied_at__isnull=True), name="changes_to_come"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.subscription_id} from {self.effective_at:%Y-%m-%d}"


class OnJoining(models.TextChoices):
    """What happens when a new user joins the account."""

    ASSIGN = "assign", "Automatically assign a subscription if one is available"
    LEAVE = "leave", "Leave them on the free plan: an administrator assigns one"


class OnNoneLeft(models.TextChoices):
    """What happens when a new user needs a licence and none is left."""

    INCREASE = "increase", "Automatically increase my subscription count as needed; my account is charged"
    REFUSE = "refuse", "I will manage subscriptions: new users cannot join unless one is available"


class Preferences(models.Model):
    """How an account wants new users to be treated."""

    account = models.OneToOneField("accounts.Account", models.PROTECT, primary_key=True, related_name="+")
    on_joining = models.CharField(max_length=16, choices=OnJoining, default=OnJoining.LEAVE)
    on_none_left = models.CharField(max_length=16, choices=OnNoneLeft, default=OnNoneLeft.REFUSE)
    most_licences = models.PositiveIntegerField(
        null=True, help_text="Never more than this by itself; null: no limit."
    )

    class Meta:
        constraints = [
            one_of("on_joining", OnJoining, name="on_joining_is_known"),
            one_of("on_none_left", OnNoneLeft, name="on_none_left_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.on_joining}, {self.on_none_left}"


class Mailbox(models.TextChoices):
    """The mailboxes by which whoever runs a domain is written to. Source: CA/Browser Forum TLS BR, 3.2.2.4.4."""

    ADMIN = "admin", "admin"
    ADMINISTRATOR = "administrator", "administrator"
    WEBMASTER = "webmaster", "webmaster"
    HOSTMASTER = "hostmaster", "hostmaster"
    POSTMASTER = "postmaster", "postmaster"


class EmailDomain(AccountRow):
    """An e-mail domain that an account has, or says it has: whoever has an address there may join, once verified."""

    domain = models.CharField(max_length=253, help_text="In lower case, and in letters of ASCII.")
    mailbox = models.CharField(
        max_length=16, choices=Mailbox, default=Mailbox.POSTMASTER, help_text="Where the code is sent."
    )
    asked_at = models.DateTimeField(help_text="When the code was sent the last time.")
    verified_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("account", Lower("domain"), name="an_account_names_a_domain_once"),
            models.UniqueConstraint(
                Lower("domain"),
                condition=Q(verified_at__isnull=False),
                name="a_domain_belongs_to_one_account",
            ),
            one_of("mailbox", Mailbox, name="mailbox_is_known"),
        ]

    def __str__(self) -> str:
        return self.domain
