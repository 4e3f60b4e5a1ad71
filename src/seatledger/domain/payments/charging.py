"""How a gateway is asked to take money: between transactions, never inside one.

    intended    committed, with the job that asks                  nothing has happened
    claimed     committed: somebody is asking now                  may be asked again, with the same key
    reference   committed: what the gateway calls it               from here on it can be looked up
    charged     the gateway took it, or not
    answered    committed, with the books

Cut off anywhere, `resolve_payment` goes on: it asks the gateway what became of it, and asks anew, with the same key,
only where the gateway says that nothing was begun.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from seatledger.domain.events.actions import Actor
from seatledger.domain.payments.actions.charges import (
    claim_payment,
    mark_unknown,
    store_answer,
    store_reference,
)
from seatledger.domain.payments.customers import customer_at
from seatledger.domain.payments.gateways import reasons
from seatledger.domain.payments.gateways.interface import (
    ANSWER_WITHIN_S,
    Answer,
    Gateway,
    GatewayRefused,
    NewCharge,
    Outcome,
    OutcomeUnknown,
)
from seatledger.domain.payments.gateways.registry import gateway_named
from seatledger.domain.payments.models import LIVE, MethodKind, Payment, PaymentState
from seatledger.engine.money import Money
from seatledger.shared.quiet import refuse_while_quiet

Clock = Callable[[], datetime]

# Whoever is asking a gateway has had his answer, or none, by then.
SURELY_ANSWERED: Final = timedelta(seconds=2 * ANSWER_WITHIN_S)
# So long a payment waits for the customer to agree to it with his bank.
CUSTOMER_MAY_TAKE: Final = timedelta(hours=24)

log = structlog.get_logger(__name__)


def charge_payment(payment: Payment, *, clock: Clock) -> None:
    """Ask the gateway for an intended payment and store what it says; a second call finds nothing to do."""
    refuse_while_quiet()
    if claim_payment(payment=payment, at=clock(), by=Actor.system()):
        _ask(payment, clock)


def resolve_payment(payment: Payment, *, clock: Clock) -> bool:
    """Find out what became of a payment by asking the gateway, and store it; False when the gateway did not say.

    One that succeeded is asked after too: the bank may have taken it back.
    """
    refuse_while_quiet()
    if payment.state == PaymentState.INTENDED:
        charge_payment(payment, clock=clock)
    elif payment.state not in (*LIVE, PaymentState.SUCCEEDED) or _is_being_asked(payment, clock()):
        return True
    elif not payment.reference:
        _ask(payment, clock)
    else:
        return _look_up_and_store(payment, clock)
    return True


def give_up_payment(payment: Payment, *, clock: Clock) -> None:
    """Have a payment that waits for the customer never succeed, unless it has, and store what became of it."""
    refuse_while_quiet()
    if payment.state != PaymentState.NEEDS_CUSTOMER:
        return
    try:
        answer = gateway_named(payment.gateway).cancel_charge(payment.reference)
    except OutcomeUnknown:
        mark_unknown(payment=payment, at=clock(), by=Actor.system())
        return
    store_answer(payment=payment, answer=answer, at=clock(), by=Actor.system())


def _is_being_asked(payment: Payment, now: datetime) -> bool:
    """Say whether somebody may still wait for the gateway's answer to the charge itself."""
    just_sent = payment.sent_at is not None and payment.sent_at > now - SURELY_ANSWERED
    return payment.state == PaymentState.SENT and just_sent


def _look_up_and_store(payment: Payment, clock: Clock) -> bool:
    answer = _look_up(payment, clock)
    if answer is None:
        return False
    if answer.outcome is Outcome.NOT_BEGUN and payment.is_live:
        _ask(payment, clock)
    else:
        store_answer(payment=payment, answer=answer, at=clock(), by=Actor.system())
    return True


def _look_up(payment: Payment, clock: Clock) -> Answer | None:
    """Return what the gateway says of a payment, None when it does not say."""
    gateway = gateway_named(payment.gateway)
    try:
        answer = gateway.look_up_charge(payment.reference)
        waits_since = payment.sent_at or payment.intended_at
        if answer.outcome is Outcome.NEEDS_CUSTOMER and clock() - waits_since > CUSTOMER_MAY_TAKE:
            answer = gateway.cancel_charge(payment.reference)
    except OutcomeUnknown:
        mark_unknown(payment=payment, at=clock(), by=Actor.system())
        return None
    return answer


def _ask(payment: Payment, clock: Clock) -> None:
    """Have the gateway take the money. Repeating it is safe: the payment's id is the key."""
    gateway = gateway_named(payment.gateway)
    try:
        answer = _charge(gateway, payment, clock)
    except OutcomeUnknown:
        mark_unknown(payment=payment, at=clock(), by=Actor.system())
        return
    except GatewayRefused as refusal:
        log.warning("charge_refused", payment_id=str(payment.pk), why=str(refusal))
        answer = Answer(Outcome.FAILED, reason=reasons.REFUSED)
    store_answer(payment=payment, answer=answer, at=clock(), by=Actor.system())


def _charge(gateway: Gateway, payment: Payment, clock: Clock) -> Answer:
    method = payment.method
    assert method is not None, "a gateway charges a method"
    charge = NewCharge(
        key=payment.pk,
        customer=customer_at(gateway, payment.account, at=clock()),
        token=method.token,
        kind=MethodKind(method.kind),
        amount=Money(payment.amount_minor, payment.currency),
        description=_describe(payment),
        customer_present=payment.customer_present,
        return_url=payment.return_url,
    )
    if not payment.reference:
        reference = gateway.prepare_charge(charge)
        store_reference(payment=payment, reference=reference, at=clock(), by=Actor.system())
    return gateway.charge(charge, payment.reference)


def _describe(payment: Payment) -> str:
    """Return what the customer reads about it at his bank: the invoice's number, or that it is an order."""
    return payment.document.issue.reference if payment.document else "Order"
