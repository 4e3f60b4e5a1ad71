"""Questions about money that goes back."""

from datetime import datetime
from uuid import UUID

from django.db.models import F

from seatledger.domain.accounts.models import Account
from seatledger.domain.payments.actions.refunds import BY_HAND
from seatledger.domain.payments.models import Payment, PaymentState, Refund, RefundState
from seatledger.shared.errors import NotFound


def get_payment_to_refund_for_operator(payment_id: UUID) -> Payment:
    """Return a payment of any account. Raises NotFound."""
    found = Payment.objects.select_related("account").filter(pk=payment_id).first()
    if found is None:
        raise NotFound("payment", "")
    return found


def list_refunds_by_hand_for_operator() -> list[Refund]:
    """Return the refunds of every account that staff have to send by bank transfer, the oldest first."""
    waiting = Refund.objects.filter(state=RefundState.PENDING, payment__gateway=BY_HAND)
    return list(waiting.select_related("account", "payment").order_by("intended_at", "pk"))


def list_refunds_under_way_for_operator() -> list[Refund]:
    """Return the refunds of every account that a gateway has not finished, the oldest first."""
    states = (RefundState.INTENDED, RefundState.SENT, RefundState.PENDING, RefundState.UNKNOWN)
    under_way = Refund.objects.filter(state__in=states).exclude(payment__gateway=BY_HAND)
    return list(under_way.select_related("account", "payment").order_by("intended_at", "pk"))


def list_refunds_failed_for_operator(*, since: datetime) -> list[Refund]:
    """Return the refunds of every account that failed since then, the newest first: their credit is there again."""
    failed = Refund.objects.filter(state=RefundState.FAILED, ended_at__gte=since)
    return list(failed.select_related("account", "payment").order_by("-ended_at", "pk"))


def list_payments_with_credit(account: Account) -> list[Payment]:
    """Return the account's payments of which no invoice took a part, the newest first."""
    left = F("amount_minor") - F("applied_minor") - F("returned_minor") - F("reversed_minor")
    paid = Payment.objects.filter(account=account, state=PaymentState.SUCCEEDED).alias(left=left)
    return list(paid.filter(left__gt=0).select_related("method").order_by("-ended_at", "pk"))


def get_refund_by_hand_for_operator(refund_id: UUID) -> Refund:
    """Return a refund that staff have to send by bank transfer. Raises NotFound for one that a gateway makes."""
    found = Refund.objects.select_related("account", "payment").filter(pk=refund_id, payment__gateway=BY_HAND)
    for refund in found:
        return refund
    raise NotFound("refund by bank transfer", "")
