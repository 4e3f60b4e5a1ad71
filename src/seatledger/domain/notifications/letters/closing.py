"""What letters about the end of an account speak of: its days, as they stood when the message was written."""

from datetime import date
from typing import Final

from django.urls import reverse

from seatledger.domain.notifications.letters.content import Content, Reader, address_of
from seatledger.domain.people.models import User

_DAYS: Final = ("closes_on", "erased_by")


def dated(reader: Reader) -> Content:
    """Return the days on which it takes effect and by which the data is gone."""
    return Content({"serial_number": reader.account.serial_number, **_days(reader)})


def requested(reader: Reader) -> Content:
    """Return who asks for the end of an account; the vendor can answer."""
    user_id = reader.message.about["user_id"]
    asked_by = User.objects.filter(account=reader.account, pk=user_id).first() if user_id else None
    values: dict[str, object] = {
        "serial_number": reader.account.serial_number,
        "asked_by": asked_by.full_name if asked_by else "",
        "asked_by_email": asked_by.email if asked_by else "",
        "link": address_of(reverse("console:account", args=[reader.account.serial_number])),
        **_days(reader),
    }
    return Content(values, reply_to=[asked_by.email] if asked_by else [])


def _days(reader: Reader) -> dict[str, str]:
    about = reader.message.about
    return {name: reader.figures.day(date.fromisoformat(about[name])) for name in _DAYS if name in about}
