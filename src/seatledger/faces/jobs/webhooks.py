"""The jobs that send webhooks, on a queue of their own. Each is safe to run twice, and twice at once.

What waits is rows, not jobs: a job works for an endpoint, takes one delivery after the other and calls for help while
there are more. So ten thousand deliveries for a receiver that is dead are one job in the queue, for the next time it is tried.
"""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from seatledger.domain.notifications.webhooks.forgetting import forget_old_deliveries
from seatledger.domain.notifications.webhooks.payloads import headers_of
from seatledger.domain.notifications.webhooks.schedule import TURN_LASTS
from seatledger.domain.notifications.webhooks.sending import send
from seatledger.domain.notifications.webhooks.spreading import JOB, QUEUE, write_deliveries
from seatledger.domain.notifications.webhooks.working_off import (
    InHand,
    find_endpoints_with_due_deliveries_for_operator,
    give_up_old_deliveries,
    has_more,
    note_answer,
    take_delivery,
)
from seatledger.faces.jobs.messages import TRY_AGAIN


@app.task(name=JOB, queue=QUEUE, retry=TRY_AGAIN)
def spread_events(event_ids: list[int]) -> None:
    """Write the deliveries of events, and have each endpoint's sent."""
    for endpoint_id in write_deliveries(event_ids=event_ids, at=timezone.now()):
        start_sending(endpoint_id)


@app.task(name="send_webhooks", queue=QUEUE, retry=TRY_AGAIN)
def send_webhooks(endpoint_id: str) -> None:
    """Send what is due at an endpoint, one after the other, for as long as one turn lasts."""
    endpoint = UUID(endpoint_id)
    began = timezone.now()
    called_for_help = False
    while timezone.now() - began < TURN_LASTS:
        taken = take_delivery(endpoint_id=endpoint, at=timezone.now())
        if taken is None:
            return
        if not called_for_help and has_more(endpoint_id=endpoint, at=timezone.now()):
            called_for_help = True
            start_sending(endpoint)
        again_at = send_one(taken)
        if again_at is not None:
            send_webhooks.configure(schedule_at=again_at).defer(endpoint_id=endpoint_id)
    start_sending(endpoint)


def send_one(taken: InHand) -> datetime | None:
    """Send a delivery that is in hand; returns when its endpoint has to be looked at again, if it has to be."""
    answer = send(
        taken.url,
        taken.delivery.body.encode(),
        headers_of(taken.delivery, taken.secrets, at=timezone.now()),
        loopback=settings.SEATLEDGER_WEBHOOKS_TO_LOOPBACK,
    )
    return note_answer(taken=taken, answer=answer, at=timezone.now())


def start_sending(endpoint_id: UUID) -> None:
    """Queue a job for an endpoint, unless one waits for its turn already."""
    job = send_webhooks.configure(queueing_lock=f"send_webhooks:{endpoint_id}")
    try:
        with transaction.atomic():
            job.defer(endpoint_id=str(endpoint_id))
    except AlreadyEnqueued:
        pass


@app.periodic(cron="* * * * *", periodic_id="start_due_webhooks")
@app.task(name="start_due_webhooks", queue=QUEUE, queueing_lock="start_due_webhooks")
def start_due_webhooks(timestamp: int) -> None:
    """Start what is due and what nobody looked after: its worker was killed, or its job was lost."""
    del timestamp
    now = timezone.now()
    give_up_old_deliveries(at=now)
    for endpoint_id in find_endpoints_with_due_deliveries_for_operator(now):
        start_sending(endpoint_id)


@app.periodic(cron="41 3 * * *", periodic_id="forget_old_webhooks")
@app.task(name="forget_old_webhooks", queue=QUEUE, queueing_lock="forget_old_webhooks")
def forget_old_webhooks(timestamp: int) -> None:
    """Forget the deliveries that were settled a month ago."""
    del timestamp
    forget_old_deliveries(at=timezone.now())
