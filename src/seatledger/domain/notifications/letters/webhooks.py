"""What letters about webhooks speak of."""

from urllib.parse import urlsplit

from django.urls import reverse

from seatledger.domain.notifications.letters.content import Content, Reader, address_of
from seatledger.domain.notifications.models import WebhookEndpoint, WhyDisabled


def webhook_disabled(reader: Reader) -> Content:
    """Return which endpoint is told no more, and why. Its address may hold a secret, so only the host is named."""
    about = reader.message.about
    endpoint = WebhookEndpoint.objects.get(account=reader.account, pk=about["endpoint_id"])
    return Content(
        {
            "host": urlsplit(endpoint.url).hostname or "",
            "description": endpoint.description,
            "gone": about["because"] == WhyDisabled.GONE,
            "link": address_of(reverse("portal:webhook", args=[endpoint.pk])),
        }
    )
