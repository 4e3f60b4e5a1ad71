"""What gateways tell us: signed, small, stored once, and answered before anything is done about it."""

from typing import Final

import structlog
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from seatledger.domain.events.actions import Actor
from seatledger.domain.payments.actions.notices import Envelope, take_in_notice
from seatledger.domain.payments.gateways.interface import ForgedNotice
from seatledger.domain.payments.gateways.registry import NoGateway
from seatledger.faces.gateways.access import public

MOST_BYTES: Final = 64 * 1024

log = structlog.get_logger(__name__)


@public(
    "What is not signed by the gateway is refused, and what is signed is looked up before it is believed."
)
@csrf_exempt
@require_POST
def take_in(request: HttpRequest, gateway: str) -> HttpResponse:
    """Store a notice, once, and answer. 404: no such gateway here; 413: too large; 400: not signed by it."""
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        return HttpResponse("Too large.", status=413, content_type="text/plain")
    try:
        envelope = Envelope(gateway, request.body, request.headers)
    except RawPostDataException:
        return HttpResponse("Send it as application/json.", status=400, content_type="text/plain")
    try:
        take_in_notice(envelope=envelope, at=timezone.now(), by=Actor.system())
    except NoGateway:
        return HttpResponse("There is no such gateway.", status=404, content_type="text/plain")
    except ForgedNotice as refusal:
        log.warning("notice_refused", gateway=gateway)
        return HttpResponse(str(refusal), status=400, content_type="text/plain")
    return HttpResponse(status=204)
