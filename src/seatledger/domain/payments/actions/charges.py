"""A payment by a gateway, step by step: intended, claimed, known by a reference, answered.

Each is one transaction of its own; `charging` asks the gateway between them. Answers come twice, late and in any order:
a final state is never left, except that what succeeded may be taken back.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog
from django.db import transaction

from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor, queue_job, record
from seatledger.domain.invoices.entries import write_entry
from seatledger.domain.invoices.models import Document, EntryKind, Issue
from seatledger.domain.invoices.refusals import NothingOpen
from seatledger.domain.payments.actions.dunning import begin_or_step, end_what_is_paid
from seatledger.domain.payments.actions.orders import fail_order, fulfil_order
from seatledger.domain.payments.actions.reversals import reverse_payment
from seatledger.domain.payments.applying import apply_payment, apply_unapplied
from seatledger.domain.payments.gateways import reasons
from seatledger.domain.payments.gateways.interface import Answer, Outcome
from seatledger.domain.payments.gateways.registry import gateway_named
from seatledger.domain.payments.happenings import (
    PaymentFailed,
    PaymentGivenUp,
    PaymentIntended,
    PaymentNeedsCustomer,
    PaymentPending,
    PaymentSucceeded,
)
from seatledger.domain.payments.models import LIVE, Order, Payment, PaymentMethod, PaymentState
from seatledger.domain.payments.queries.methods import get_default_method
from seatledger.engine.money import Money
from seatledger.shared.constraints import refusing
from seatledger.shared.errors import Refused

QUEUE: Final = "payments"
log = structlog.get_logger(__name__)


class NoWayToCharge(Refused):
    """The account has no card and no bank account that a gateway could charge."""

    code = "no_way_to_charge"


class PaymentUnderWay(Refused):
    """A payment of this is under way already."""

    code = "payment_under_way"


@dataclass(frozen=True)
class NewPayment:
    """What is to be paid, and how: one invoice or one order, by the account's default method unless another is named.

    `customer_present`: he waits for the answer, and goes to `return_url` when his bank has asked him.
    """

    document: Document | None = None
    order: Order | None = None
    method: PaymentMethod | None = None
    customer_present: bool = False
    return_url: str = ""


@transaction.atomic
def intend_charge(*, account: Account, new: NewPayment, at: datetime, by: Actor) -> Payment | None:
    """Write down that a gateway shall take what is open of an invoice, or what an order costs, and queue the asking.

    Credit of earlier payments is used first; None when it was enough. Raises NothingOpen, NoWayToCharge, PaymentUnderWay
    and NoGateway.
    """
    assert (new.document is None) != (new.order is None), "a payment is for one thing"
    account = lock_account(account)
    owed = _owed_of_order(new.order) if new.order else _owed_of_invoice(account, new.document, at)
    if owed is None:
        return None
    method = new.method or get_default_method(account)
    if method is None or not method.gateway or method.removed_at:
        raise NoWayToCharge("There is no card and no bank account to charge. Add one first.")
    gateway_named(method.gateway)
    live = Payment.objects.filter(account=account, document=new.document, order=new.order, state__in=LIVE)
    under_way = PaymentUnderWay("A payment of this is under way. Wait for it.")
    if live.exists():
        raise under_way
    payment = Payment(
        account=account,
        gateway=method.gateway,
        method=method,
        document=new.document,
        order=new.order,
        currency=owed.currency,
        amount_minor=owed.amount_minor,
        customer_present=new.customer_present,
        return_url=new.return_url,
        intended_at=at,
    )
    with refusing("one_live_payment_of_a_document", under_way):
        payment.save(force_insert=True)
    record(PaymentIntended(payment.pk, payment.amount_minor), account=account, at=at, by=by)
    queue_job("charge_payment", queue=QUEUE, payment_id=str(payment.pk))
    return payment


@transaction.atomic
def claim_payment(*, payment: Payment, at: datetime, by: Actor) -> bool:
    """Say that the gateway is about to be asked for an intended payment; False when somebody else said so before.

    A payment of an invoice that was settled otherwise meanwhile is given up instead: False too.
    """
    del by  # nothing has happened yet that anybody else could see
    lock_account(payment.account)
    intended = Payment.objects.filter(pk=payment.pk, state=PaymentState.INTENDED)
    if payment.document_id:
        issue = Issue.objects.get(document=payment.document_id)
        if issue.open_minor < payment.amount_minor:
            intended.update(state=PaymentState.CANCELLED, reason=reasons.CANCELLED, ended_at=at)
            return False
    return bool(intended.update(state=PaymentState.SENT, sent_at=at))


@transaction.atomic
def store_reference(*, payment: Payment, reference: str, at: datetime, by: Actor) -> None:
    """Keep what the gateway calls a payment, before it is asked to take anything."""
    del at, by  # nothing happened yet that anybody else could see
    Payment.objects.filter(pk=payment.pk, reference="").update(reference=reference)
    payment.reference = reference


@transaction.atomic
def mark_unknown(*, payment: Payment, at: datetime, by: Actor) -> None:
    """Say that the gateway did not tell what became of a payment. It is asked again later."""
    del by  # what is not known is no happening
    asked = Payment.objects.filter(pk=payment.pk)
    asked.filter(state=PaymentState.SENT).update(state=PaymentState.UNKNOWN)
    asked.filter(state__in=LIVE).update(asked_at=at)


@transaction.atomic
def store_answer(*, payment: Payment, answer: Answer, at: datetime, by: Actor) -> Payment:
    """Keep what a gateway says of a payment, with everything that follows from it, and return the payment as it is now.

    The same answer twice changes nothing, and neither does one that is older than what is known.
    """
    account = lock_account(payment.account)
    payment = Payment.objects.select_for_update(no_key=True).get(pk=payment.pk)
    payment.account = account
    if answer.reference and not payment.reference:
        payment.reference = answer.reference
        payment.save(update_fields=["reference"])
    if not payment.is_live:
        _hear_afterwards(payment, answer, at, by)
    elif answer.outcome is Outcome.SUCCEEDED:
        _succeed(payment, at, by)
    elif answer.outcome is Outcome.FAILED:
        _fail(payment, answer.reason or reasons.DECLINED, at, by)
    elif answer.outcome in _WAITING:
        _wait(payment, answer, at, by)
    return payment


# How an attempt ends that the customer did not want to finish with his bank.
_GIVEN_UP: Final = frozenset({reasons.CANCELLED, reasons.AUTHENTICATION_FAILED})
_WAITING: Final = {
    Outcome.PENDING: (PaymentState.PENDING, PaymentPending),
    Outcome.NEEDS_CUSTOMER: (PaymentState.NEEDS_CUSTOMER, PaymentNeedsCustomer),
}


def _hear_afterwards(payment: Payment, answer: Answer, at: datetime, by: Actor) -> None:
    """Answer to what is said of a payment whose outcome is known: a bank may take back what succeeded, no more."""
    paid = payment.state == PaymentState.SUCCEEDED
    if paid and answer.outcome is Outcome.FAILED and answer.reason == reasons.RETURNED:
        reverse_payment(payment=payment, amount_minor=payment.amount_minor, at=at, by=by)
    elif answer.outcome is Outcome.SUCCEEDED and payment.state in (
        PaymentState.FAILED,
        PaymentState.CANCELLED,
    ):
        # The gateway contradicts itself: a person has to look at both books.
        log.error("payment_succeeded_after_it_failed", payment_id=str(payment.pk))


def _succeed(payment: Payment, at: datetime, by: Actor) -> None:
    payment.state, payment.reason, payment.next_url, payment.ended_at = PaymentState.SUCCEEDED, "", "", at
    payment.save(update_fields=["state", "reason", "next_url", "ended_at"])
    paid = Money(payment.amount_minor, payment.currency)
    write_entry(
        payment.account, EntryKind.PAYMENT, -paid, document=payment.document, payment_id=payment.pk, at=at
    )
    record(PaymentSucceeded(payment.pk, payment.amount_minor), account=payment.account, at=at, by=by)
    if payment.document:
        apply_payment(payment, payment.document, at=at)
    if payment.order:
        fulfil_order(payment=payment, at=at, by=by)
    end_what_is_paid(account=payment.account, at=at, by=by)


def _fail(payment: Payment, reason: str, at: datetime, by: Actor) -> None:
    if payment.customer_present and reason in _GIVEN_UP:
        _give_up(payment, reason, at, by)
        return
    payment.state, payment.reason, payment.next_url, payment.ended_at = PaymentState.FAILED, reason, "", at
    payment.save(update_fields=["state", "reason", "next_url", "ended_at"])
    record(PaymentFailed(payment.pk, reason), account=payment.account, at=at, by=by)
    if payment.document:
        begin_or_step(invoice=payment.document, step=not payment.customer_present, at=at, by=by)
    if payment.order:
        fail_order(payment=payment, reason=reason, at=at, by=by)


def _give_up(payment: Payment, reason: str, at: datetime, by: Actor) -> None:
    """End an attempt that the customer made by himself and left: everything is as before it, and nobody is dunned for it."""
    payment.state, payment.reason, payment.next_url, payment.ended_at = PaymentState.CANCELLED, reason, "", at
    payment.save(update_fields=["state", "reason", "next_url", "ended_at"])
    record(PaymentGivenUp(payment.pk, reason), account=payment.account, at=at, by=by)
    if payment.order:
        fail_order(payment=payment, reason=reason, at=at, by=by)


def _wait(payment: Payment, answer: Answer, at: datetime, by: Actor) -> None:
    """Note that the outcome comes later. What is on its way already never again waits for the customer."""
    state, happening = _WAITING[answer.outcome]
    older = payment.state == PaymentState.PENDING and state is PaymentState.NEEDS_CUSTOMER
    if older:
        return
    is_new = payment.state != state
    payment.state, payment.asked_at = state, at
    payment.next_url = answer.next_url if state is PaymentState.NEEDS_CUSTOMER else ""
    payment.save(update_fields=["state", "asked_at", "next_url"])
    # A customer who is there is sent on by the page; another one has to be told.
    if is_new and not (payment.customer_present and state is PaymentState.NEEDS_CUSTOMER):
        record(happening(payment.pk), account=payment.account, at=at, by=by)


def _owed_of_order(order: Order) -> Money:
    return Money(order.total_minor, order.currency)


def _owed_of_invoice(account: Account, invoice: Document | None, at: datetime) -> Money | None:
    """Return what is open of an invoice after earlier payments' credit was used, None when that was enough."""
    assert invoice is not None
    issue = Issue.objects.select_related("document").filter(account=account, document=invoice).first()
    if issue is None or not issue.open_minor:
        raise NothingOpen("Nothing of this invoice is open.")
    apply_unapplied(account, at=at)
    issue.refresh_from_db(fields=["open_minor"])
    return Money(issue.open_minor, issue.document.currency) if issue.open_minor else None
