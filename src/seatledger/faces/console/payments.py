"""Console > Payments: what waits for a person, because neither the gateway nor the bank finishes it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from seatledger.domain.payments.models import Dispute, Payment, Refund, TransferState
from seatledger.domain.payments.queries.collecting import (
    list_open_disputes_for_operator,
    list_unknown_for_staff,
)
from seatledger.domain.payments.queries.refunds import (
    list_refunds_by_hand_for_operator,
    list_refunds_failed_for_operator,
    list_refunds_under_way_for_operator,
)
from seatledger.domain.payments.queries.transfers import count_transfers_for_operator
from seatledger.domain.staff.permissions import StaffPermission
from seatledger.faces.console.access import ConsoleRequest, for_staff
from seatledger.faces.console.account import DeedLink, links_of

# Failed refunds are shown for so long; their credit has been the account's again since then.
FAILED_SHOWN_FOR: Final = timedelta(days=30)
_SOON: Final = timedelta(days=3)


@dataclass(frozen=True)
class Waiting:
    """A payment, refund or dispute, what can be done about it, and whether its time is running out."""

    row: Payment | Refund | Dispute
    deeds: tuple[DeedLink, ...]
    is_urgent: bool = False


@for_staff(StaffPermission.ACCOUNTS_VIEW)
@require_GET
def show_payments(request: ConsoleRequest) -> HttpResponse:
    """List unknown outcomes, disputes by their deadline, refunds to send by hand, under way and failed."""
    now = timezone.now()
    context = {
        "unknown": [_unknown(request, payment) for payment in list_unknown_for_staff(at=now)],
        "disputes": [
            Waiting(each, (), each.answer_by is not None and each.answer_by - now < _SOON)
            for each in list_open_disputes_for_operator()
        ],
        "by_hand": [_by_hand(request, refund) for refund in list_refunds_by_hand_for_operator()],
        "under_way": list_refunds_under_way_for_operator(),
        "failed": list_refunds_failed_for_operator(since=now - FAILED_SHOWN_FOR),
        "transfers": count_transfers_for_operator(TransferState.UNMATCHED),
    }
    return render(request, "console/payments.html", context)


def count_what_waits(at: datetime) -> int:
    """Return how many payments, disputes, refunds and transfers wait for a person."""
    return (
        len(list_unknown_for_staff(at=at))
        + len(list_open_disputes_for_operator())
        + len(list_refunds_by_hand_for_operator())
        + count_transfers_for_operator(TransferState.UNMATCHED)
    )


def _unknown(request: ConsoleRequest, payment: Payment) -> Waiting:
    names = ("settle_payment", "give_up_payment")
    return Waiting(payment, links_of(request, payment.account, *names, payment_id=payment.pk))


def _by_hand(request: ConsoleRequest, refund: Refund) -> Waiting:
    names = ("refund_was_sent", "refund_came_back")
    return Waiting(refund, links_of(request, refund.account, *names, refund_id=refund.pk))
