"""How a gateway is asked to give money back: between transactions, never inside one. The refund's id is the key."""

import structlog

from seatledger.domain.events.actions import Actor
from seatledger.domain.payments.actions.disputes import store_dispute
from seatledger.domain.payments.actions.refunds import (
    claim_refund,
    mark_refund_unknown,
    store_refund_answer,
)
from seatledger.domain.payments.charging import SURELY_ANSWERED, Clock
from seatledger.domain.payments.gateways import reasons
from seatledger.domain.payments.gateways.interface import (
    Answer,
    GatewayRefused,
    NewRefund,
    Outcome,
    OutcomeUnknown,
)
from seatledger.domain.payments.gateways.registry import gateway_named
from seatledger.domain.payments.models import Payment, Refund, RefundState
from seatledger.engine.money import Money
from seatledger.shared.quiet import refuse_while_quiet

log = structlog.get_logger(__name__)


def make_refund(refund: Refund, *, clock: Clock) -> None:
    """Ask the gateway for an intended refund and store what it says; a second call finds nothing to do."""
    refuse_while_quiet()
    if claim_refund(refund=refund, at=clock(), by=Actor.system()):
        _ask(refund, clock)


def resolve_refund(refund: Refund, *, clock: Clock) -> bool:
    """Find out what became of a refund by asking the gateway, and store it; False when the gateway did not say."""
    refuse_while_quiet()
    if refund.state == RefundState.INTENDED:
        make_refund(refund, clock=clock)
        return True
    just_sent = refund.sent_at is not None and refund.sent_at > clock() - SURELY_ANSWERED
    if refund.state == RefundState.SENT and just_sent:
        return True
    try:
        answer = gateway_named(refund.payment.gateway).look_up_refund(_told(refund), refund.reference)
    except OutcomeUnknown:
        mark_refund_unknown(refund=refund, at=clock(), by=Actor.system())
        return False
    if answer.outcome is Outcome.NOT_BEGUN:
        _ask(refund, clock)
    else:
        store_refund_answer(refund=refund, answer=answer, at=clock(), by=Actor.system())
    return True


def resolve_dispute(gateway_name: str, reference: str, *, clock: Clock) -> None:
    """Ask the gateway where a dispute stands and store it. Raises OutcomeUnknown."""
    refuse_while_quiet()
    told = gateway_named(gateway_name).look_up_dispute(reference)
    payment = Payment.objects.filter(gateway=gateway_name, reference=told.charge).first()
    if payment:
        store_dispute(payment=payment, reference=reference, told=told, at=clock(), by=Actor.system())


def _told(refund: Refund) -> NewRefund:
    return NewRefund(refund.pk, refund.payment.reference, Money(refund.amount_minor, refund.currency))


def _ask(refund: Refund, clock: Clock) -> None:
    try:
        answer = gateway_named(refund.payment.gateway).refund(_told(refund))
    except OutcomeUnknown:
        mark_refund_unknown(refund=refund, at=clock(), by=Actor.system())
        return
    except GatewayRefused as refusal:
        log.warning("refund_refused", refund_id=str(refund.pk), why=str(refusal))
        answer = Answer(Outcome.FAILED, reason=reasons.REFUSED)
    store_refund_answer(refund=refund, answer=answer, at=clock(), by=Actor.system())
