"""From events to deliveries: who is told of an event, once each, thousands in one statement."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import relay
from seatledger.domain.events.models import Event
from seatledger.domain.events.relays import Relay
from seatledger.domain.notifications.models import WebhookDelivery, WebhookEndpoint
from seatledger.domain.notifications.webhooks.event_types import PUBLIC_KINDS, EventType, find_event_type
from seatledger.domain.notifications.webhooks.payloads import body_of
from seatledger.shared.arrays import uuid_array

JOB = "spread_events"
QUEUE = "webhooks"


def listen() -> None:
    """Have public events of accounts that are listened to queued for `spread_events`. Called as the process starts."""
    relay(Relay(JOB, QUEUE, PUBLIC_KINDS, find_accounts_listened_to))


def find_accounts_listened_to(account_ids: Collection[UUID]) -> set[UUID]:
    """Return those of the accounts whose events some endpoint is told, the vendor's own among them.

    The database answers for rows that a request may not see: it tells whether there is an endpoint, and no more.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT webhooks_listened_to(%s::uuid[])", [uuid_array(set(account_ids))])
        return {account_id for (account_id,) in cursor.fetchall()}


def write_deliveries(*, event_ids: Sequence[int], at: datetime) -> list[UUID]:
    """Write a delivery of each event for each endpoint that asked for it; returns the endpoints that have to do.

    A second time it writes nothing, and finds the same endpoints.
    """
    events = list(Event.objects.filter(pk__in=event_ids).order_by("pk"))
    endpoints = _endpoints_for({event.account_id for event in events})
    serials = dict(
        Account.objects.filter(pk__in={event.account_id for event in events}).values_list(
            "pk", "serial_number"
        )
    )
    deliveries = []
    for event in events:
        event_type = find_event_type(event.kind, event.payload)
        told = [each for each in endpoints if event_type and _is_told(each, event, event_type)]
        if event_type and told:
            body = body_of(event, event_type, serial_number=serials[event.account_id])
            deliveries += [_delivery(endpoint, event, event_type, body, at) for endpoint in told]
    WebhookDelivery.objects.bulk_create(deliveries, ignore_conflicts=True, batch_size=1000)
    return list(dict.fromkeys(delivery.endpoint_id for delivery in deliveries))


def _endpoints_for(account_ids: Collection[UUID]) -> list[WebhookEndpoint]:
    active = WebhookEndpoint.objects.filter(disabled_at__isnull=True, removed_at__isnull=True)
    return [*active.filter(account__in=account_ids), *active.filter(account__isnull=True)]


def _is_told(endpoint: WebhookEndpoint, event: Event, event_type: EventType) -> bool:
    if endpoint.account_id is not None and (event_type.for_vendor or endpoint.account_id != event.account_id):
        return False
    if endpoint.event_types and event_type.name not in endpoint.event_types:
        return False
    # What it was told of before it was there, it is not told afterwards: a job may come late.
    return event.recorded_at >= endpoint.added_at


def _delivery(
    endpoint: WebhookEndpoint, event: Event, event_type: EventType, body: str, at: datetime
) -> WebhookDelivery:
    return WebhookDelivery(
        account_id=endpoint.account_id,
        endpoint=endpoint,
        event=event,
        event_type=event_type.name,
        body=body,
        queued_at=at,
        asked_at=at,
        next_at=at,
    )
