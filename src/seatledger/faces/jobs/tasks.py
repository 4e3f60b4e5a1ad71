"""The jobs that look after jobs. Each is safe to run twice, and twice at once."""

from uuid import UUID

from django.db import OperationalError
from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from seatledger.domain.events.actions import Actor
from seatledger.domain.invoices.actions import begin_run, finish_run
from seatledger.domain.invoices.parties import NoSeller
from seatledger.domain.invoices.runs import bill_in_chunks
from seatledger.domain.notifications.actions import (
    claim_message,
    give_back_message,
    mark_sent,
    write_joining,
    write_messages,
    write_password_reset,
)
from seatledger.domain.notifications.letters import build_letter, post_letter
from seatledger.faces.jobs.agreements import apply_changes
from seatledger.faces.jobs.documents import make_file, render_documents, render_old_documents
from seatledger.shared.errors import Unreachable

# The worker looks for jobs in this file alone; those about one subject have a file of their own.
__all__ = [
    "apply_changes",
    "deliver_event",
    "deliver_joining",
    "deliver_password_reset",
    "forget_old_jobs",
    "make_file",
    "render_documents",
    "render_old_documents",
    "rescue_stalled_jobs",
    "send_message",
]

SILENT_FOR_S = 30
KEPT_HOURS = 24 * 30
# The mail server or the database is away: after 4, 16, 64 ... seconds, eight tries within some six hours.
TRY_AGAIN = RetryStrategy(
    max_attempts=8, exponential_wait=4, retry_exceptions={Unreachable, OperationalError}
)


@app.periodic(cron="* * * * *", periodic_id="rescue_stalled_jobs")
@app.task(name="rescue_stalled_jobs", queueing_lock="rescue_stalled_jobs", pass_context=True)
async def rescue_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Queue again every job whose worker has been silent: it was killed, or cut off, in the middle."""
    del timestamp
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=SILENT_FOR_S):
        await jobs.retry_job(job)


@app.periodic(cron="17 3 * * *", periodic_id="forget_old_jobs")
@app.task(name="forget_old_jobs", queueing_lock="forget_old_jobs", pass_context=True)
async def forget_old_jobs(context: JobContext, timestamp: int) -> None:
    """Forget the jobs that were done a month ago."""
    del timestamp
    await context.app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS)


@app.task(name="deliver_event", queue="delivery", retry=TRY_AGAIN)
def deliver_event(event_id: int) -> None:
    """Write the messages an event gives reason for, and queue each to be sent."""
    for message in write_messages(event_id=event_id, at=timezone.now()):
        send_message.defer(message_id=str(message.pk))


@app.task(name="deliver_password_reset", queue="delivery", retry=TRY_AGAIN)
def deliver_password_reset(email: str, request_id: str) -> None:
    """Queue the link to choose a new password, if someone active signs in with this address.

    The sign-in page queues this whatever was typed, so that its answer and its time tell nobody whether he exists.
    """
    message = write_password_reset(email=email, request_id=UUID(request_id), at=timezone.now())
    if message:
        send_message.defer(message_id=str(message.pk))


@app.task(name="deliver_joining", queue="delivery", retry=TRY_AGAIN)
def deliver_joining(email: str, request_id: str) -> None:
    """Queue the link to join an organisation, if one has proved the domain of this address.

    The page queues this whatever was typed, so that its answer and its time tell nobody who is a customer.
    """
    message = write_joining(email=email, request_id=UUID(request_id), at=timezone.now())
    if message:
        send_message.defer(message_id=str(message.pk))


@app.task(name="send_message", queue="delivery", retry=TRY_AGAIN)
def send_message(message_id: str) -> None:
    """Send one message; a second job for it finds nothing to do."""
    message = claim_message(message_id=UUID(message_id), at=timezone.now())
    if message is None:
        return
    try:
        post_letter(build_letter(message))
    except Unreachable:
        give_back_message(message=message)
        raise
    mark_sent(message=message, at=timezone.now())


@app.periodic(cron="7 * * * *", periodic_id="bill_accounts")
@app.task(name="bill_accounts", queueing_lock="bill_accounts", retry=TRY_AGAIN)
def bill_accounts(timestamp: int) -> None:
    """Charge what is due. Every hour, because accounts' days begin at different hours.

    Killed in the middle, it is done again and goes on where it was; two at once share the accounts.
    """
    del timestamp
    at, by = timezone.now(), Actor.system()
    try:
        run, _ = begin_run(at=at, by=by)
    except NoSeller:
        return  # nobody sells here yet
    chunks = list(bill_in_chunks(at=at, by=by))
    finish_run(run=run, chunks=chunks, at=timezone.now(), by=by)
