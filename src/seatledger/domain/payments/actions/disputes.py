"""A customer's bank asks for its money back: staff see it, and what is lost is booked."""

from datetime import datetime

from django.db import transaction

from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.events.actions import Actor, record
from seatledger.domain.payments.actions.reversals import reverse_payment
from seatledger.domain.payments.gateways.interface import DisputeAnswer, Outcome
from seatledger.domain.payments.happenings import DisputeEnded, DisputeOpened
from seatledger.domain.payments.models import Dispute, DisputeState, Payment

_ENDS = {Outcome.SUCCEEDED: DisputeState.WON, Outcome.FAILED: DisputeState.LOST}


@transaction.atomic
def store_dispute(
    *, payment: Payment, reference: str, told: DisputeAnswer, at: datetime, by: Actor
) -> Dispute:
    """Keep where a dispute of a payment stands. A lost one reverses the payment: its invoice is open again.

    The same told twice changes nothing, and one that has ended stays as it ended.
    """
    account = lock_account(payment.account)
    dispute, is_new = Dispute.objects.get_or_create(
        reference=reference,
        defaults={
            "account": account,
            "payment": payment,
            "amount_minor": told.amount.amount_minor,
            "reason": told.reason,
            "answer_by": told.answer_by,
            "opened_at": at,
        },
    )
    if is_new:
        opened = DisputeOpened(dispute.pk, payment.pk, dispute.amount_minor)
        record(opened, account=account, at=at, by=by)
    if told.answer_by and dispute.answer_by != told.answer_by:
        dispute.answer_by = told.answer_by
        dispute.save(update_fields=["answer_by"])
    state = _ENDS.get(told.outcome)
    if state is None or dispute.state != DisputeState.OPEN:
        return dispute
    dispute.state, dispute.ended_at = state, at
    dispute.save(update_fields=["state", "ended_at"])
    record(DisputeEnded(dispute.pk, payment.pk, state.value), account=account, at=at, by=by)
    if state is DisputeState.LOST:
        reverse_payment(payment=payment, amount_minor=dispute.amount_minor, at=at, by=by)
    return dispute
