"""Money that came in, or is on its way, and money that went back."""

from django.db import models
from django.db.models import F, Q

from seatledger.domain.invoices.models import Document
from seatledger.domain.payments.models.methods import PaymentMethod
from seatledger.domain.payments.models.orders import Order
from seatledger.shared.models import AccountRow, one_of


class PaymentState(models.TextChoices):
    """Where a payment stands. It is committed as intended before anybody outside hears of it."""

    INTENDED = "intended", "About to be made"
    SENT = "sent", "Asked of the gateway, no answer yet"
    NEEDS_CUSTOMER = "needs_customer", "Waits for the customer's bank to be told by him"
    PENDING = "pending", "On its way"
    UNKNOWN = "unknown", "Outcome unknown"
    SUCCEEDED = "succeeded", "Paid"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Given up"
    REVERSED = "reversed", "Taken back by the bank"


# A payment that may yet bring money in: a document has one of them at most.
LIVE = (
    PaymentState.INTENDED,
    PaymentState.SENT,
    PaymentState.NEEDS_CUSTOMER,
    PaymentState.PENDING,
    PaymentState.UNKNOWN,
)
# A payment that brought money in, whatever became of it.
PAID = (PaymentState.SUCCEEDED, PaymentState.REVERSED)


class Payment(AccountRow):
    """Money from an account: charged by a gateway for one invoice or one order, or come in by bank transfer.

    Its id is the idempotency key at the gateway. What it settles is in `invoices.Settlement`; `applied_minor` is their
    sum. `refunded_minor` is what went back or is about to; `returned_minor` the part of it for which there is no credit
    note. `reversed_minor` is what the bank took back. What no invoice took, and went nowhere, is the account's credit.
    """

    gateway = models.SlugField(max_length=32, help_text="`transfer` for what came in at the bank.")
    method = models.ForeignKey(PaymentMethod, models.PROTECT, null=True, related_name="payments")
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="payments")
    state = models.CharField(max_length=16, choices=PaymentState, default=PaymentState.INTENDED)
    is_live = models.GeneratedField(
        expression=models.Case(
            models.When(state__in=LIVE, then=models.Value(value=True)), default=models.Value(value=False)
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    applied_minor = models.BigIntegerField(default=0)
    refunded_minor = models.BigIntegerField(default=0)
    returned_minor = models.BigIntegerField(default=0)
    reversed_minor = models.BigIntegerField(default=0)
    reference = models.CharField(max_length=200, blank=True, help_text="What the gateway calls it.")
    reason = models.CharField(max_length=64, blank=True, help_text="Why it failed, as a code.")
    next_url = models.URLField(max_length=2000, blank=True, help_text="Where the customer agrees to it.")
    customer_present = models.BooleanField(default=False)
    return_url = models.URLField(max_length=2000, blank=True, help_text="Where he goes when he has agreed.")
    intended_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, help_text="Since when an answer is waited for.")
    asked_at = models.DateTimeField(null=True, help_text="When the gateway was last asked what became of it.")
    ended_at = models.DateTimeField(null=True, help_text="When it succeeded, failed or was given up.")

    class Meta:
        constraints = [
            one_of("state", PaymentState, name="payment_state_is_known"),
            models.CheckConstraint(name="a_payment_is_of_something", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(
                name="a_payment_is_for_one_thing",
                condition=Q(document__isnull=True) | Q(order__isnull=True),
            ),
            models.CheckConstraint(
                name="no_more_is_used_than_was_paid",
                condition=Q(applied_minor__gte=0, returned_minor__gte=0, reversed_minor__gte=0)
                & Q(amount_minor__gte=F("applied_minor") + F("returned_minor") + F("reversed_minor")),
            ),
            models.CheckConstraint(
                name="no_more_is_refunded_than_was_paid",
                condition=Q(refunded_minor__gte=F("returned_minor"), refunded_minor__lte=F("amount_minor")),
            ),
            models.CheckConstraint(
                name="only_what_was_paid_is_used",
                condition=Q(state__in=PAID)
                | Q(applied_minor=0, refunded_minor=0, returned_minor=0, reversed_minor=0),
            ),
            models.CheckConstraint(
                name="of_a_reversed_payment_something_was_taken_back",
                condition=~Q(state=PaymentState.REVERSED) | Q(reversed_minor__gt=0, applied_minor=0),
            ),
            models.UniqueConstraint(
                fields=["document"], condition=Q(is_live=True), name="one_live_payment_of_a_document"
            ),
            models.UniqueConstraint(
                fields=["order"], condition=Q(is_live=True), name="one_live_payment_of_an_order"
            ),
            models.UniqueConstraint(
                fields=["gateway", "reference"], condition=~Q(reference=""), name="a_payment_is_known_once"
            ),
        ]
        indexes = [
            models.Index(fields=["sent_at"], condition=Q(is_live=True), name="live_payments"),
            models.Index(fields=["account", "intended_at"], name="payments_of_an_account"),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency}: {self.state}"

    @property
    def unapplied_minor(self) -> int:
        """Return what no invoice took and nobody took back: credit of the account."""
        if self.state != PaymentState.SUCCEEDED:
            return 0
        return self.amount_minor - self.applied_minor - self.returned_minor - self.reversed_minor

    @property
    def refundable_minor(self) -> int:
        """Return how much of it may still go back."""
        if self.state != PaymentState.SUCCEEDED:
            return 0
        return max(0, self.amount_minor - self.refunded_minor - self.reversed_minor)


class RefundState(models.TextChoices):
    INTENDED = "intended", "About to be made"
    SENT = "sent", "Asked of the gateway, no answer yet"
    PENDING = "pending", "On its way"
    UNKNOWN = "unknown", "Outcome unknown"
    SUCCEEDED = "succeeded", "Refunded"
    FAILED = "failed", "Failed"


class Refund(AccountRow):
    """Money that goes back, from one payment: for a credit note, or what no invoice took. Its id is the idempotency key.

    It takes its amount from the payment and the credit note as it is intended, and gives it back if it fails.
    """

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="refunds")
    credit_note = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=16, choices=RefundState, default=RefundState.INTENDED)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    reference = models.CharField(max_length=200, blank=True, help_text="What the gateway calls it.")
    reason = models.CharField(max_length=64, blank=True, help_text="Why it failed, as a code.")
    why = models.CharField(max_length=300, blank=True, help_text="Why a person asked for it.")
    intended_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("state", RefundState, name="refund_state_is_known"),
            models.CheckConstraint(name="a_refund_is_of_something", condition=Q(amount_minor__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency} back: {self.state}"


class DisputeState(models.TextChoices):
    OPEN = "open", "Open"
    WON = "won", "Won"
    LOST = "lost", "Lost"


class Dispute(AccountRow):
    """The customer's bank takes a payment back, or tries to."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="disputes")
    reference = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=16, choices=DisputeState, default=DisputeState.OPEN)
    amount_minor = models.BigIntegerField()
    reason = models.CharField(max_length=64, blank=True)
    opened_at = models.DateTimeField()
    answer_by = models.DateTimeField(null=True, help_text="Until when the gateway takes an answer.")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("state", DisputeState, name="dispute_state_is_known"),
            models.CheckConstraint(name="a_dispute_is_of_something", condition=Q(amount_minor__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor}: {self.state}"
