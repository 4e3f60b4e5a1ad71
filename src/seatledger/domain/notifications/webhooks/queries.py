"""Questions about endpoints and deliveries. An account of None means the vendor's own endpoints."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery

from seatledger.domain.accounts.models import Account
from seatledger.domain.notifications.models import (
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookSecret,
)
from seatledger.shared.errors import NotFound

MOST_COUNTED = 1_000

DeliveryKey = tuple[datetime, UUID]


@dataclass(frozen=True)
class Waiting:
    """How many deliveries wait for an endpoint. Beyond `MOST_COUNTED` it is not counted on."""

    number: int

    most: ClassVar[int] = MOST_COUNTED

    @property
    def is_more(self) -> bool:
        return self.number > MOST_COUNTED


def list_endpoints(account: Account | None) -> list[WebhookEndpoint]:
    """Return the endpoints by address."""
    return list(WebhookEndpoint.objects.filter(account=account, removed_at__isnull=True).order_by("url"))


def get_endpoint(account: Account | None, endpoint_id: UUID) -> WebhookEndpoint:
    """Return an endpoint. Raises NotFound for another account's, as for none."""
    try:
        return WebhookEndpoint.objects.get(account=account, pk=endpoint_id, removed_at__isnull=True)
    except WebhookEndpoint.DoesNotExist:
        raise NotFound("webhook") from None


def count_waiting(account: Account | None, endpoint: WebhookEndpoint) -> Waiting:
    """Count what waits for an endpoint, as far as anybody wants to know."""
    waiting = WebhookDelivery.objects.filter(account=account, endpoint=endpoint, next_at__isnull=False)
    return Waiting(waiting[: MOST_COUNTED + 1].count())


def find_old_secret(account: Account | None, endpoint: WebhookEndpoint, at: datetime) -> WebhookSecret | None:
    """Return the secret that signs longest beside the newest one."""
    old = WebhookSecret.objects.filter(account=account, endpoint=endpoint, ends_at__gt=at)
    return old.order_by("-ends_at").first()


def list_deliveries(
    account: Account | None, endpoint: WebhookEndpoint, *, after: DeliveryKey | None = None, limit: int = 50
) -> list[WebhookDelivery]:
    """Return an endpoint's deliveries, the newest first, each with the status of its last answer (`last_status`)."""
    found = WebhookDelivery.objects.filter(account=account, endpoint=endpoint)
    if after:
        queued_at, delivery_id = after
        found = found.filter(queued_at__lte=queued_at).filter(
            Q(queued_at__lt=queued_at) | Q(queued_at=queued_at, id__lt=delivery_id)
        )
    last = WebhookAttempt.objects.filter(delivery=OuterRef("pk")).order_by("-id")
    return list(
        found.annotate(last_status=Subquery(last.values("status")[:1])).order_by("-queued_at", "-id")[:limit]
    )


def get_delivery(account: Account | None, delivery_id: UUID) -> WebhookDelivery:
    """Return a delivery with its endpoint. Raises NotFound for another account's, as for none."""
    known = WebhookDelivery.objects.select_related("endpoint", "event")
    try:
        return known.get(account=account, pk=delivery_id, endpoint__removed_at__isnull=True)
    except WebhookDelivery.DoesNotExist:
        raise NotFound("delivery") from None


def list_attempts(account: Account | None, delivery: WebhookDelivery) -> list[WebhookAttempt]:
    """Return what came of a delivery each time it was sent, the last first."""
    return list(WebhookAttempt.objects.filter(account=account, delivery=delivery).order_by("-id"))
