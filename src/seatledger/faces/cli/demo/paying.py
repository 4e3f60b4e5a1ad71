"""How the demo's organisations pay, by the real actions on the days on which they did.

What the sandbox would have said is written into its books, for it is asked by no network here: a demo is loaded whole or
not at all, in one transaction.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor
from seatledger.domain.invoices.models import Document, Issue
from seatledger.domain.payments.actions import NewMethod, add_method
from seatledger.domain.payments.actions.charges import (
    NewPayment,
    claim_payment,
    intend_charge,
    store_answer,
)
from seatledger.domain.payments.actions.transfers import HandTransfer, book_by_hand
from seatledger.domain.payments.gateways import reasons
from seatledger.domain.payments.gateways.interface import Answer, Outcome
from seatledger.domain.payments.gateways.sandbox import world
from seatledger.domain.payments.gateways.sandbox.numbers import find_number
from seatledger.domain.payments.models import GatewayCustomer, MethodKind
from seatledger.domain.payments.queries import get_default_method
from seatledger.domain.payments.transfers import Part

A_BILLING_PERIOD: Final = timedelta(days=32)
_DECLINED: Final = Answer(Outcome.FAILED, reason=reasons.DECLINED)
_PAID: Final = Answer(Outcome.SUCCEEDED)


@dataclass(frozen=True)
class Paying:
    """How an organisation pays: by a test number of the sandbox, or by transfer so many days after the invoice.

    `fails_on` is the one invoice, counted from the first, that was declined and paid three days later; `fails_now` says
    that the newest one was declined, and again at the first two steps of dunning.
    """

    number: str = ""
    kind: MethodKind = MethodKind.TRANSFER
    transfer_days: int = 0
    fails_on: int | None = None
    fails_now: bool = False


@dataclass(frozen=True)
class Attempt:
    """An invoice is paid at an instant, or not."""

    at: datetime
    invoice: Document
    succeeds: bool = True


def agree_on_paying(account: Account, paying: Paying, *, at: datetime) -> None:
    """Let the organisation have the method by which it pays."""
    by = Actor.admin_team()
    if paying.kind == MethodKind.TRANSFER:
        add_method(account=account, new=NewMethod(MethodKind.TRANSFER), at=at, by=by)
        return
    number = find_number(paying.number, paying.kind)
    assert number is not None, "a demo pays by test numbers"
    expires = ((at + timedelta(days=3 * 365)).year, 11) if paying.kind == MethodKind.CARD else None
    customer = world.keep_customer(account.pk)
    GatewayCustomer.objects.create(account=account, gateway="sandbox", reference=customer, made_at=at)
    entered = world.keep_number(customer, number, expires)
    new = NewMethod(paying.kind, "sandbox", entered.token, number.brand, number.last_four, expires)
    add_method(account=account, new=new, at=at, by=by)


def plan_attempts(
    paying: Paying, invoice: Document, *, number: int, at: datetime, now: datetime
) -> list[Attempt]:
    """Return when an invoice that was issued at `at`, the organisation's `number`th, is paid, before `now`."""
    if paying.kind == MethodKind.TRANSFER:
        attempts = [Attempt(at + timedelta(days=paying.transfer_days), invoice)]
    elif paying.fails_now and now - at < A_BILLING_PERIOD:
        days = (0, 3, 8)
        attempts = [
            Attempt(at + timedelta(days=after, minutes=5 + after), invoice, succeeds=False) for after in days
        ]
    elif paying.fails_on == number:
        attempts = [
            Attempt(at + timedelta(minutes=5), invoice, succeeds=False),
            Attempt(at + timedelta(days=3, minutes=10), invoice),
        ]
    else:
        attempts = [Attempt(at + timedelta(minutes=5), invoice)]
    return [attempt for attempt in attempts if attempt.at <= now]


def attempt_payment(account: Account, attempt: Attempt) -> None:
    """Pay what is open of an invoice, or try to."""
    at, open_minor = attempt.at, Issue.objects.get(document=attempt.invoice).open_minor
    method = get_default_method(account)
    if not open_minor or method is None:
        return
    if method.kind == MethodKind.TRANSFER:
        told = HandTransfer(open_minor, at.date(), account.name, attempt.invoice.issue.reference)
        parts = [Part(attempt.invoice.pk, open_minor)]
        book_by_hand(account=account, told=told, parts=parts, at=at, by=Actor.admin_team())
        return
    by = Actor.system()
    payment = intend_charge(account=account, new=NewPayment(document=attempt.invoice), at=at, by=by)
    if payment and claim_payment(payment=payment, at=at, by=by):
        answer = _PAID if attempt.succeeds else _DECLINED
        reference = world.keep_charge(
            payment.pk, method.token, payment.amount_minor, payment.currency, answer
        )
        store_answer(payment=payment, answer=Answer(answer.outcome, reference, answer.reason), at=at, by=by)
