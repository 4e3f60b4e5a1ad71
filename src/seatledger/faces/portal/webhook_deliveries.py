"""Account > Settings > Webhooks: one delivery, with what was sent and every answer."""

import json
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from seatledger.domain.notifications.webhooks.actions import redeliver
from seatledger.domain.notifications.webhooks.payloads import message_id_of
from seatledger.domain.notifications.webhooks.queries import get_delivery, list_attempts
from seatledger.domain.people.permissions import Permission
from seatledger.faces.portal.access import PortalRequest, private
from seatledger.faces.portal.webhooks import start_sending

LOOK_AGAIN_S = 3


@private(Permission.WEBHOOKS_MANAGE)
@require_GET
def show_webhook_delivery(request: PortalRequest, delivery_id: UUID) -> HttpResponse:
    """Show a delivery. One that has not been tried yet is about to be: the page looks again by itself."""
    delivery = get_delivery(request.account, delivery_id)
    attempts = list_attempts(request.account, delivery)
    context = {
        "delivery": delivery,
        "endpoint": delivery.endpoint,
        "attempts": attempts,
        "message_id": message_id_of(delivery),
        "body": json.dumps(json.loads(delivery.body), indent=2, ensure_ascii=False),
    }
    answer = render(request, "portal/webhook_delivery.html", context)
    if delivery.state == "waiting" and delivery.endpoint.state == "active":
        answer["Refresh"] = str(LOOK_AGAIN_S)
    return answer


@private(Permission.WEBHOOKS_MANAGE)
@require_POST
def redeliver_webhook(request: PortalRequest, delivery_id: UUID) -> HttpResponse:
    """Send a delivery again."""
    delivery = get_delivery(request.account, delivery_id)
    redeliver(delivery=delivery, at=timezone.now(), by=request.actor)
    start_sending(delivery.endpoint)
    messages.success(request, "It is sent again, under the same webhook-id.")
    return redirect("portal:webhook_delivery", delivery_id)
