"""Who is told that a program is not told any more."""

from collections.abc import Iterator

from seatledger.domain.events.models import Event
from seatledger.domain.notifications.models import MessageKind, Topic, WhyDisabled
from seatledger.domain.notifications.telling.readers import tell_readers
from seatledger.domain.notifications.telling.told import Told


def tell_of_endpoint(event: Event) -> Iterator[Told]:
    """Tell that an endpoint was switched off because of its receiver; who does it by hand knows."""
    because = event.payload["because"]
    if because != WhyDisabled.BY_HAND:
        about = {"endpoint_id": event.payload["endpoint_id"], "because": because}
        yield from tell_readers(event.account_id, Topic.ACCOUNT, MessageKind.WEBHOOK_DISABLED, about=about)
