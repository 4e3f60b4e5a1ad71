"""Who is told what an event says. One file per subject; `TELLERS` says which events anybody is told of."""

from collections.abc import Callable, Iterable
from typing import Final

from seatledger.domain.events.actions import Happening
from seatledger.domain.events.models import Event
from seatledger.domain.licences.actions.requests import LicencesRequested
from seatledger.domain.notifications.telling import people, vendor
from seatledger.domain.notifications.telling.told import Told
from seatledger.domain.people.actions import UserInvited
from seatledger.domain.subscriptions.happenings import DomainAsked

__all__ = ["TELLERS", "Told", "tell"]

TELLERS: Final[dict[type[Happening], Callable[[Event], Iterable[Told]]]] = {
    UserInvited: people.tell_invited,
    DomainAsked: people.tell_domain,
    LicencesRequested: vendor.tell_of_request,
}
_TELLER_OF: Final = {happening.kind(): teller for happening, teller in TELLERS.items()}


def tell(event: Event) -> list[Told]:
    """Return who is to be told of an event, each once."""
    return list(_TELLER_OF[event.kind](event))
