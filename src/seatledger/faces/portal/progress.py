"""Where a payment stands, as its customer is told, and when the page looks again by itself.

The page asks for itself anew by an HTTP header, so that waiting needs no script; after a while it stops, and a link remains.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.http import HttpResponse

from seatledger.domain.payments.gateways.reasons import sentence_of
from seatledger.domain.payments.models import Payment, PaymentState

# How often the page looks again, by how long ago the payment was intended.
_LOOK_AGAIN: Final = ((timedelta(minutes=1), 2), (timedelta(minutes=10), 10))
# How often it looks again for a customer who came back from his bank, before he is shown the way there again.
MOST_LOOKS: Final = 8


@dataclass(frozen=True)
class Progress:
    """What is said of a payment. `next_url` is where its customer has to go; `look_again_s` None: nothing will come by waiting."""

    status: str
    label: str
    text: str
    next_url: str = ""
    look_again_s: int | None = None
    is_over: bool = False


_UNDER_WAY: Final = {
    PaymentState.INTENDED: (
        "in_progress",
        "Paying",
        "We are asking for the payment. This takes a few seconds.",
    ),
    PaymentState.SENT: ("in_progress", "Paying", "We are asking for the payment. This takes a few seconds."),
    PaymentState.UNKNOWN: (
        "unknown",
        "Outcome unknown",
        "We are asking the payment provider what became of it. Do not pay again: it is never charged twice.",
    ),
    PaymentState.PENDING: (
        "pending",
        "On its way",
        "The payment was accepted and is on its way. You can leave this page: we tell you when it has arrived.",
    ),
}


def progress_of(payment: Payment, *, looks: int | None, now: datetime) -> Progress:
    """Return where a payment stands. `looks` counts the looks since its customer came back from his bank, None: he did not."""
    state = PaymentState(payment.state)
    again_s = next((every for age, every in _LOOK_AGAIN if now - payment.intended_at < age), None)
    if state in _UNDER_WAY:
        status, label, text = _UNDER_WAY[state]
        return Progress(status, label, text, look_again_s=again_s)
    if state is PaymentState.NEEDS_CUSTOMER:
        if looks is not None and looks < MOST_LOOKS:
            said = _UNDER_WAY[PaymentState.UNKNOWN][2]
            return Progress("in_progress", "Asking", said, look_again_s=2)
        said = "Your bank wants you to confirm this payment. You come back here afterwards."
        return Progress("pending", "Waits for you", said, next_url=payment.next_url)
    if state is PaymentState.SUCCEEDED:
        return Progress("paid", "Paid", "The payment arrived.", is_over=True)
    if state is PaymentState.FAILED:
        return Progress("failed", "Failed", sentence_of(payment.reason), is_over=True)
    return Progress("cancelled", payment.get_state_display(), "Nothing was charged by it.", is_over=True)


def look_again(response: HttpResponse, progress: Progress, *, url: str, looks: int | None) -> HttpResponse:
    """Have the browser ask for the page anew, after as many seconds as the progress says."""
    if progress.look_again_s is not None:
        counted = f"{url}?looks={looks + 1}" if looks is not None else url
        response["Refresh"] = f"{progress.look_again_s};url={counted}"
    response["Cache-Control"] = "no-store"
    return response


def looks_of(text: str) -> int | None:
    """Return the count that a page carries in its address."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None
