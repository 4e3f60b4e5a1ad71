"""What was sent to whom, over all accounts, for the vendor's staff."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from seatledger.domain.notifications.models import KeptLetter, Message, MessageState
from seatledger.shared.errors import NotFound
from seatledger.shared.text import clean_search

MessageKey = tuple[datetime, UUID]

_IN_STATE = {
    MessageState.WAITING: Q(sent_at__isnull=True, given_up_at__isnull=True),
    MessageState.SENT: Q(sent_at__isnull=False),
    MessageState.GIVEN_UP: Q(given_up_at__isnull=False),
}


@dataclass(frozen=True)
class SentFilter:
    """Which messages a list shows; what is empty leaves a question open."""

    recipient: str = ""
    kind: str = ""
    state: MessageState | None = None


def list_messages_for_operator(
    wanted: SentFilter, *, after: MessageKey | None = None, limit: int
) -> list[Message]:
    """Return messages of all accounts, the newest first, beginning behind the key `after`."""
    rows = Message.objects.select_related("account")
    if text := clean_search(wanted.recipient):
        rows = rows.filter(Q(recipient__icontains=text) | Q(account__name__icontains=text))
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.state:
        rows = rows.filter(_IN_STATE[wanted.state])
    if after:
        at, message_id = after
        # The first condition says nothing new, but the index can begin with it.
        rows = rows.filter(queued_at__lte=at).filter(Q(queued_at__lt=at) | Q(pk__lt=message_id))
    return list(rows.order_by("-queued_at", "-pk")[:limit])


def get_message_for_operator(message_id: UUID) -> Message:
    """Return one message of any account. Raises NotFound."""
    try:
        return Message.objects.select_related("account", "user").get(pk=message_id)
    except Message.DoesNotExist:
        raise NotFound("message") from None


def find_letter_for_operator(message: Message) -> KeptLetter | None:
    """Return a message as it was sent; None where letters are not kept, as outside a demo."""
    return KeptLetter.objects.filter(account=message.account_id, message=message).first()
