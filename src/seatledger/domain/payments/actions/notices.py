"""What gateways tell of their own accord: taken in once, and applied by looking up what it speaks of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from seatledger.domain.events.actions import Actor, queue_job
from seatledger.domain.payments.gateways.interface import About
from seatledger.domain.payments.gateways.registry import gateway_named
from seatledger.domain.payments.models import GatewayNotice

# Said in SQL because the web may add a notice and read none, not even the one it has just added.
_TAKE_IN = """
INSERT INTO payments_gatewaynotice (gateway, event_id, about, reference, received_at)
VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True)
class Envelope:
    """A webhook as it came in."""

    gateway: str
    body: bytes
    headers: Mapping[str, str]


@transaction.atomic
def take_in_notice(*, envelope: Envelope, at: datetime, by: Actor) -> bool:
    """Store what a gateway tells, and queue its being applied; False when it was told before or is of no interest.

    Raises NoGateway and ForgedNotice.
    """
    del by  # nothing has happened yet: what is told is not believed, but looked up
    notice = gateway_named(envelope.gateway).read_notice(envelope.body, envelope.headers)
    if notice.about is About.NOTHING:
        return False
    row = (envelope.gateway, notice.event_id, notice.about.value, notice.reference, at)
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_IN, row)
        is_new = bool(cursor.rowcount)
    if is_new:
        queue_job("apply_notices", queue="payments", timestamp=0)
    return is_new


@transaction.atomic
def mark_applied(*, notice: GatewayNotice, at: datetime, by: Actor) -> None:
    """Note that what a notice speaks of was looked up."""
    del by
    GatewayNotice.objects.filter(pk=notice.pk, applied_at__isnull=True).update(applied_at=at)
