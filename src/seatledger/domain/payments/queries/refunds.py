"""Questions about money that goes back."""

from uuid import UUID

from seatledger.domain.payments.actions.refunds import BY_HAND
from seatledger.domain.payments.models import Payment, Refund, RefundState
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


def get_refund_by_hand_for_operator(refund_id: UUID) -> Refund:
    """Return a refund that staff have to send by bank transfer. Raises NotFound for one that a gateway makes."""
    found = Refund.objects.select_related("account", "payment").filter(pk=refund_id, payment__gateway=BY_HAND)
    for refund in found:
        return refund
    raise NotFound("refund by bank transfer", "")
