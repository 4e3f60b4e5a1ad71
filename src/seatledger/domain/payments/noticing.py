"""How a gateway's notice is applied: what it speaks of is looked up, so order and repetition do not matter."""

import structlog

from seatledger.domain.events.actions import Actor
from seatledger.domain.payments.actions.notices import mark_applied
from seatledger.domain.payments.charging import Clock, resolve_payment
from seatledger.domain.payments.gateways.interface import About
from seatledger.domain.payments.models import GatewayNotice, Payment, Refund, Setup
from seatledger.domain.payments.refunding import resolve_dispute, resolve_refund
from seatledger.domain.payments.setting_up import resolve_setup

log = structlog.get_logger(__name__)


def apply_notice(notice: GatewayNotice, *, clock: Clock) -> None:
    """Look up what a notice speaks of, and note that it was. What is not ours is nobody's business here."""
    if notice.about == About.PAYMENT:
        payment = Payment.objects.filter(gateway=notice.gateway, reference=notice.reference).first()
        if payment:
            resolve_payment(payment, clock=clock)
    elif notice.about == About.SETUP:
        setup = Setup.objects.filter(gateway=notice.gateway, reference=notice.reference).first()
        if setup:
            resolve_setup(setup, clock=clock)
    elif notice.about == About.REFUND:
        refunds = Refund.objects.filter(payment__gateway=notice.gateway, reference=notice.reference)
        refund = refunds.select_related("payment", "account").first()
        if refund:
            resolve_refund(refund, clock=clock)
    elif notice.about == About.DISPUTE:
        resolve_dispute(notice.gateway, notice.reference, clock=clock)
    mark_applied(notice=notice, at=clock(), by=Actor.system())
