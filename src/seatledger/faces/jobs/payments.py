"""The jobs that move money. Each is safe to run twice, and twice at once."""

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from seatledger.domain.events.actions import Actor
from seatledger.domain.invoices.models import Document
from seatledger.domain.payments import charging
from seatledger.domain.payments.actions.collecting import collect_invoice
from seatledger.domain.payments.actions.notices import Envelope, take_in_notice
from seatledger.domain.payments.gateways.sandbox import world
from seatledger.domain.payments.models import GatewayNotice, Payment
from seatledger.domain.payments.noticing import apply_notice
from seatledger.domain.payments.queries.collecting import (
    get_payment_for_operator,
    list_notices_to_apply_for_operator,
    list_to_collect_for_operator,
    list_to_resolve_for_operator,
)
from seatledger.faces.jobs.caring import with_care
from seatledger.faces.jobs.messages import TRY_AGAIN

QUEUE = "payments"
BATCH = 500


@app.task(name="charge_payment", queue=QUEUE, retry=TRY_AGAIN)
def charge_payment(payment_id: str) -> None:
    """Ask the gateway for one payment; a second job for it finds nothing to do."""
    charging.charge_payment(get_payment_for_operator(UUID(payment_id)), clock=timezone.now)


@app.task(name="resolve_payment", queue=QUEUE, retry=TRY_AGAIN)
def resolve_payment(payment_id: str) -> None:
    """Ask the gateway what became of one payment: its customer has come back from his bank."""
    charging.resolve_payment(get_payment_for_operator(UUID(payment_id)), clock=timezone.now)


@app.task(name="give_up_payment", queue=QUEUE, retry=TRY_AGAIN)
def give_up_payment(payment_id: str) -> None:
    """Have a payment that waits for its customer never succeed: he wants to pay in another way."""
    charging.give_up_payment(get_payment_for_operator(UUID(payment_id)), clock=timezone.now)


@app.periodic(cron="*/5 * * * *", periodic_id="collect_due")
@app.task(name="collect_due", queue=QUEUE, queueing_lock="collect_due", retry=TRY_AGAIN)
def collect_due(timestamp: int) -> None:
    """Charge what is open of the invoices of accounts that pay by a gateway."""
    del timestamp
    after = None
    while invoices := list_to_collect_for_operator(after=after, limit=BATCH):
        for invoice in invoices:
            with_care("invoice_not_collected", invoice.pk, collect, invoice)
        after = invoices[-1].pk


@app.periodic(cron="* * * * *", periodic_id="resolve_unknown")
@app.task(name="resolve_unknown", queue=QUEUE, queueing_lock="resolve_unknown", retry=TRY_AGAIN)
def resolve_unknown(timestamp: int) -> None:
    """Ask the gateways what became of the payments whose outcome is not known."""
    del timestamp
    for payment in list_to_resolve_for_operator(timezone.now(), limit=BATCH):
        with_care("payment_not_resolved", payment.pk, resolve, payment)


@app.periodic(cron="* * * * *", periodic_id="apply_notices")
@app.task(name="apply_notices", queue=QUEUE, retry=TRY_AGAIN)
def apply_notices(timestamp: int) -> None:
    """Look up what gateways told of."""
    del timestamp
    for notice in list_notices_to_apply_for_operator(limit=BATCH):
        with_care("notice_not_applied", notice.event_id, apply, notice)


@app.periodic(cron="* * * * *", periodic_id="move_sandbox")
@app.task(name="move_sandbox", queue=QUEUE, queueing_lock="move_sandbox")
def move_sandbox(timestamp: int) -> None:
    """Let time pass in the sandbox, and let it tell what came of that."""
    del timestamp
    world.let_time_pass()
    send_notices()


@app.task(name="send_sandbox_notices", queue=QUEUE)
def send_sandbox_notices() -> None:
    """Let the sandbox tell what it has to."""
    send_notices()


def send_notices() -> None:
    """Take in what the sandbox has to tell, signed and by the same door as what comes by the network."""
    for notice in world.list_notices_to_send():
        body, headers = world.sign_notice(notice)
        take_in_notice(envelope=Envelope("sandbox", body, headers), at=timezone.now(), by=Actor.system())
        world.mark_notice_sent(notice)


def collect(invoice: Document) -> None:
    collect_invoice(invoice=invoice, at=timezone.now(), by=Actor.system())


def resolve(payment: Payment) -> None:
    charging.resolve_payment(payment, clock=timezone.now)


def apply(notice: GatewayNotice) -> None:
    apply_notice(notice, clock=timezone.now)
