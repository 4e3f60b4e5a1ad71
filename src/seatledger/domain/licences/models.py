"""What an account holds, who uses it, and the ledger everything is counted from."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from seatledger.domain.events.models import ActorKind, ChainedRow
from seatledger.shared.models import AccountRow, one_of


class Terms(models.TextChoices):
    """On what footing a pool is held. Trial and paid pools decide the account's type."""

    TRIAL = "trial", "Trial"
    PAID = "paid", "Paid"
    INCLUDED = "included", "Included"


class Pool(AccountRow):
    """The licences one account holds of one licence type. `total_licences` is null where they are not limited."""

    licence_type = models.ForeignKey("catalogue.LicenceType", models.PROTECT, related_name="+")
    terms = models.CharField(max_length=16, choices=Terms)
    total_licences = models.PositiveIntegerField(null=True)
    assigned_licences = models.PositiveIntegerField(default=0)
    expires_on = models.DateField(null=True, help_text="Valid to the end of this day in the account's zone.")
    over_assigned_at = models.DateTimeField(null=True, help_text="Since when more are held than the total.")
    counts_active_users = models.BooleanField(default=False)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "licence_type"], name="one_pool_per_licence_type"),
            models.UniqueConstraint(
                fields=["account"], condition=Q(counts_active_users=True), name="one_pool_counts_active_users"
            ),
            models.CheckConstraint(
                name="assigned_licences_fit_in_total",
                condition=Q(total_licences__isnull=True)
                | Q(assigned_licences__lte=F("total_licences"))
                | Q(over_assigned_at__isnull=False),
            ),
            one_of("terms", Terms, name="pool_terms_are_known"),
        ]

    def __str__(self) -> str:
        return f"{self.licence_type_id} for {self.account_id}"

    @property
    def available_licences(self) -> int | None:
        """How many can still be assigned; None where they are not limited; 0 when over-assigned."""
        if self.total_licences is None:
            return None
        return max(self.total_licences - self.assigned_licences, 0)

    @property
    def is_over_assigned(self) -> bool:
        return self.total_licences is not None and self.assigned_licences > self.total_licences


class Device(AccountRow):
    """A machine that holds a licence of its own, such as a wallboard or an unattended computer."""

    licence_type = models.ForeignKey("catalogue.LicenceType", models.PROTECT, related_name="+")
    user = models.ForeignKey("people.User", models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=100)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "account",
                "licence_type",
                Lower("name"),
                condition=Q(removed_at__isnull=True),
                name="a_device_name_is_used_once",
            ),
            models.CheckConstraint(name="device_name_is_not_empty", condition=~Q(name="")),
        ]
        indexes = [models.Index("account", Lower("name"), "id", name="devices_by_name")]

    def __str__(self) -> str:
        return self.name


class Source(models.TextChoices):
    """Where an assignment comes from, and so who may end it."""

    MANUAL = "manual", "Assigned by hand"
    RULE = "rule", "Given by a role"
    SYNCED = "synced", "Kept in step with a list"


class Assignment(AccountRow):
    """A user or a device holds one licence of a pool, from `assigned_at` until `released_at`."""

    pool = models.ForeignKey(Pool, models.PROTECT, related_name="assignments")
    user = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    device = models.ForeignKey(Device, models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=8, choices=Source)
    assigned_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_licence_is_held_by_a_user_or_a_device",
                condition=Q(user__isnull=True) ^ Q(device__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["pool", "user"],
                condition=Q(released_at__isnull=True),
                name="a_user_holds_a_licence_of_a_pool_once",
            ),
            models.UniqueConstraint(
                fields=["pool", "device"],
                condition=Q(released_at__isnull=True),
                name="a_device_holds_a_licence_of_a_pool_once",
            ),
            models.CheckConstraint(
                name="a_licence_ends_after_it_began",
                condition=Q(released_at__isnull=True) | Q(released_at__gte=F("assigned_at")),
            ),
            one_of("source", Source, name="assignment_source_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id or self.device_id} holds {self.pool_id}"


class RoleLicence(AccountRow):
    """Who has this role is given a licence of this type."""

    role = models.ForeignKey("people.Role", models.CASCADE, related_name="+")
    licence_type = models.ForeignKey("catalogue.LicenceType", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["role", "licence_type"], name="a_role_gives_a_type_once")
        ]

    def __str__(self) -> str:
        return f"{self.role_id} gives {self.licence_type_id}"


class EntryKind(models.TextChoices):
    POOL_OPENED = "pool_opened", "Licences added"
    TOTAL_CHANGED = "total_changed", "Total changed"
    CAP_CHANGED = "cap_changed", "Maximum changed"
    EXPIRY_CHANGED = "expiry_changed", "Expiry date changed"
    TERMS_CHANGED = "terms_changed", "Terms changed"
    ASSIGNED = "assigned", "Assigned"
    RELEASED = "released", "Released"


class Cause(models.TextChoices):
    """Why an entry was written."""

    MANUAL = "manual", "By hand"
    ROLE = "role", "Role changed"
    ACTIVATION = "activation", "User activated"
    DEACTIVATION = "deactivation", "User deactivated"
    DELETION = "deletion", "User deleted"
    REMOVAL = "removal", "Device removed"
    MOVE = "move", "Moved"
    SYNC = "sync", "Synchronised"
    OPENING = "opening", "Account opened"


class LedgerEntry(ChainedRow):
    """One step of the two step functions of a pool: how many are bought, how many are held.

    `before` and `after` are the values in words that need no translation: a number, an ISO date, a terms key.
    """

    pool = models.ForeignKey(Pool, models.PROTECT, related_name="entries", db_index=False)
    kind = models.CharField(max_length=16, choices=EntryKind)
    cause = models.CharField(max_length=16, choices=Cause)
    licence_name = models.CharField(max_length=100, help_text="The type's name as it was at the time.")
    bought_change = models.IntegerField(default=0)
    held_change = models.SmallIntegerField(default=0)
    bought_after = models.IntegerField(help_text="What the pool was after this entry: licences bought.")
    held_after = models.IntegerField(help_text="The same: licences held.")
    user_id = models.UUIDField(null=True)
    device_id = models.UUIDField(null=True)
    source = models.CharField(max_length=8, choices=Source, blank=True)
    before = models.CharField(max_length=32, blank=True)
    after = models.CharField(max_length=32, blank=True)
    reason = models.CharField(max_length=300, blank=True, help_text="What staff or the provider wrote.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "sequence"], name="ledger_entries_are_numbered"),
            one_of("kind", EntryKind, name="entry_kind_is_known"),
            one_of("cause", Cause, name="entry_cause_is_known"),
            one_of("actor_kind", ActorKind, name="entry_actor_kind_is_known"),
            models.CheckConstraint(
                name="an_entry_takes_or_frees_one_licence", condition=Q(held_change__in=[-1, 0, 1])
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-at", "-sequence"], name="entries_by_time"),
            models.Index(fields=["account", "kind", "-at", "-sequence"], name="entries_by_kind"),
            models.Index(
                fields=["pool", "-at", "-sequence"],
                include=["bought_after", "held_after"],
                name="entries_by_pool",
            ),
            # What billing looks for: numbers that were changed, whoever changed them.
            models.Index(fields=["at"], condition=~Q(bought_change=0), name="entries_that_change_bought"),
            models.Index(
                fields=["user_id", "-at", "-sequence"],
                condition=Q(user_id__isnull=False),
                name="entries_by_user",
            ),
            models.Index(
                fields=["device_id", "-at", "-sequence"],
                condition=Q(device_id__isnull=False),
                name="entries_by_device",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.licence_name}"


class LicenceRequest(AccountRow):
    """What an account asked the vendor for. The words are here, so that the event holds none."""

    licence_type = models.ForeignKey("catalogue.LicenceType", models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    note = models.CharField(max_length=1000, blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True, help_text="When staff answered; null while it waits.")

    class Meta:
        constraints = [
            models.CheckConstraint(name="a_request_is_for_some_licences", condition=Q(number__gte=1))
        ]
        indexes = [
            models.Index(
                fields=["asked_at"], condition=Q(answered_at__isnull=True), name="requests_that_wait"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} of {self.licence_type_id} for {self.account_id}"
