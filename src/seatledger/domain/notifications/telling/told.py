"""One recipient of what happened."""

from dataclasses import dataclass, field

from seatledger.domain.notifications.models import MessageKind
from seatledger.domain.people.models import User


@dataclass(frozen=True)
class Told:
    """Somebody who is to be told something.

    `cause` says what about, so that nobody is told it twice; empty, it is the event itself. `about` holds ids.
    """

    kind: MessageKind
    recipient: str
    user: User | None = None
    about: dict[str, str] = field(default_factory=dict)
    cause: str = ""
