"""What a bank takes back of what had succeeded: a lost dispute, or a returned direct debit."""

from datetime import datetime

from django.db import transaction

from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.events.actions import Actor, record
from seatledger.domain.invoices.entries import write_entry
from seatledger.domain.invoices.models import EntryKind
from seatledger.domain.payments.actions.dunning import begin_or_step
from seatledger.domain.payments.applying import take_back
from seatledger.domain.payments.happenings import PaymentReversed
from seatledger.domain.payments.models import Payment
from seatledger.engine.money import Money


@transaction.atomic
def reverse_payment(*, payment: Payment, amount_minor: int, at: datetime, by: Actor) -> int:
    """Book that as much of a payment was taken back: what it settled is open again, and dunning begins for it.

    Returns how much was there to be taken, in minor units; nothing the second time.
    """
    account = lock_account(payment.account)
    taken_minor, reopened = take_back(payment, amount_minor, at=at)
    if not taken_minor:
        return 0
    taken = Money(taken_minor, payment.currency)
    write_entry(account, EntryKind.REVERSAL, taken, document=payment.document, payment_id=payment.pk, at=at)
    record(PaymentReversed(payment.pk, taken_minor), account=account, at=at, by=by)
    for invoice in reopened:
        begin_or_step(invoice=invoice, step=False, at=at, by=by)
    return taken_minor
