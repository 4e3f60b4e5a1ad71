"""Setup for the tests of signing up: a catalogue in which Team can be tried, and somebody who asks."""

from uuid import UUID, uuid4

from seatledger.domain.catalogue.actions import ensure_active_user_type
from seatledger.domain.signups.actions import NewSignup, ask_to_sign_up
from seatledger.domain.signups.models import Signup
from selling import team
from support import AT, SYSTEM

PASSWORD = "correct-horse-battery"  # noqa: S105 -- a test says what is typed
MOSS = {
    "organisation": "Fabrikam GmbH",
    "first_name": "Eve",
    "last_name": "Moss",
    "email": "eve.moss@fabrikam.example",
    "password": PASSWORD,
    "plan": "team",
    "currency": "GBP",
    "time_zone": "Europe/Berlin",
    "locale": "de-DE",
}


def given_offer() -> None:
    """Let Team be on offer, as an applied catalogue leaves it."""
    team()
    ensure_active_user_type()


def given_signup(*, signup_id: UUID | None = None, **said: str) -> Signup:
    """Sign Eve Moss of Fabrikam up, unless told otherwise; the link is not followed yet."""
    given_offer()
    return ask_to_sign_up(signup_id=signup_id or uuid4(), new=NewSignup(**MOSS | said), at=AT, by=SYSTEM)
