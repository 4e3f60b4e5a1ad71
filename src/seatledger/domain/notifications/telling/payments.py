"""Who is told of payments: those whom billing is told."""

from collections.abc import Iterator

from seatledger.domain.events.models import Event
from seatledger.domain.notifications.models import MessageKind, Topic
from seatledger.domain.notifications.telling.readers import tell_readers
from seatledger.domain.notifications.telling.told import Told
from seatledger.domain.payments.models import Dunning


def tell_of_payment(event: Event) -> Iterator[Told]:
    """Tell that a payment came in."""
    yield from _tell_billing(event, MessageKind.PAYMENT_RECEIVED, "payment_id", "amount_minor")


def tell_of_waiting(event: Event) -> Iterator[Told]:
    """Tell that the customer's bank wants him to agree to a payment."""
    yield from _tell_billing(event, MessageKind.PAYMENT_NEEDS_YOU, "payment_id")


def tell_of_reversal(event: Event) -> Iterator[Told]:
    """Tell that the bank took a payment back."""
    yield from _tell_billing(event, MessageKind.PAYMENT_REVERSED, "payment_id", "amount_minor")


def tell_of_refund(event: Event) -> Iterator[Told]:
    """Tell that money goes back."""
    yield from _tell_billing(event, MessageKind.REFUND_MADE, "refund_id", "payment_id", "amount_minor")


def tell_of_failure(event: Event) -> Iterator[Told]:
    """Tell that an invoice could not be paid and when it is tried again."""
    yield from _tell_billing(event, MessageKind.PAYMENT_FAILED, "dunning_id", "document_id")


def tell_of_step(event: Event) -> Iterator[Told]:
    """Tell that it failed again; what happens with the last step is told by itself."""
    dunning = Dunning.objects.get(pk=event.payload["dunning_id"])
    if dunning.lapsed_at != event.at:
        yield from _tell_billing(event, MessageKind.PAYMENT_OVERDUE, "dunning_id", "document_id", "step")


def tell_of_lapse(event: Event) -> Iterator[Told]:
    """Tell that the account is Expired until it pays."""
    yield from _tell_billing(event, MessageKind.ACCOUNT_LAPSED, "document_id")


def tell_of_return(event: Event) -> Iterator[Told]:
    """Tell that the account is active again."""
    yield from _tell_billing(event, MessageKind.ACCOUNT_RESTORED, "document_id")


def tell_of_card(event: Event) -> Iterator[Told]:
    """Tell that the card expires soon."""
    yield from _tell_billing(event, MessageKind.CARD_EXPIRING, "method_id")


def tell_of_order(event: Event) -> Iterator[Told]:
    """Tell that an order was not done."""
    yield from _tell_billing(event, MessageKind.ORDER_FAILED, "order_id")


def _tell_billing(event: Event, kind: MessageKind, *fields: str) -> Iterator[Told]:
    about = {field: str(event.payload[field]) for field in fields}
    yield from tell_readers(event.account_id, Topic.BILLING, kind, about=about)
