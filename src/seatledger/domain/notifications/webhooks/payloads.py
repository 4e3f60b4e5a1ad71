"""What is sent: the event as JSON, and the headers that prove who sends it. Source: Standard Webhooks 1.0."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from standardwebhooks import Webhook

from seatledger import __version__
from seatledger.domain.events.models import Event
from seatledger.domain.notifications.models import WebhookDelivery, WebhookEndpoint
from seatledger.domain.notifications.webhooks.event_types import TEST, EventType


def body_of(event: Event, event_type: EventType, *, serial_number: str) -> str:
    """Return what is sent of an event: ids and facts, as the event itself holds no person's data."""
    return _in_json(
        event_type.name,
        event.at,
        {
            "account_id": str(event.account_id),
            "serial_number": serial_number,
            "object": event_type.about,
            "object_id": str(event.payload[event_type.id_in] if event_type.id_in else event.account_id),
            "sequence": event.sequence,
            "actor": {"kind": event.actor_kind, "id": _text_of(event.actor_id)},
            "facts": event.payload,
        },
    )


def body_of_test(endpoint: WebhookEndpoint, *, number: int, at: datetime) -> str:
    """Return what is sent when somebody presses Test for the `number`-th time."""
    data: dict[str, object] = {
        "account_id": _text_of(endpoint.account_id),
        "object": "webhook_endpoint",
        "object_id": str(endpoint.pk),
        "sequence": number,
        "facts": {},
    }
    return _in_json(TEST, at, data)


def message_id_of(delivery: WebhookDelivery) -> str:
    """Return the `webhook-id`: the same each time the delivery is sent, so that a receiver knows it again."""
    return f"msg_{delivery.pk.hex}"


def headers_of(delivery: WebhookDelivery, secrets: Iterable[str], *, at: datetime) -> dict[str, str]:
    """Return the headers of an attempt at this instant, with a signature by each of the secrets."""
    message_id = message_id_of(delivery)
    seconds = at.astimezone(UTC)
    signatures = [Webhook(secret).sign(message_id, seconds, delivery.body) for secret in secrets]
    return {
        "Content-Type": "application/json",
        "User-Agent": f"Seatledger/{__version__} (webhooks)",
        "Connection": "close",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(seconds.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _in_json(name: str, at: datetime, data: dict[str, object]) -> str:
    instant = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return json.dumps({"type": name, "timestamp": instant, "data": data}, separators=(",", ":"))


def _text_of(known: UUID | None) -> str | None:
    return str(known) if known else None
