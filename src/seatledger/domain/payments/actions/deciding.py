"""Staff say what became of a payment whose gateway does not: they have looked into its books themselves."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.events.actions import Actor
from seatledger.domain.payments.actions.charges import store_answer
from seatledger.domain.payments.gateways import reasons
from seatledger.domain.payments.gateways.interface import Answer, Outcome
from seatledger.domain.payments.models import Payment, PaymentState
from seatledger.shared.errors import Refused

# Until then the gateway is asked, and a person would only be in the way.
STAFF_AFTER: Final = timedelta(minutes=30)


class OutcomeKnown(Refused):
    """What became of the payment is known, or the gateway is still being asked."""

    code = "outcome_known"


@transaction.atomic
def decide_payment(*, payment: Payment, was_taken: bool, at: datetime, by: Actor) -> Payment:
    """Settle a payment whose outcome has been unknown for half an hour: the money was taken, or it is given up.

    What follows is what follows from a gateway's answer. Raises OutcomeKnown.
    """
    account = lock_account(payment.account)
    unknown = Payment.objects.filter(
        account=account,
        pk=payment.pk,
        state__in=(PaymentState.SENT, PaymentState.UNKNOWN),
        sent_at__lt=at - STAFF_AFTER,
    )
    if not unknown.exists():
        raise OutcomeKnown("What became of this payment is known, or still being asked. Look at it again.")
    outcome = Outcome.SUCCEEDED if was_taken else Outcome.FAILED
    answer = Answer(outcome, reason="" if was_taken else reasons.CANCELLED)
    return store_answer(payment=payment, answer=answer, at=at, by=by)
