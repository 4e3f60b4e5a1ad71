"""How an account ends: asked for, carried out, erased, and what proves it."""

import uuid
from hashlib import sha256

from django.db import models
from django.db.models import Q

from seatledger.domain.events.models import ActorKind
from seatledger.shared.models import AccountRow, one_of


class ClosureState(models.TextChoices):
    REQUESTED = "requested", "Requested"
    SCHEDULED = "scheduled", "Scheduled"
    NOTIFIED = "notified", "Announced"
    CLOSING = "closing", "Closing"
    CLOSED = "closed", "Closed"
    ERASED = "erased", "Erased"
    WITHDRAWN = "withdrawn", "Withdrawn"


# Nothing has been taken away yet: it can be withdrawn.
PENDING = (ClosureState.REQUESTED, ClosureState.SCHEDULED, ClosureState.NOTIFIED)


class Closure(AccountRow):
    """The end of an account, from the request on. An account has one that was not withdrawn at most.

    It takes effect at `takes_effect_at`; until then everything works. `end_change_id` is the subscription's end that it
    arranged, `erase_at` when the erasure begins, `erase_by` when it must be over.
    """

    state = models.CharField(max_length=16, choices=ClosureState, default=ClosureState.REQUESTED)
    requested_at = models.DateTimeField()
    requested_by_id = models.UUIDField(null=True, help_text="The user.")
    takes_effect_at = models.DateTimeField()
    end_change_id = models.UUIDField(null=True)
    held_up_by = models.CharField(max_length=300, blank=True, help_text="Why a step waits for a person.")
    closed_at = models.DateTimeField(null=True)
    erase_at = models.DateTimeField(null=True)
    erase_by = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("state", ClosureState, name="closure_state_is_known"),
            models.UniqueConstraint(
                fields=["account"],
                condition=~Q(state=ClosureState.WITHDRAWN),
                name="an_account_is_closed_once",
            ),
            models.CheckConstraint(
                name="what_is_closed_says_when_it_is_erased",
                condition=~Q(state__in=[ClosureState.CLOSED, ClosureState.ERASED])
                | Q(closed_at__isnull=False, erase_at__isnull=False, erase_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["takes_effect_at"],
                condition=~Q(state__in=[ClosureState.ERASED, ClosureState.WITHDRAWN]),
                name="closures_to_go_on_with",
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.state}"

    @property
    def is_pending(self) -> bool:
        return self.state in PENDING


class StepKind(models.TextChoices):
    REQUESTED = "requested", "Requested"
    ACKNOWLEDGED = "acknowledged", "Acknowledged by the vendor"
    SCHEDULED = "scheduled", "Scheduled"
    BROUGHT_FORWARD = "brought_forward", "Brought forward"
    WITHDRAWN = "withdrawn", "Withdrawn"
    NOTIFIED = "notified", "Everybody concerned was told"
    BEGUN = "begun", "Closing began"
    AGREEMENT_ENDED = "agreement_ended", "Subscriptions ended"
    BILLED = "billed", "Last invoice or credit made"
    COLLECTED = "collected", "What is open asked of the payment method for the last time"
    METHODS_REMOVED = "methods_removed", "Payment methods removed"
    PEOPLE_REMOVED = "people_removed", "All users and devices removed"
    ENTITLEMENTS_ENDED = "entitlements_ended", "All licences ended"
    CLOSED = "closed", "Closed, and everybody concerned was told"
    ERASED = "erased", "Personal data erased"


class ClosureStep(AccountRow):
    """One step of a closure: who took it and when. Each is taken once; bringing forward may be repeated."""

    closure = models.ForeignKey(Closure, models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField(help_text="The first step is 1.")
    kind = models.CharField(max_length=24, choices=StepKind)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=16, choices=ActorKind)
    actor_id = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    reference = models.CharField(
        max_length=100, blank=True, help_text="The vendor's own, of a ticket or letter."
    )

    class Meta:
        constraints = [
            one_of("kind", StepKind, name="closure_step_is_known"),
            models.UniqueConstraint(
                fields=["closure", "kind"],
                condition=~Q(kind=StepKind.BROUGHT_FORWARD),
                name="each_step_is_taken_once",
            ),
            models.UniqueConstraint(fields=["closure", "number"], name="closure_steps_are_numbered"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.closure_id}"


class ClosureContact(AccountRow):
    """Someone to be told of the end, kept when the users are removed and until the erasure."""

    closure = models.ForeignKey(Closure, models.PROTECT, related_name="contacts")
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=201)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["closure", "email"], name="a_contact_is_told_once")]

    def __str__(self) -> str:
        return self.email


class ErasedTable(AccountRow):
    """So many rows of a table were erased, written with the erasing."""

    closure = models.ForeignKey(Closure, models.PROTECT, related_name="erased_tables")
    table = models.CharField(max_length=63)
    rows = models.BigIntegerField()
    last_hash = models.CharField(
        max_length=64, blank=True, help_text="Of a chained table: the hash of its last row, in hex."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["closure", "table"], name="a_table_is_erased_once")]

    def __str__(self) -> str:
        return f"{self.rows} of {self.table}"


class SigningKey(models.Model):
    """A key with which this installation signs certificates (Ed25519). The private half is encrypted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    public_key = models.CharField(max_length=64, unique=True, help_text="32 bytes, in hex.")
    sealed_private_key = models.TextField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.public_key[:16]


class Certificate(AccountRow):
    """The signed statement of what was erased, when, and what is kept and why. It names no person."""

    closure = models.OneToOneField(Closure, models.PROTECT, related_name="certificate")
    content = models.TextField(help_text="The JSON, byte by byte as it was signed and is given out.")
    issued_at = models.DateTimeField()
    pdf = models.BinaryField(null=True, help_text="The same for people, made by a job.")

    @property
    def digest(self) -> str:
        """The SHA-256 of the JSON as a file, in hex."""
        return sha256(self.content.encode()).hexdigest()

    def __str__(self) -> str:
        return f"certificate of {self.closure_id}"
