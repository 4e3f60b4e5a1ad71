"""What gateways tell us of their own accord."""

from django.db import models
from django.db.models import Q


class GatewayNotice(models.Model):
    """One inbound webhook, stored once by the gateway's id for it and applied by looking its object up.

    It belongs to no account: which one it speaks of is known once its object was found.
    """

    gateway = models.SlugField(max_length=32)
    event_id = models.CharField(max_length=200)
    about = models.CharField(max_length=16, help_text="payment, setup, refund, dispute or nothing.")
    reference = models.CharField(max_length=200, blank=True, help_text="What the gateway calls the object.")
    received_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gateway", "event_id"], name="a_notice_is_stored_once")
        ]
        indexes = [
            models.Index(
                fields=["received_at"], condition=Q(applied_at__isnull=True), name="notices_to_apply"
            )
        ]

    def __str__(self) -> str:
        return f"{self.event_id} of {self.gateway}"
