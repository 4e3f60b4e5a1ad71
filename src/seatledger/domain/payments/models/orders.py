"""What a customer ordered and pays before it is done."""

from django.db import models
from django.db.models import Q

from seatledger.shared.models import AccountRow, one_of


class OrderState(models.TextChoices):
    WAITING = "waiting", "Waiting for its payment"
    PLACED = "placed", "Done"
    FAILED = "failed", "Not done"


class Order(AccountRow):
    """An order that was confirmed with its figures and is done in the transaction that records its payment.

    `what` is the order as data, `digest` the figures that were confirmed. An account has one waiting at most, so that
    no figure of one changes under the other.
    """

    what = models.JSONField()
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=16, choices=OrderState, default=OrderState.WAITING)
    currency = models.CharField(max_length=3)
    total_minor = models.BigIntegerField(help_text="To be paid now, tax included.")
    reason = models.CharField(max_length=64, blank=True, help_text="Why it was not done, as a code.")
    confirmed_by_id = models.UUIDField(
        null=True, help_text="The user; null for what was ordered by preference."
    )
    confirmed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("state", OrderState, name="order_state_is_known"),
            models.UniqueConstraint(
                fields=["account"], condition=Q(state=OrderState.WAITING), name="one_order_waits_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.digest[:8]}: {self.state}"
