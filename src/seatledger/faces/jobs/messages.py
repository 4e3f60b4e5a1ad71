"""The jobs that write messages and send them. Each is safe to run twice, and twice at once."""

from uuid import UUID

from django.conf import settings
from django.db import OperationalError
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from seatledger.domain.notifications.actions import (
    claim_message,
    give_back_message,
    give_up_message,
    keep_letter,
    mark_sent,
    write_joining,
    write_messages,
    write_password_reset,
    write_signup,
)
from seatledger.domain.notifications.letters.building import build_letter
from seatledger.domain.notifications.letters.posting import RefusedForGood, post_letter
from seatledger.domain.notifications.queries import list_to_send_for_operator
from seatledger.shared.errors import Unreachable

# The database is away: after 4, 16, 64 ... seconds, eight tries within some six hours.
TRY_AGAIN = RetryStrategy(
    max_attempts=8, exponential_wait=4, retry_exceptions={Unreachable, OperationalError}
)
MOST_AT_ONCE = 500


@app.task(name="deliver_event", queue="delivery", retry=TRY_AGAIN)
def deliver_event(event_id: int) -> None:
    """Write the messages an event gives reason for, and queue each to be sent."""
    for message in write_messages(event_id=event_id, at=timezone.now()):
        queue_to_send(message.pk)


@app.task(name="deliver_password_reset", queue="delivery", retry=TRY_AGAIN)
def deliver_password_reset(email: str, request_id: str) -> None:
    """Queue the link to choose a new password, if someone active signs in with this address.

    The sign-in page queues this whatever was typed, so that its answer and its time tell nobody whether he exists.
    """
    message = write_password_reset(email=email, request_id=UUID(request_id), at=timezone.now())
    if message:
        queue_to_send(message.pk)


@app.task(name="deliver_joining", queue="delivery", retry=TRY_AGAIN)
def deliver_joining(email: str, request_id: str) -> None:
    """Queue the link to join an organisation, if one has proved the domain of this address.

    The page queues this whatever was typed, so that its answer and its time tell nobody who is a customer.
    """
    message = write_joining(email=email, request_id=UUID(request_id), at=timezone.now())
    if message:
        queue_to_send(message.pk)


@app.task(name="deliver_signup", queue="delivery", retry=TRY_AGAIN)
def deliver_signup(signup_id: str, request_id: str) -> None:
    """Queue the link that opens an account, or the word that there is one; the page queues this for every address."""
    message = write_signup(signup_id=UUID(signup_id), request_id=UUID(request_id), at=timezone.now())
    if message:
        queue_to_send(message.pk)


@app.task(name="send_message", queue="delivery", retry=TRY_AGAIN)
def send_message(message_id: str) -> None:
    """Send one message; a second job for it finds nothing to do. What cannot be sent is looked at again later."""
    message = claim_message(message_id=UUID(message_id), at=timezone.now())
    if message is None:
        return
    try:
        letter = build_letter(message)
        post_letter(letter.mail, about=str(message.account_id or message.about.get("signup_id", "")))
    except RefusedForGood as refusal:
        give_up_message(message=message, error=str(refusal), at=timezone.now())
    except Unreachable as error:
        give_back_message(message=message, error=str(error), at=timezone.now())
    except Exception as mistake:
        give_back_message(message=message, error=f"Our mistake: {mistake!r}", at=timezone.now())
        raise
    else:
        mark_sent(message=message, at=timezone.now())
        if settings.SEATLEDGER_KEEP_LETTERS:
            keep_letter(message=message, subject=letter.subject, text=letter.text, html=letter.html)


@app.periodic(cron="* * * * *", periodic_id="send_waiting_messages")
@app.task(name="send_waiting_messages", queueing_lock="send_waiting_messages")
def send_waiting_messages(timestamp: int) -> None:
    """Queue every message that is to be sent and has no job: its time has come again, or its job was lost."""
    del timestamp
    for message_id in list_to_send_for_operator(at=timezone.now(), limit=MOST_AT_ONCE):
        queue_to_send(message_id)


def queue_to_send(message_id: UUID) -> None:
    """Queue a message to be sent, unless it is queued already."""
    job = send_message.configure(queueing_lock=f"send_message:{message_id}")
    try:
        job.defer(message_id=str(message_id))
    except AlreadyEnqueued:
        return
