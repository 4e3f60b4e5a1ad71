"""What the events about webhooks themselves say."""

from dataclasses import dataclass
from uuid import UUID

from seatledger.domain.events.actions import Happening


@dataclass(frozen=True)
class WebhookEndpointAdded(Happening):
    endpoint_id: UUID


@dataclass(frozen=True)
class WebhookEndpointChanged(Happening):
    endpoint_id: UUID
    fields: tuple[str, ...]


@dataclass(frozen=True)
class WebhookSecretRotated(Happening):
    endpoint_id: UUID


@dataclass(frozen=True)
class WebhookEndpointDisabled(Happening):
    endpoint_id: UUID
    because: str


@dataclass(frozen=True)
class WebhookEndpointEnabled(Happening):
    endpoint_id: UUID


@dataclass(frozen=True)
class WebhookEndpointRemoved(Happening):
    endpoint_id: UUID
