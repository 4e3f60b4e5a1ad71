"""Who is told that an account's licences were changed by somebody outside it."""

from collections.abc import Iterator
from typing import Final

from seatledger.domain.events.models import ActorKind, Event
from seatledger.domain.notifications.models import MessageKind, Topic
from seatledger.domain.notifications.telling.readers import tell_readers
from seatledger.domain.notifications.telling.told import Told

_OUTSIDE: Final = {ActorKind.STAFF.value, ActorKind.PROVIDER.value}


def tell_of_change(event: Event) -> Iterator[Told]:
    """Tell what the vendor's staff or the provider changed; all that was changed at one instant is one message."""
    if event.actor_kind not in _OUTSIDE or event.account.opened_at == event.at:
        return
    instant = event.at.isoformat()
    yield from tell_readers(
        event.account_id,
        Topic.LICENCES,
        MessageKind.LICENCES_CHANGED,
        about={"at": instant},
        cause=f"licences:{event.account_id}:{instant}",
    )
