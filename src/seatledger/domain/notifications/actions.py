"""Write messages, and keep what happens to each while it is sent."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from seatledger.domain.events.actions import Happening, deliver
from seatledger.domain.events.models import Event
from seatledger.domain.licences.actions.requests import LicencesRequested
from seatledger.domain.notifications.models import Message, MessageKind
from seatledger.domain.people.actions import UserInvited
from seatledger.domain.people.models import User
from seatledger.domain.subscriptions.happenings import DomainAsked
from seatledger.domain.subscriptions.models import EmailDomain
from seatledger.domain.subscriptions.queries import find_account_to_join
from seatledger.shared.errors import Unreachable

# Longer than a mail server may take to answer (EMAIL_TIMEOUT, for each of its few answers).
CLAIM_LASTS = timedelta(minutes=2)


class InHand(Unreachable):
    """Another job is sending this message, or died over it. Look again later."""


@dataclass(frozen=True)
class _Told:
    """One recipient of an event."""

    kind: MessageKind
    recipient: str
    user: User | None = None
    about: dict[str, str] = field(default_factory=dict)


def _tell_invited(event: Event) -> list[_Told]:
    user = User.objects.get(pk=event.payload["user_id"])
    return [_Told(MessageKind.WELCOME, user.email, user)] if user.is_active else []


def _tell_vendor(event: Event) -> list[_Told]:
    about = {"request_id": event.payload["request_id"]}
    return [_Told(MessageKind.LICENCES_REQUESTED, settings.SEATLEDGER_VENDOR_EMAIL, about=about)]


def _tell_domain(event: Event) -> list[_Told]:
    domain = EmailDomain.objects.filter(pk=event.payload["domain_id"], verified_at__isnull=True).first()
    if domain is None:
        return []
    about = {"domain_id": str(domain.pk)}
    return [_Told(MessageKind.DOMAIN_CODE, f"{domain.mailbox}@{domain.domain}", about=about)]


_TELLERS: dict[type[Happening], Callable[[Event], list[_Told]]] = {
    UserInvited: _tell_invited,
    LicencesRequested: _tell_vendor,
    DomainAsked: _tell_domain,
}
_TELLER_OF = {happening.kind(): teller for happening, teller in _TELLERS.items()}


def subscribe() -> None:
    """Have the events that someone is told about delivered. Called once, while the process starts."""
    deliver(*_TELLERS)


def write_messages(*, event_id: int, at: datetime) -> list[Message]:
    """Write what an event gives reason to tell; returns its messages that are not sent yet.

    A second time it finds those of the first.
    """
    event = Event.objects.get(pk=event_id)
    cause = f"event:{event.pk}"
    told = _TELLER_OF[event.kind](event)
    Message.objects.bulk_create(
        [
            Message(
                account_id=event.account_id,
                kind=one.kind,
                cause=cause,
                recipient=one.recipient,
                user=one.user,
                about=one.about,
                queued_at=at,
            )
            for one in told
        ],
        ignore_conflicts=True,
    )
    return list(Message.objects.filter(cause=cause, sent_at__isnull=True))


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


def claim_message(*, message_id: UUID, at: datetime) -> Message | None:
    """Take a message in hand, so that no other job sends it meanwhile, and return it.

    Returns None when there is nothing to send any more: it is sent, or its reader was deactivated or deleted.
    Raises InHand while another job has it.
    """
    waiting = Message.objects.filter(pk=message_id, sent_at__isnull=True)
    if not waiting.filter(Q(user__isnull=True) | Q(user__is_active=True)).exists():
        return None
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=at - CLAIM_LASTS)
    if not waiting.filter(free).update(claimed_at=at):
        if waiting.exists():
            raise InHand("Another job is sending this message.")
        return None
    return Message.objects.select_related("account", "user").get(pk=message_id)


def give_back_message(*, message: Message) -> None:
    """Let a message be claimed again: it could not be sent."""
    Message.objects.filter(pk=message.pk, sent_at__isnull=True).update(claimed_at=None)


def mark_sent(*, message: Message, at: datetime) -> None:
    """Note that the mail server has taken a message."""
    Message.objects.filter(pk=message.pk).update(sent_at=at, recipient=message.recipient)
