"""What letters to the vendor speak of."""

from django.urls import reverse

from seatledger.domain.licences.models import LicenceRequest
from seatledger.domain.licences.queries.names import name_type
from seatledger.domain.notifications.letters.content import Content, Reader, address_of


def licences_requested(reader: Reader) -> Content:
    """Return what a customer asks for; the vendor can answer whoever asked."""
    request = LicenceRequest.objects.select_related("licence_type__product", "asked_by").get(
        account=reader.account, pk=reader.message.about["request_id"]
    )
    asked_by = request.asked_by
    values = {
        "serial_number": reader.account.serial_number,
        "licence": name_type(reader.account, request.licence_type),
        "number": request.number,
        "asked_at": reader.figures.instant(request.asked_at),
        "asked_by": asked_by.full_name if asked_by else "",
        "asked_by_email": asked_by.email if asked_by else "",
        "note": request.note,
        "link": address_of(reverse("console:account", args=[reader.account.serial_number])),
    }
    return Content(values, reply_to=[asked_by.email] if asked_by else [])
