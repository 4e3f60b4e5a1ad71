"""What the events of this room say."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from seatledger.domain.events.actions import Happening


@dataclass(frozen=True)
class SubscriptionStarted(Happening):
    subscription_id: UUID
    plan: str
    version: int
    interval: str
    sold_by: str
    free_until: date | None


@dataclass(frozen=True)
class ChangeAgreed(Happening):
    """A change of a subscription was asked for: `what` is its kind, the rest what it says."""

    subscription_id: UUID
    change_id: UUID
    what: str
    takes_effect: str
    effective_at: datetime
    plan: str = ""
    interval: str = ""
    licence_type: str = ""
    quantity: int | None = None


@dataclass(frozen=True)
class ChangeApplied(Happening):
    subscription_id: UUID
    change_id: UUID
    what: str


@dataclass(frozen=True)
class ChangeWithdrawn(Happening):
    subscription_id: UUID
    change_id: UUID
    what: str
