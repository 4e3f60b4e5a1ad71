"""Where webhooks go, what is to be sent there, and what came of it."""

import uuid

from django.db import models
from django.db.models import F, Q


class WhyDisabled(models.TextChoices):
    BY_HAND = "by_hand", "Switched off by hand"
    FAILING = "failing", "Switched off after it had failed for three days"
    GONE = "gone", "Switched off because the receiver said that it is gone (410)"


class WebhookEndpoint(models.Model):
    """An address that is told events: one account's, or without an account the vendor's, of all accounts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey("accounts.Account", models.PROTECT, null=True, related_name="+")
    url = models.CharField(max_length=500)
    description = models.CharField(max_length=200, blank=True)
    event_types = models.JSONField(
        default=list, blank=True, help_text="Names of event types; empty for all, those to come too."
    )
    added_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True)
    disabled_because = models.CharField(max_length=16, choices=WhyDisabled, blank=True)
    removed_at = models.DateTimeField(null=True, help_text="Its deliveries are forgotten in their time.")
    tests_sent = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0, help_text="How many attempts in a row have failed.")
    failing_since = models.DateTimeField(null=True)
    probe_at = models.DateTimeField(
        null=True, help_text="It seems dead: what waits is held back, and one delivery is tried then."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "url"],
                condition=Q(removed_at__isnull=True),
                nulls_distinct=False,
                name="an_address_is_told_once",
            ),
            models.CheckConstraint(
                name="an_endpoint_is_disabled_for_a_reason",
                condition=Q(disabled_at__isnull=True, disabled_because="")
                | Q(disabled_at__isnull=False, disabled_because__in=WhyDisabled.values),
            ),
            models.CheckConstraint(
                name="an_endpoint_that_fails_has_failed_since",
                condition=Q(failures=0, failing_since__isnull=True, probe_at__isnull=True)
                | Q(failures__gt=0, failing_since__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.url

    @property
    def state(self) -> str:
        """Return how it fares: `disabled`, `failing` or `active`."""
        if self.disabled_at is not None:
            return "disabled"
        return "failing" if self.failures else "active"


class WebhookSecret(models.Model):
    """What an endpoint's deliveries are signed with, sealed with the key of the process."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey("accounts.Account", models.PROTECT, null=True, related_name="+")
    endpoint = models.ForeignKey(WebhookEndpoint, models.CASCADE, related_name="secrets")
    sealed = models.TextField()
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, help_text="A newer one has replaced it; until then both sign.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint"],
                condition=Q(ends_at__isnull=True),
                name="an_endpoint_has_one_newest_secret",
            ),
        ]

    def __str__(self) -> str:
        return f"secret of {self.endpoint_id}"


class WebhookDelivery(models.Model):
    """One event for one endpoint: what is sent, and whether it arrived. It is due while `next_at` is there."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(
        "accounts.Account", models.PROTECT, null=True, related_name="+", db_index=False
    )
    endpoint = models.ForeignKey(WebhookEndpoint, models.PROTECT, related_name="deliveries", db_index=False)
    event = models.ForeignKey(
        "events.Event",
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        help_text="None for a test.",
    )
    event_type = models.CharField(max_length=64)
    body = models.TextField(help_text="What is signed and sent, the same each time.")
    queued_at = models.DateTimeField()
    asked_at = models.DateTimeField(
        help_text="Since when it is tried: since it was queued, or asked for again."
    )
    tries = models.PositiveIntegerField(default=0, help_text="How many have failed since then.")
    next_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True, help_text="Since when a job has had it in hand.")
    delivered_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "endpoint"], name="an_endpoint_is_told_an_event_once"),
            models.CheckConstraint(
                name="a_delivery_is_due_delivered_or_given_up",
                condition=Q(next_at__isnull=False, delivered_at__isnull=True, given_up_at__isnull=True)
                | Q(next_at__isnull=True, claimed_at__isnull=True, delivered_at__isnull=False)
                & Q(given_up_at__isnull=True)
                | Q(next_at__isnull=True, claimed_at__isnull=True, delivered_at__isnull=True)
                & Q(given_up_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(F("endpoint"), F("queued_at").desc(), F("id").desc(), name="deliveries_by_time"),
            models.Index(
                F("endpoint"),
                F("event").asc(nulls_first=True),
                condition=Q(next_at__isnull=False),
                name="deliveries_that_wait",
            ),
            models.Index(
                fields=["endpoint", "claimed_at"],
                condition=Q(claimed_at__isnull=False),
                name="deliveries_in_hand",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} to {self.endpoint_id}"

    @property
    def state(self) -> str:
        """Return `delivered`, `given_up`, `retrying` once a try has failed, or `waiting`."""
        if self.delivered_at is not None:
            return "delivered"
        if self.given_up_at is not None:
            return "given_up"
        return "retrying" if self.tries else "waiting"


class WebhookAttempt(models.Model):
    """One time that a delivery was sent, and what the receiver answered."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(
        "accounts.Account", models.PROTECT, null=True, related_name="+", db_index=False
    )
    delivery = models.ForeignKey(WebhookDelivery, models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    took_ms = models.PositiveIntegerField()
    status = models.PositiveSmallIntegerField(null=True, help_text="None when there was no answer.")
    answer = models.TextField(blank=True, help_text="How its body begins.")
    problem = models.CharField(max_length=200, blank=True, help_text="Why there was no answer.")

    def __str__(self) -> str:
        return f"{self.status or self.problem} at {self.at:%Y-%m-%d %H:%M}"

    @property
    def succeeded(self) -> bool:
        return self.status is not None and 200 <= self.status < 300
