"""What letters about quotations speak of."""

from django.urls import reverse

from seatledger.domain.notifications.letters.content import Content, Reader, address_of
from seatledger.domain.payments.models import Quotation
from seatledger.engine.money import Money


def quotation_sent(reader: Reader) -> Content:
    """Return what is offered, until when, and what it would have cost on the day it was sent."""
    quotation, figures = _quotation(reader), reader.figures
    following = quotation.following_minor
    values = {
        **_words(quotation, reader),
        "valid_until": figures.day(quotation.valid_until),
        "sent_on": figures.day(quotation.sent_at.astimezone(figures.zone).date()),
        "following": "" if following is None else figures.money(Money(following, quotation.currency)),
        "following_on": figures.day(quotation.following_on) if quotation.following_on else "",
        "note": quotation.note,
    }
    return Content(values)


def quotation_withdrawn(reader: Reader) -> Content:
    """Return what is offered no longer, and whether a request waits again for it."""
    quotation = _quotation(reader)
    return Content({**_words(quotation, reader), "was_asked_for": quotation.request_id is not None})


def quotation_answered(reader: Reader) -> Content:
    """Return what became of a quotation, and who said so; the vendor can answer him."""
    quotation = _quotation(reader)
    user = quotation.answered_by
    values = {
        **_words(quotation, reader),
        "serial_number": reader.account.serial_number,
        "answered_by": user.full_name if user else "",
        "answered_by_email": user.email if user else "",
        "answered_at": reader.figures.instant(quotation.ended_at) if quotation.ended_at else "",
        "reference": quotation.document.issue.reference if quotation.document else "",
        "note": quotation.answer,
    }
    return Content(values, reply_to=[user.email] if user else [])


def _quotation(reader: Reader) -> Quotation:
    rows = Quotation.objects.select_related("answered_by", "document__issue").prefetch_related("lines")
    return rows.get(account=reader.account, pk=reader.message.about["quotation_id"])


def _words(quotation: Quotation, reader: Reader) -> dict[str, object]:
    return {
        "number": quotation.number,
        "lines": [
            {"name": line.name, "number": reader.figures.number(line.number)}
            for line in quotation.lines.all()
        ],
        "now": reader.figures.money(Money(quotation.now_minor, quotation.currency)),
        "link": address_of(reverse("portal:quotation", args=[quotation.pk])),
    }
