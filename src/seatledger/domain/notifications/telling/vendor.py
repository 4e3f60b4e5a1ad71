"""What the vendor is told."""

from collections.abc import Iterator

from django.conf import settings

from seatledger.domain.events.models import Event
from seatledger.domain.notifications.models import MessageKind
from seatledger.domain.notifications.telling.told import Told


def tell_of_request(event: Event) -> Iterator[Told]:
    """Tell the vendor that a customer asks for more licences."""
    about = {"request_id": event.payload["request_id"]}
    yield Told(MessageKind.LICENCES_REQUESTED, settings.SEATLEDGER_VENDOR_EMAIL, about=about)
