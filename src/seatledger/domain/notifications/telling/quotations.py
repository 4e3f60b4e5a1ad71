"""Who is told of quotations: whoever asked and whom billing is told, then the vendor."""

from collections.abc import Iterator

from django.conf import settings

from seatledger.domain.events.models import Event
from seatledger.domain.notifications.models import Message, MessageKind, Topic
from seatledger.domain.notifications.telling.readers import tell_readers
from seatledger.domain.notifications.telling.told import Told
from seatledger.domain.payments.models import Quotation, QuotationState


def tell_of_quotation(event: Event) -> Iterator[Told]:
    """Send a quotation that still waits to whom billing is told, and to whoever asked for it."""
    quotation = _quotation_of(event)
    if quotation.state == QuotationState.SENT:
        yield from _to_customer(quotation, MessageKind.QUOTATION_SENT)


def tell_of_withdrawal(event: Event) -> Iterator[Told]:
    """Tell that a quotation is offered no longer, if somebody was told of it."""
    quotation = _quotation_of(event)
    told = Message.objects.filter(account=event.account_id, kind=MessageKind.QUOTATION_SENT)
    if told.filter(about__quotation_id=str(quotation.pk)).exists():
        yield from _to_customer(quotation, MessageKind.QUOTATION_WITHDRAWN)


def tell_of_acceptance(event: Event) -> Iterator[Told]:
    """Tell the vendor that a quotation was accepted. The customer gets its invoice."""
    yield _to_vendor(event, MessageKind.QUOTATION_ACCEPTED)


def tell_of_decline(event: Event) -> Iterator[Told]:
    """Tell the vendor that a quotation was declined."""
    yield _to_vendor(event, MessageKind.QUOTATION_DECLINED)


def _quotation_of(event: Event) -> Quotation:
    rows = Quotation.objects.filter(account=event.account_id).select_related("request__asked_by")
    return rows.get(pk=event.payload["quotation_id"])


def _to_customer(quotation: Quotation, kind: MessageKind) -> Iterator[Told]:
    about, seen = {"quotation_id": str(quotation.pk)}, set()
    for told in tell_readers(quotation.account_id, Topic.BILLING, kind, about=about):
        seen.add(told.user)
        yield told
    asked_by = quotation.request.asked_by if quotation.request else None
    if asked_by and asked_by.is_active and asked_by not in seen:
        yield Told(kind, asked_by.email, asked_by, about)


def _to_vendor(event: Event, kind: MessageKind) -> Told:
    about = {"quotation_id": event.payload["quotation_id"]}
    return Told(kind, settings.SEATLEDGER_VENDOR_EMAIL, about=about)
