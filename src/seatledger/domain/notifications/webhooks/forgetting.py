"""Forget what was delivered or given up long ago."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from seatledger.domain.notifications.models import WebhookDelivery, WebhookEndpoint
from seatledger.domain.notifications.webhooks.schedule import KEPT_FOR

BATCH = 1_000


def forget_old_deliveries(*, at: datetime) -> int:
    """Forget the deliveries that were settled a month ago, and removed endpoints that have none; returns how many."""
    before, forgotten = at - KEPT_FOR, 0
    settled = WebhookDelivery.objects.filter(Q(delivered_at__lt=before) | Q(given_up_at__lt=before))
    while some := list(settled.values_list("pk", flat=True)[:BATCH]):
        WebhookDelivery.objects.filter(pk__in=some).delete()
        forgotten += len(some)
    has_any = Exists(WebhookDelivery.objects.filter(endpoint=OuterRef("pk")))
    WebhookEndpoint.objects.filter(~has_any, removed_at__isnull=False).delete()
    return forgotten
