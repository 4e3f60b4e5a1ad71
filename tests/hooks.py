"""Webhooks in tests: endpoints, and what is sent to them by the real worker."""

from datetime import timedelta

from django.utils import timezone

from delivery import do_the_jobs
from seatledger.domain.accounts.models import Account
from seatledger.domain.notifications.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from seatledger.domain.notifications.webhooks.actions import EndpointDetails, add_endpoint, send_test
from support import AT, STAFF


def given_endpoint(account: Account | None, url: str, *event_types: str) -> tuple[WebhookEndpoint, str]:
    """Have an address told of these events, or of all; returns the endpoint and its secret."""
    return add_endpoint(account=account, details=EndpointDetails(url, "", event_types), at=AT, by=STAFF)


def make_due(endpoint: WebhookEndpoint) -> None:
    """Let the time pass that an endpoint and its deliveries wait for."""
    long_ago = timezone.now() - timedelta(seconds=1)
    WebhookEndpoint.objects.filter(pk=endpoint.pk, probe_at__isnull=False).update(probe_at=long_ago)
    WebhookDelivery.objects.filter(endpoint=endpoint, next_at__isnull=False).update(next_at=long_ago)


def send_all() -> None:
    """Do the jobs of webhooks that are queued now."""
    do_the_jobs("webhooks")


def given_rows_of_webhooks(account: Account) -> None:
    """Give an account a row in every table of webhooks."""
    endpoint, _ = given_endpoint(account, "http://127.0.0.1:9/hooks")
    delivery = send_test(endpoint=endpoint, at=AT, by=STAFF)
    WebhookAttempt.objects.create(account=account, delivery=delivery, at=AT, took_ms=5, status=204)
