"""Write messages: what an event gives reason to tell, and what somebody asked for at the sign-in pages."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from seatledger.domain.events.actions import deliver
from seatledger.domain.events.models import Event
from seatledger.domain.invoices.actions.files import FilesMade
from seatledger.domain.licences.actions.requests import LicencesRequested
from seatledger.domain.notifications.models import Message, MessageKind
from seatledger.domain.notifications.telling import TELLERS, Told, tell
from seatledger.domain.payments.happenings import QuotationAccepted, QuotationDeclined, QuotationSent
from seatledger.domain.people.actions import UserInvited
from seatledger.domain.people.models import User
from seatledger.domain.subscriptions.happenings import DomainAsked
from seatledger.domain.subscriptions.queries import find_account_to_join

# What happened longer ago, as in an import, is no news any more. Invitations, requests and documents wait for however long
# nobody was there to send them; a document has a limit of its own.
NEWS_LASTS: Final = timedelta(days=7)
_WAITS: Final = {
    what.kind()
    for what in (
        UserInvited,
        DomainAsked,
        LicencesRequested,
        FilesMade,
        QuotationSent,
        QuotationAccepted,
        QuotationDeclined,
    )
}


def subscribe() -> None:
    """Have the events that someone is told about delivered. Called once, while the process starts."""
    deliver(*TELLERS)


def write_messages(*, event_id: int, at: datetime) -> list[Message]:
    """Write what an event gives reason to tell; returns its messages that are still to be sent.

    A second time it finds those of the first. An event that is gone, for its account was erased or went to another
    region, gives no reason any more.
    """
    event = Event.objects.filter(pk=event_id).first()
    if event is None:
        return []
    is_news = event.kind in _WAITS or at - event.at <= NEWS_LASTS
    told = tell(event) if is_news else []
    store(told, account_id=event.account_id, cause=f"event:{event.pk}", at=at)
    causes = {one.cause or f"event:{event.pk}" for one in told}
    return list(Message.objects.filter(cause__in=causes, sent_at__isnull=True, given_up_at__isnull=True))


def store(told: Iterable[Told], *, account_id: UUID, cause: str, at: datetime) -> None:
    """Store a message for each recipient who has not been told the same thing."""
    Message.objects.bulk_create(
        [
            Message(
                account_id=account_id,
                kind=one.kind,
                cause=one.cause or cause,
                recipient=one.recipient,
                user=one.user,
                about=one.about,
                queued_at=at,
            )
            for one in told
        ],
        ignore_conflicts=True,
    )


def write_password_reset(*, email: str, request_id: UUID, at: datetime) -> Message | None:
    """Write the message with a link to choose a new password, for an active user with this address.

    Returns None for anybody else, and when this request's message is sent already.
    """
    user = User.objects.find_by_email(email)
    if user is None or not user.is_active:
        return None
    message, _ = Message.objects.get_or_create(
        cause=f"password-reset:{request_id}",
        recipient=user.email,
        defaults={
            "account_id": user.account_id,
            "kind": MessageKind.PASSWORD_RESET,
            "user": user,
            "queued_at": at,
        },
    )
    return None if message.sent_at else message


def write_joining(*, email: str, request_id: UUID, at: datetime) -> Message | None:
    """Write the message with a link to join the organisation that has proved the address's domain.

    Who is an active user already is sent a link to choose a password instead. Returns None where there is nothing to
    join, and when this request's message is sent already.
    """
    if User.objects.find_by_email(email) is not None:
        return write_password_reset(email=email, request_id=request_id, at=at)
    account_id = find_account_to_join(email)
    if account_id is None:
        return None
    message, _ = Message.objects.get_or_create(
        cause=f"joining:{request_id}",
        recipient=email,
        defaults={"account_id": account_id, "kind": MessageKind.JOINING, "queued_at": at},
    )
    return None if message.sent_at else message
