"""The sandbox's own books, as an outside world would keep them: by idempotency key, and without our accounts.

Nothing here is told by our own tables, so a test can hold the one against the other.
"""

from django.db import models

from seatledger.domain.payments.gateways.interface import About, Outcome
from seatledger.domain.payments.gateways.sandbox.numbers import NUMBERS
from seatledger.domain.payments.models import MethodKind

OUTCOMES = [(outcome.value, outcome.value) for outcome in Outcome]


class SandboxCustomer(models.Model):
    key = models.UUIDField(unique=True)
    reference = models.CharField(max_length=40, unique=True)

    def __str__(self) -> str:
        return self.reference


class SandboxMethod(models.Model):
    """A card or a bank account that was entered on our page. `number` is one of the test numbers."""

    token = models.CharField(max_length=40, unique=True)
    customer = models.CharField(max_length=40)
    kind = models.CharField(max_length=16, choices=MethodKind)
    number = models.CharField(max_length=40, choices=[(one.digits, one.what) for one in NUMBERS])
    expires_year = models.PositiveSmallIntegerField(null=True)
    expires_month = models.PositiveSmallIntegerField(null=True)
    is_forgotten = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.token


class SandboxSetup(models.Model):
    key = models.UUIDField(unique=True)
    reference = models.CharField(max_length=40, unique=True)
    customer = models.CharField(max_length=40)
    kind = models.CharField(max_length=16, choices=MethodKind)
    return_url = models.CharField(max_length=2000)
    outcome = models.CharField(max_length=16, choices=OUTCOMES, default=Outcome.PENDING.value)
    reason = models.CharField(max_length=64, blank=True)
    method = models.ForeignKey(SandboxMethod, models.PROTECT, null=True)

    def __str__(self) -> str:
        return self.reference


class SandboxCharge(models.Model):
    """One charge for each key, however often it is asked for; `times_asked` counts that."""

    key = models.UUIDField(unique=True)
    reference = models.CharField(max_length=40, unique=True)
    token = models.CharField(max_length=200)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    description = models.CharField(max_length=200)
    customer_present = models.BooleanField()
    return_url = models.CharField(max_length=2000, blank=True)
    outcome = models.CharField(max_length=16, choices=OUTCOMES, default=Outcome.NOT_BEGUN.value)
    reason = models.CharField(max_length=64, blank=True)
    times_asked = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.reference


class SandboxRefund(models.Model):
    key = models.UUIDField(unique=True)
    reference = models.CharField(max_length=40, unique=True)
    charge = models.ForeignKey(SandboxCharge, models.PROTECT, related_name="refunds")
    amount_minor = models.BigIntegerField()
    outcome = models.CharField(max_length=16, choices=OUTCOMES)
    reason = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return self.reference


class SandboxDispute(models.Model):
    reference = models.CharField(max_length=40, unique=True)
    charge = models.OneToOneField(SandboxCharge, models.PROTECT, related_name="dispute")
    outcome = models.CharField(max_length=16, choices=OUTCOMES, default=Outcome.PENDING.value)
    answer_by = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.reference


class SandboxNotice(models.Model):
    """What the sandbox has to tell us, until it was sent."""

    about = models.CharField(max_length=16, choices=[(about.value, about.value) for about in About])
    reference = models.CharField(max_length=40)
    is_sent = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=models.Q(is_sent=False), name="sandbox_notices_to_send")
        ]

    def __str__(self) -> str:
        return f"{self.about} {self.reference}"
