"""Where somebody is sent who signs in and whose account is not here, or soon will not be. The pages ask; no account is known yet."""

from datetime import datetime
from uuid import UUID

from django.conf import settings

from seatledger.domain.moves.marks import marks_of
from seatledger.domain.moves.models import UNDER_WAY, Direction, Forwarding, Move


def find_region_of(account_id: UUID) -> str | None:
    """Return the region an account is on its way to, or has gone to; None when it stays."""
    move = Move.objects.filter(about_id=account_id, state__in=UNDER_WAY).first()
    if move is None:
        return None
    return move.region if move.direction == Direction.OUT else str(settings.SEATLEDGER_REGION)


def find_forwarding(email: str, *, at: datetime) -> str | None:
    """Return the region in which somebody signs in who did so here until his account moved."""
    found = Forwarding.objects.filter(address_mark__in=marks_of(email), until__gt=at).first()
    return found.region if found else None
