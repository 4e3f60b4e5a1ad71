"""The jobs about methods, refunds and disputes at gateways. Each is safe to run twice, and twice at once."""

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from seatledger.domain.payments import refunding, setting_up
from seatledger.domain.payments.gateways.registry import gateway_named
from seatledger.domain.payments.models import Dispute, Refund, Setup
from seatledger.domain.payments.queries.collecting import (
    list_open_disputes_for_operator,
    list_refunds_to_resolve_for_operator,
    list_setups_to_resolve_for_operator,
)
from seatledger.faces.jobs.caring import with_care
from seatledger.faces.jobs.messages import TRY_AGAIN
from seatledger.shared.quiet import refuse_while_quiet

QUEUE = "payments"


@app.task(name="open_setup", queue=QUEUE, retry=TRY_AGAIN)
def open_setup(setup_id: str) -> None:
    """Ask the gateway for the page on which a method is entered."""
    setup = Setup.objects.select_related("account").get(pk=UUID(setup_id))
    setting_up.open_setup(setup, clock=timezone.now)


@app.task(name="resolve_setup", queue=QUEUE, retry=TRY_AGAIN)
def resolve_setup(setup_id: str) -> None:
    """Ask the gateway what was entered: its customer has come back."""
    setup = Setup.objects.select_related("account").get(pk=UUID(setup_id))
    setting_up.resolve_setup(setup, clock=timezone.now)


@app.task(name="detach_method", queue=QUEUE, retry=TRY_AGAIN)
def detach_method(gateway: str, token: str) -> None:
    """Have the gateway forget a method that was removed."""
    refuse_while_quiet()
    gateway_named(gateway).detach(token)


@app.task(name="forget_customer", queue=QUEUE, retry=TRY_AGAIN)
def forget_customer(gateway: str, reference: str) -> None:
    """Have the gateway forget an account that was erased."""
    refuse_while_quiet()
    gateway_named(gateway).forget_customer(reference)


@app.task(name="refund_payment", queue=QUEUE, retry=TRY_AGAIN)
def refund_payment(refund_id: str) -> None:
    """Ask the gateway for one refund; a second job for it finds nothing to do."""
    refund = Refund.objects.select_related("payment", "account").get(pk=UUID(refund_id))
    refunding.make_refund(refund, clock=timezone.now)


@app.periodic(cron="*/5 * * * *", periodic_id="resolve_refunds")
@app.task(name="resolve_refunds", queue=QUEUE, queueing_lock="resolve_refunds", retry=TRY_AGAIN)
def resolve_refunds(timestamp: int) -> None:
    """Ask the gateways what became of the refunds that are not through."""
    del timestamp
    for refund in list_refunds_to_resolve_for_operator(timezone.now()):
        with_care("refund_not_resolved", refund.pk, _resolve_refund, refund)


@app.periodic(cron="37 * * * *", periodic_id="resolve_forgotten")
@app.task(name="resolve_forgotten", queue=QUEUE, queueing_lock="resolve_forgotten", retry=TRY_AGAIN)
def resolve_forgotten(timestamp: int) -> None:
    """Ask after setups whose customer did not come back, and disputes of which nobody told."""
    del timestamp
    for setup in list_setups_to_resolve_for_operator(timezone.now()):
        with_care("setup_not_resolved", setup.pk, _resolve_setup, setup)
    for dispute in list_open_disputes_for_operator():
        with_care("dispute_not_resolved", dispute.pk, _resolve_dispute, dispute)


def _resolve_refund(refund: Refund) -> None:
    refunding.resolve_refund(refund, clock=timezone.now)


def _resolve_setup(setup: Setup) -> None:
    setting_up.resolve_setup(setup, clock=timezone.now)


def _resolve_dispute(dispute: Dispute) -> None:
    refunding.resolve_dispute(dispute.payment.gateway, dispute.reference, clock=timezone.now)
