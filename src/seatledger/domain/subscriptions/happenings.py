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


@dataclass(frozen=True)
class DomainAsked(Happening):
    """A code is to be sent to the domain, to prove that it is the account's."""

    domain_id: UUID


@dataclass(frozen=True)
class DomainVerified(Happening):
    domain_id: UUID


@dataclass(frozen=True)
class DomainRemoved(Happening):
    domain_id: UUID


@dataclass(frozen=True)
class UserJoined(Happening):
    """Somebody with an address in a domain of the account became its user."""

    user_id: UUID
    domain_id: UUID
    licence_added: bool
