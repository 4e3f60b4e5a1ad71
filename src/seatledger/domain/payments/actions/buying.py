"""Confirm an order: it is done at once where nothing is to be paid by card, else once it is paid."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor
from seatledger.domain.events.models import ActorKind
from seatledger.domain.invoices.models import Document
from seatledger.domain.payments.actions.charges import NewPayment, intend_charge
from seatledger.domain.payments.actions.purchases import QuoteChanged, place_order, quote_order
from seatledger.domain.payments.applying import apply_unapplied
from seatledger.domain.payments.models import MethodKind, OrderState
from seatledger.domain.payments.models import Order as StoredOrder
from seatledger.domain.payments.orders import Order, write_order
from seatledger.domain.payments.queries.buying import get_waiting_order, to_pay_minor
from seatledger.domain.payments.queries.methods import get_default_method
from seatledger.shared.errors import Refused

# For so long, what is confirmed a second time is the same order: a double click, a reloaded page, the back button.
_SAME_ORDER_FOR: Final = timedelta(hours=1)


class OrderWaits(Refused):
    """Another order waits for its payment."""

    code = "order_waits"


@dataclass(frozen=True)
class Confirmation:
    """What the customer saw and agreed to: the figures by their digest, and what he pays now by card.

    `return_url` with `{order}` in it is where his bank sends him back to.
    """

    digest: str
    pays_minor: int | None = None
    return_url: str = ""


@dataclass(frozen=True)
class Confirmed:
    """What became of it: the documents that were issued, or the order that waits for its payment."""

    issued: tuple[Document, ...] = ()
    waiting: StoredOrder | None = None


@transaction.atomic
def confirm_order(
    *, account: Account, order: Order, confirmation: Confirmation, at: datetime, by: Actor
) -> Confirmed:
    """Do what was ordered, or have it paid first where the account pays by card.

    Confirming the same figures again returns the order there is: one at most is made of them. Raises OrderWaits while
    another waits for its payment, QuoteChanged, and what `quote_order` and `intend_charge` raise.
    """
    account = lock_account(account)
    if known := _same_order(account, confirmation, at):
        return Confirmed(waiting=known)
    if get_waiting_order(account):
        raise OrderWaits("Another order waits for its payment. Finish it or give it up first.")
    quote = quote_order(account=account, order=order, at=at, by=by)
    pays_minor = to_pay_minor(account, quote)
    method = get_default_method(account)
    if not pays_minor or method is None or method.kind != MethodKind.CARD:
        issued = place_order(account=account, order=order, expected=confirmation.digest, at=at, by=by)
        apply_unapplied(account, at=at)
        return Confirmed(issued=tuple(issued))
    if (quote.digest, pays_minor) != (confirmation.digest, confirmation.pays_minor):
        raise QuoteChanged(
            "Something changed since these figures were shown. Look at the new ones and confirm them."
        )
    waiting = StoredOrder.objects.create(
        account=account,
        what=write_order(order),
        digest=quote.digest,
        currency=quote.currency,
        total_minor=pays_minor,
        confirmed_by_id=by.id if by.kind == ActorKind.USER else None,
        confirmed_at=at,
    )
    back = confirmation.return_url.replace("{order}", str(waiting.pk))
    intend_charge(
        account=account,
        new=NewPayment(order=waiting, method=method, customer_present=True, return_url=back),
        at=at,
        by=by,
    )
    return Confirmed(waiting=waiting)


def _same_order(account: Account, confirmation: Confirmation, at: datetime) -> StoredOrder | None:
    """Return the order that was made of this very confirmation, unless it came to nothing."""
    of_digest = StoredOrder.objects.filter(account=account, digest=confirmation.digest)
    made = of_digest.exclude(state=OrderState.FAILED).filter(confirmed_at__gt=at - _SAME_ORDER_FOR)
    return made.order_by("-confirmed_at").first()
