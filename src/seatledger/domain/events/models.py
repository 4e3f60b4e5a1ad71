"""The record of every change, and the last link of each chain."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now

from seatledger.shared.models import one_of


class ActorKind(models.TextChoices):
    USER = "user", "User"
    STAFF = "staff", "Admin Team"
    PROVIDER = "provider", "Provider"
    API_KEY = "api_key", "API key"
    SYSTEM = "system", "Seatledger"
    SYNC = "sync", "Synchronisation"


class ChainedRow(models.Model):
    """A row that is written once. The database numbers it, links it to its predecessor and refuses changes."""

    id = models.BigAutoField(primary_key=True)
    # No index of its own: the number per account has one that begins with the account.
    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="+", db_index=False)
    sequence = models.BigIntegerField(db_default=0, editable=False)
    previous_hash = models.BinaryField(db_default=b"", editable=False)
    hash = models.BinaryField(db_default=b"", editable=False)
    at = models.DateTimeField(help_text="When the change counts.")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False, help_text="When it was written.")
    actor_kind = models.CharField(max_length=16, choices=ActorKind)
    actor_id = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=100, blank=True, help_text="Never a person's name.")

    class Meta:
        abstract = True


class Event(ChainedRow):
    """One change: who, when, what. The payload holds ids and plain facts, never a person's data."""

    kind = models.CharField(max_length=64)
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "sequence"], name="events_are_numbered_per_account"),
            one_of("actor_kind", ActorKind, name="event_actor_kind_is_known"),
        ]
        indexes = [models.Index(fields=["account", "-at", "-sequence"], name="events_by_time")]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%Y-%m-%d %H:%M}"


class ChainHead(models.Model):
    """The newest link of one account's chain; it makes a removal at the end show."""

    pk = models.CompositePrimaryKey("account_id", "chain")
    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="+")
    chain = models.CharField(max_length=32)
    sequence = models.BigIntegerField()
    hash = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.chain} of {self.account_id} at {self.sequence}"
