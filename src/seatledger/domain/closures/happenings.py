"""What happens on the way to the end of an account, as the record keeps it: ids and instants."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from seatledger.domain.events.actions import Happening


@dataclass(frozen=True)
class ClosureRequested(Happening):
    closure_id: UUID
    takes_effect_at: datetime


@dataclass(frozen=True)
class ClosureScheduled(Happening):
    closure_id: UUID
    takes_effect_at: datetime


@dataclass(frozen=True)
class ClosureBroughtForward(Happening):
    closure_id: UUID
    takes_effect_at: datetime


@dataclass(frozen=True)
class ClosureWithdrawn(Happening):
    closure_id: UUID


@dataclass(frozen=True)
class ClosureAnnounced(Happening):
    """Everybody concerned is told that the closing is about to begin."""

    closure_id: UUID
    takes_effect_at: datetime


@dataclass(frozen=True)
class AccountClosed(Happening):
    closure_id: UUID
    erase_by: datetime
