"""How a gateway's notice is applied: what it speaks of is looked up, so order and repetition do not matter."""

from seatledger.domain.events.actions import Actor
from seatledger.domain.payments.actions.notices import mark_applied
from seatledger.domain.payments.charging import Clock, resolve_payment
from seatledger.domain.payments.gateways.interface import About
from seatledger.domain.payments.models import GatewayNotice, Payment, Refund, Setup
from seatledger.domain.payments.refunding import resolve_dispute, resolve_refund
from seatledger.domain.payments.setting_up import resolve_setup


def apply_notice(notice: GatewayNotice, *, clock: Clock) -> None:
    """Look up what a notice speaks of, and note that it was, once the gateway has said. What is not ours is left alone.

    Raises OutcomeUnknown for a setup and a dispute: the notice stays, and is applied a minute later.
    """
    if _look_up(notice, clock):
        mark_applied(notice=notice, at=clock(), by=Actor.system())


def _look_up(notice: GatewayNotice, clock: Clock) -> bool:
    """Look the object up; False when the gateway did not say what became of it."""
    of_gateway = {"gateway": notice.gateway, "reference": notice.reference}
    if notice.about == About.PAYMENT:
        payment = (
            Payment.objects.select_related("account", "method", "document__issue")
            .filter(**of_gateway)
            .first()
        )
        return payment is None or resolve_payment(payment, clock=clock)
    if notice.about == About.REFUND:
        refunds = Refund.objects.filter(payment__gateway=notice.gateway, reference=notice.reference)
        refund = refunds.select_related("payment", "account").first()
        return refund is None or resolve_refund(refund, clock=clock)
    if notice.about == About.SETUP:
        setup = Setup.objects.select_related("account").filter(**of_gateway).first()
        if setup:
            resolve_setup(setup, clock=clock)
    elif notice.about == About.DISPUTE:
        resolve_dispute(notice.gateway, notice.reference, clock=clock)
    return True
