"""The two links of a sign-up: the letter's, which proves the address, and the page's, which only asks for the letter again."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.core import signing

LINK_LASTS: Final = timedelta(hours=24)
_PROOF: Final = "seatledger.signups.proof"
_PLACE: Final = "seatledger.signups.place"


def proof_of(signup_id: UUID) -> str:
    """Return what stands in the letter's link. It names nobody."""
    return signing.dumps(signup_id.hex, salt=_PROOF)


def read_proof(token: str) -> UUID | None:
    """Return which sign-up the link of a letter confirms; None for one that is not ours, or too old."""
    return _read(token, salt=_PROOF)


def place_of(signup_id: UUID) -> str:
    """Return what stands in the address of the page that waits for the letter. It proves nothing."""
    return signing.dumps(signup_id.hex, salt=_PLACE)


def read_place(token: str) -> UUID | None:
    """Return whose letter the page waits for; None where that is long ago."""
    return _read(token, salt=_PLACE)


def _read(token: str, *, salt: str) -> UUID | None:
    try:
        return UUID(hex=signing.loads(token, salt=salt, max_age=LINK_LASTS))
    except signing.BadSignature:
        return None
