"""Giving money back by the way it came: for a credit note, or what no invoice took.

A refund takes its amount from the payment, and from the credit note, as it is intended; if it fails, both get it back.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import F, Q

from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor, queue_job, record
from seatledger.domain.invoices.entries import settle, unsettle, write_entry
from seatledger.domain.invoices.models import Document, EntryKind, Settlement
from seatledger.domain.payments.gateways.interface import Answer, Outcome
from seatledger.domain.payments.gateways.registry import gateway_named
from seatledger.domain.payments.happenings import RefundFailed, RefundIntended, RefundMade
from seatledger.domain.payments.models import Payment, PaymentState, Refund, RefundState
from seatledger.engine.money import Money
from seatledger.shared.errors import Refused
from seatledger.shared.text import clean_text

LONGEST_WHY: Final = 300
# What came in at the bank goes back by hand; staff say when it was done.
BY_HAND: Final = "transfer"


class MoreThanWasPaid(Refused):
    """More would go back than came in."""

    code = "more_than_was_paid"


@transaction.atomic
def refund_credit(
    *, credit_note: Document, payment: Payment | None, amount_minor: int, why: str, at: datetime, by: Actor
) -> list[Refund]:
    """Give back what is unused of a credit note, by `payment`, or by the payments of the invoice it corrects.

    Without a payment, those of that invoice come first, then the account's others, the newest first; one refund each.
    Raises MoreThanWasPaid, MoreThanIsOpen, NoGateway and UnfitText.
    """
    why = clean_text(why, LONGEST_WHY, what="The reason")
    account = lock_account(credit_note.account)
    payments = [payment] if payment else _payments_to_refund(account, credit_note)
    refunds = []
    left_minor = amount_minor
    for one in payments:
        part_minor = left_minor if payment else min(left_minor, one.refundable_minor)
        if part_minor > 0:
            refund = _intend(account, one, credit_note, part_minor, why, at)
            record(RefundIntended(refund.pk, one.pk, part_minor), account=account, at=at, by=by)
            refunds.append(refund)
            left_minor -= part_minor
    if left_minor or not refunds:
        raise MoreThanWasPaid(
            f"Only {Money(amount_minor - left_minor, credit_note.currency)} was paid and not given back yet."
        )
    return refunds


@transaction.atomic
def refund_unapplied(*, payment: Payment, amount_minor: int, why: str, at: datetime, by: Actor) -> Refund:
    """Give back what no invoice took of a payment. Raises MoreThanWasPaid, NoGateway and UnfitText."""
    why = clean_text(why, LONGEST_WHY, what="The reason")
    account = lock_account(payment.account)
    refund = _intend(account, payment, None, amount_minor, why, at)
    record(RefundIntended(refund.pk, payment.pk, amount_minor), account=account, at=at, by=by)
    return refund


@transaction.atomic
def claim_refund(*, refund: Refund, at: datetime, by: Actor) -> bool:
    """Say that the gateway is about to be asked for a refund; False when somebody else said so before."""
    del by
    intended = Refund.objects.filter(pk=refund.pk, state=RefundState.INTENDED)
    return bool(intended.update(state=RefundState.SENT, sent_at=at))


@transaction.atomic
def mark_refund_unknown(*, refund: Refund, at: datetime, by: Actor) -> None:
    """Say that the gateway did not tell what became of a refund. It is asked again later."""
    del at, by
    Refund.objects.filter(pk=refund.pk, state=RefundState.SENT).update(state=RefundState.UNKNOWN)


@transaction.atomic
def store_refund_answer(*, refund: Refund, answer: Answer, at: datetime, by: Actor) -> Refund:
    """Keep what a gateway, or for a transfer the staff, says of a refund, with everything that follows from it.

    The same answer twice changes nothing. A bank may still send back what had succeeded; what failed stays failed.
    """
    account = lock_account(refund.account)
    refund = (
        Refund.objects.select_for_update(no_key=True, of=["self"]).select_related("payment").get(pk=refund.pk)
    )
    if refund.state == RefundState.FAILED:
        return refund
    refund.reference = refund.reference or answer.reference
    if answer.outcome is Outcome.FAILED:
        _give_back(account, refund, answer.reason, at, by)
    elif refund.state == RefundState.SUCCEEDED:
        return refund
    elif answer.outcome is Outcome.SUCCEEDED:
        refund.state, refund.ended_at = RefundState.SUCCEEDED, at
        made = RefundMade(refund.pk, refund.payment_id, refund.amount_minor)
        record(made, account=account, at=at, by=by)
    elif answer.outcome is Outcome.PENDING:
        refund.state = RefundState.PENDING
    refund.save(update_fields=["state", "reference", "reason", "ended_at"])
    return refund


def _intend(
    account: Account,
    payment: Payment,
    credit_note: Document | None,
    amount_minor: int,
    why: str,
    at: datetime,
) -> Refund:
    """Take the amount from both sides, write it into the books, and queue the asking."""
    by_hand = payment.gateway == BY_HAND
    if not by_hand:
        gateway_named(payment.gateway)
    take_from_payment(payment, amount_minor, is_unapplied=credit_note is None)
    if credit_note:
        settle(credit_note, EntryKind.REFUND, amount_minor, payment_id=payment.pk, at=at)
    back = Money(amount_minor, payment.currency)
    write_entry(account, EntryKind.REFUND, back, document=credit_note, payment_id=payment.pk, at=at)
    refund = Refund.objects.create(
        account=account,
        payment=payment,
        credit_note=credit_note,
        state=RefundState.PENDING if by_hand else RefundState.INTENDED,
        currency=payment.currency,
        amount_minor=amount_minor,
        why=why,
        intended_at=at,
        sent_at=at if by_hand else None,
    )
    if not by_hand:
        queue_job("refund_payment", queue="payments", refund_id=str(refund.pk))
    return refund


def take_from_payment(payment: Payment, amount_minor: int, *, is_unapplied: bool) -> None:
    """Count an amount as refunded by one conditional UPDATE. Raises MoreThanWasPaid."""
    paid = Payment.objects.filter(pk=payment.pk, account=payment.account_id, state=PaymentState.SUCCEEDED)
    enough = paid.filter(amount_minor__gte=F("refunded_minor") + F("reversed_minor") + amount_minor)
    more = {"refunded_minor": F("refunded_minor") + amount_minor}
    if is_unapplied:
        used = F("applied_minor") + F("returned_minor") + F("reversed_minor")
        enough = enough.filter(amount_minor__gte=used + amount_minor)
        more["returned_minor"] = F("returned_minor") + amount_minor
    if amount_minor <= 0 or not enough.update(**more):
        raise MoreThanWasPaid(
            "More than was paid and not used or given back cannot go back. Look at it again."
        )


def _give_back(account: Account, refund: Refund, reason: str, at: datetime, by: Actor) -> None:
    """Undo a refund that failed: the payment and the credit note have again what it took."""
    refund.state, refund.reason, refund.ended_at = RefundState.FAILED, reason, at
    less = {"refunded_minor": F("refunded_minor") - refund.amount_minor}
    if refund.credit_note is None:
        less["returned_minor"] = F("returned_minor") - refund.amount_minor
        # It was taken back whole but for what went back; now something of it is ours again.
        Payment.objects.filter(pk=refund.payment_id, state=PaymentState.REVERSED).update(
            state=PaymentState.SUCCEEDED
        )
    Payment.objects.filter(pk=refund.payment_id).update(**less)
    if refund.credit_note:
        unsettle(
            refund.credit_note,
            EntryKind.REFUND_FAILED,
            refund.amount_minor,
            payment_id=refund.payment_id,
            at=at,
        )
    still_there = -Money(refund.amount_minor, refund.currency)
    write_entry(
        account,
        EntryKind.REFUND_FAILED,
        still_there,
        document=refund.credit_note,
        payment_id=refund.payment_id,
        at=at,
    )
    record(RefundFailed(refund.pk, refund.payment_id, reason), account=account, at=at, by=by)


def _payments_to_refund(account: Account, credit_note: Document) -> Sequence[Payment]:
    """Return the payments that a credit note can go back by: of the invoice it corrects first, the newest first."""
    paid = Payment.objects.filter(
        account=account, state=PaymentState.SUCCEEDED, currency=credit_note.currency
    )
    payments = list(paid.filter(~Q(gateway="")).order_by("-ended_at", "pk"))
    of_invoice = set(
        Settlement.objects.filter(invoice=credit_note.corrects_id, payment_id__isnull=False).values_list(
            "payment_id", flat=True
        )
        if credit_note.corrects_id
        else ()
    )
    return sorted(payments, key=lambda payment: payment.pk not in of_invoice)
