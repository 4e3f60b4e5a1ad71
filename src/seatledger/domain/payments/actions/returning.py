"""What a customer asks of a payment that is under way: what became of it, or that it be given up. A job does it."""

from datetime import datetime

from django.db import transaction

from seatledger.domain.events.actions import Actor, queue_job
from seatledger.domain.payments.actions.charges import QUEUE
from seatledger.domain.payments.models import LIVE, Payment, PaymentState, Setup, SetupState


@transaction.atomic
def ask_what_became(*, payment: Payment, at: datetime, by: Actor) -> None:
    """Have the gateway asked what became of a payment: its customer has come back from his bank."""
    del at, by  # nothing has happened yet that anybody else could see
    if payment.state in LIVE:
        queue_job("resolve_payment", queue=QUEUE, payment_id=str(payment.pk))


@transaction.atomic
def give_up(*, payment: Payment, at: datetime, by: Actor) -> None:
    """Have a payment that waits for its customer never succeed. One that succeeded meanwhile stays what it is."""
    del at, by  # what the gateway says of it is what happens
    if payment.state == PaymentState.NEEDS_CUSTOMER:
        queue_job("give_up_payment", queue=QUEUE, payment_id=str(payment.pk))


@transaction.atomic
def ask_what_was_entered(*, setup: Setup, at: datetime, by: Actor) -> None:
    """Have the gateway asked what became of a setup: its customer has come back from its page."""
    del at, by  # what was entered is what happens
    if setup.state == SetupState.OPEN:
        queue_job("resolve_setup", queue=QUEUE, setup_id=str(setup.pk))
