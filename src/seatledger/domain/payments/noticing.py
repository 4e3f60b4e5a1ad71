"""How a gateway's notice is applied: what it speaks of is looked up, so order and repetition do not matter."""

import structlog

from seatledger.domain.events.actions import Actor
from seatledger.domain.payments.actions.notices import mark_applied
from seatledger.domain.payments.charging import Clock, resolve_payment
from seatledger.domain.payments.gateways.interface import About
from seatledger.domain.payments.models import GatewayNotice, Payment

log = structlog.get_logger(__name__)


def apply_notice(notice: GatewayNotice, *, clock: Clock) -> None:
    """Look up what a notice speaks of, and note that it was. What is not ours is nobody's business here."""
    if notice.about == About.PAYMENT:
        payment = Payment.objects.filter(gateway=notice.gateway, reference=notice.reference).first()
        if payment:
            resolve_payment(payment, clock=clock)
    mark_applied(notice=notice, at=clock(), by=Actor.system())
