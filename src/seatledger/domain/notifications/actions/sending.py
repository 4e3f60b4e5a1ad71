"""Keep what happens to a message while it is sent. The row is the queue: jobs may be lost, it is not."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import F, Q, QuerySet

from seatledger.domain.accounts.at_work import of_accounts_at_work
from seatledger.domain.notifications.models import KeptLetter, Message, MessageKind
from seatledger.domain.notifications.patience import CLAIM_LASTS, MOST_ATTEMPTS, WAITS
from seatledger.domain.signups.queries import find_signup

_LONGEST_ERROR: Final = 300


def claim_message(*, message_id: UUID, at: datetime) -> Message | None:
    """Take a message in hand, so that no other job sends it meanwhile, and return it.

    Returns None when there is nothing to send now: it is sent or given up, its next try is later, another job has it,
    or its account is on its way to another region. A message whose reader was deactivated or deleted meanwhile is given up,
    and so is the link of a sign-up that is over.
    """
    due = Q(try_at__isnull=True) | Q(try_at__lte=at)
    waiting = _to_send(message_id).filter(due, of_accounts_at_work())
    waiting.filter(user__is_active=False).update(given_up_at=at, last_error="The reader is no longer active.")
    _give_up_without_signup(waiting, at=at)
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=at - CLAIM_LASTS)
    if not waiting.filter(free).update(claimed_at=at):
        return None
    return Message.objects.select_related("account__provider", "user").get(pk=message_id)


def mark_sent(*, message: Message, at: datetime) -> None:
    """Note that the mail server has taken a message."""
    Message.objects.filter(pk=message.pk).update(sent_at=at, recipient=message.recipient, given_up_at=None)


def give_back_message(*, message: Message, error: str, at: datetime) -> None:
    """Note that a message could not be sent, and let it be claimed again later; after the last try it is given up."""
    attempts = message.attempts + 1
    if attempts >= MOST_ATTEMPTS:
        give_up_message(message=message, error=error, at=at)
        return
    _to_send(message.pk).update(
        claimed_at=None,
        attempts=attempts,
        last_error=error[:_LONGEST_ERROR],
        try_at=at + WAITS[attempts - 1],
    )


def give_up_message(*, message: Message, error: str, at: datetime) -> None:
    """Note that a message will not be sent: its recipient is refused for good, or it was tried often enough."""
    _to_send(message.pk).update(
        claimed_at=None, attempts=F("attempts") + 1, last_error=error[:_LONGEST_ERROR], given_up_at=at
    )


def try_again(*, message: Message) -> bool:
    """Let a message that was given up be sent anew, from the first try on. False when it was not given up."""
    given_up = Message.objects.filter(pk=message.pk, sent_at__isnull=True, given_up_at__isnull=False)
    return bool(given_up.update(given_up_at=None, attempts=0, try_at=None, claimed_at=None))


def give_up_all_waiting(*, error: str, at: datetime) -> int:
    """Give up every message that waits, and say why; returns how many. For who works on from a copy."""
    waiting = Message.objects.filter(sent_at__isnull=True, given_up_at__isnull=True)
    return waiting.update(claimed_at=None, last_error=error[:_LONGEST_ERROR], given_up_at=at)


def keep_letter(*, message: Message, subject: str, text: str, html: str) -> None:
    """Keep a message as it was sent. For demos alone: it may hold a link to sign in with."""
    words = {"account_id": message.account_id, "subject": subject, "text": text, "html": html}
    KeptLetter.objects.update_or_create(message=message, defaults=words)


def _give_up_without_signup(waiting: QuerySet[Message], *, at: datetime) -> None:
    message = waiting.filter(kind=MessageKind.SIGNUP).first()
    if message is not None and find_signup(UUID(message.about["signup_id"])) is None:
        waiting.update(given_up_at=at, last_error="The sign-up is over: opened, or forgotten.")


def _to_send(message_id: UUID) -> QuerySet[Message]:
    return Message.objects.filter(pk=message_id, sent_at__isnull=True, given_up_at__isnull=True)
