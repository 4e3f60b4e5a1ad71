"""What becomes of an order that waited for its payment: done when it is paid, given up when it is not."""

from datetime import datetime

from django.db import transaction

from seatledger.domain.events.actions import Actor, record
from seatledger.domain.invoices.models import DocumentKind
from seatledger.domain.payments.actions.purchases import place_order
from seatledger.domain.payments.actions.refunds import refund_unapplied
from seatledger.domain.payments.applying import apply_payment, apply_unapplied
from seatledger.domain.payments.happenings import OrderFailed
from seatledger.domain.payments.models import Order as StoredOrder
from seatledger.domain.payments.models import OrderState, Payment
from seatledger.domain.payments.orders import read_order
from seatledger.shared.errors import Refused


@transaction.atomic
def fulfil_order(*, payment: Payment, at: datetime, by: Actor) -> bool:
    """Do what was ordered, in the transaction that records its payment, and settle what is issued for it.

    False when it cannot be done as it was told any more: then nothing of it is, and the money goes back in full.
    """
    waiting = _hold(payment)
    if waiting is None:
        return True
    buyer = Actor.user(waiting.confirmed_by_id) if waiting.confirmed_by_id else by
    try:
        order = read_order(waiting.what)
        issued = place_order(account=payment.account, order=order, expected=waiting.digest, at=at, by=buyer)
    except Refused as refusal:
        _give_up(waiting, refusal.code, at=at, by=by)
        why = "The order could not be done as it was confirmed."
        refund_unapplied(payment=payment, amount_minor=payment.amount_minor, why=why, at=at, by=by)
        return False
    for document in issued:
        if document.kind == DocumentKind.INVOICE:
            apply_payment(payment, document, at=at)
    apply_unapplied(payment.account, at=at)
    waiting.state, waiting.ended_at = OrderState.PLACED, at
    waiting.save(update_fields=["state", "ended_at"])
    return True


@transaction.atomic
def fail_order(*, payment: Payment, reason: str, at: datetime, by: Actor) -> None:
    """Give up an order whose payment failed: nothing of it is done."""
    if waiting := _hold(payment):
        _give_up(waiting, reason, at=at, by=by)


def _hold(payment: Payment) -> StoredOrder | None:
    waiting = StoredOrder.objects.select_for_update(no_key=True).filter(
        payments=payment, state=OrderState.WAITING
    )
    return waiting.first()


def _give_up(order: StoredOrder, reason: str, *, at: datetime, by: Actor) -> None:
    order.state, order.reason, order.ended_at = OrderState.FAILED, reason, at
    order.save(update_fields=["state", "reason", "ended_at"])
    record(OrderFailed(order_id=order.pk, reason=reason), account=order.account, at=at, by=by)
