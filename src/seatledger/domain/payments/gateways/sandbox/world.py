"""What happens in the sandbox's world of its own accord: customers enter numbers, banks make up their minds, days pass."""

import json
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models.functions import Now

from seatledger.domain.events.actions import queue_job
from seatledger.domain.payments.gateways import reasons
from seatledger.domain.payments.gateways.interface import About, Answer, Outcome
from seatledger.domain.payments.gateways.sandbox.gateway import SIGNATURE, SIGNER
from seatledger.domain.payments.gateways.sandbox.models import (
    SandboxCharge,
    SandboxCustomer,
    SandboxDispute,
    SandboxMethod,
    SandboxNotice,
    SandboxRefund,
    SandboxSetup,
)
from seatledger.domain.payments.gateways.sandbox.numbers import NUMBERS, Behaviour, Number, find_number
from seatledger.domain.payments.models import MethodKind

# A bank waits so long for what we have to say to a dispute.
_DISPUTE_ANSWERED_WITHIN: Final = timedelta(days=7)


def keep_number(customer: str, number: Number, expires: tuple[int, int] | None = None) -> SandboxMethod:
    """Let a customer of the sandbox have a card or a bank account with this number."""
    year, month = expires if expires and number.kind == MethodKind.CARD else (None, None)
    return SandboxMethod.objects.create(
        token=f"method_{uuid4().hex[:24]}",
        customer=customer,
        kind=number.kind,
        number=number.digits,
        expires_year=year,
        expires_month=month,
    )


def keep_customer(key: UUID) -> str:
    """Have a customer in the sandbox's books, and return what it calls him."""
    made, _ = SandboxCustomer.objects.get_or_create(
        key=key, defaults={"reference": f"customer_{uuid4().hex[:24]}"}
    )
    return made.reference


def keep_charge(key: UUID, token: str, amount_minor: int, currency: str, answer: Answer) -> str:
    """Have a charge of the past in the sandbox's books, and return what it calls it; for what is told as a story."""
    charge = SandboxCharge.objects.create(
        key=key,
        reference=f"charge_{uuid4().hex[:24]}",
        token=token,
        currency=currency,
        amount_minor=amount_minor,
        customer_present=False,
        outcome=answer.outcome,
        reason=answer.reason,
        times_asked=1,
    )
    return charge.reference


@transaction.atomic
def enter_number(setup: SandboxSetup, number: Number, expires: tuple[int, int] | None) -> SandboxSetup:
    """Finish a setup with the number that was typed on our page; one that is finished already stays as it is."""
    setup = SandboxSetup.objects.select_for_update().get(pk=setup.pk)
    if setup.outcome != Outcome.PENDING:
        return setup
    if number.behaviour is Behaviour.REFUSED_WHEN_ADDED:
        setup.outcome, setup.reason = Outcome.FAILED, number.reason
    else:
        setup.outcome, setup.method = Outcome.SUCCEEDED, keep_number(setup.customer, number, expires)
    setup.save(update_fields=["outcome", "reason", "method"])
    _tell(About.SETUP, setup.reference)
    return setup


@transaction.atomic
def abandon_setup(setup: SandboxSetup) -> None:
    """End a setup without a method: the customer went back."""
    waiting = SandboxSetup.objects.filter(pk=setup.pk, outcome=Outcome.PENDING)
    if waiting.update(outcome=Outcome.FAILED, reason=reasons.CANCELLED):
        _tell(About.SETUP, setup.reference)


@transaction.atomic
def answer_bank(charge: SandboxCharge, *, confirms: bool) -> None:
    """Have the customer confirm a charge with his bank, or decline it; a second answer changes nothing."""
    waiting = SandboxCharge.objects.filter(pk=charge.pk, outcome=Outcome.NEEDS_CUSTOMER)
    if confirms:
        changed = waiting.update(outcome=Outcome.SUCCEEDED)
    else:
        changed = waiting.update(outcome=Outcome.FAILED, reason=reasons.AUTHENTICATION_FAILED)
    if changed:
        _tell(About.PAYMENT, charge.reference)


@transaction.atomic
def let_time_pass() -> None:
    """Let what happens later happen: what is pending is decided, debits come back, cards are disputed."""
    for charge in _succeeded_by(Behaviour.RETURNED):
        _decide(charge, Outcome.FAILED, reasons.RETURNED)
    for charge in _succeeded_by(Behaviour.DISPUTED):
        if not SandboxDispute.objects.filter(charge=charge).exists():
            answer_by = Now() + _DISPUTE_ANSWERED_WITHIN
            reference = f"dispute_{uuid4().hex[:24]}"
            dispute = SandboxDispute.objects.create(charge=charge, reference=reference, answer_by=answer_by)
            _tell(About.DISPUTE, dispute.reference)
    for charge in SandboxCharge.objects.filter(outcome=Outcome.PENDING).select_for_update():
        number = _number_of(charge)
        fails = number is None or number.behaviour is Behaviour.FAILS_LATER
        reason = number.reason if number else reasons.METHOD_GONE
        _decide(charge, Outcome.FAILED if fails else Outcome.SUCCEEDED, reason if fails else "")
    for refund in SandboxRefund.objects.filter(outcome=Outcome.PENDING).select_for_update():
        refund.outcome, refund.reason = Outcome.FAILED, reasons.METHOD_GONE
        refund.save(update_fields=["outcome", "reason"])
        _tell(About.REFUND, refund.reference)


@transaction.atomic
def end_dispute(dispute: SandboxDispute, *, we_keep_the_money: bool) -> None:
    """Have the bank decide a dispute."""
    outcome = Outcome.SUCCEEDED if we_keep_the_money else Outcome.FAILED
    if SandboxDispute.objects.filter(pk=dispute.pk, outcome=Outcome.PENDING).update(outcome=outcome):
        _tell(About.DISPUTE, dispute.reference)


def list_notices_to_send() -> list[SandboxNotice]:
    """Return what was not sent yet, the oldest first."""
    return list(SandboxNotice.objects.filter(is_sent=False).order_by("pk")[:500])


def sign_notice(notice: SandboxNotice) -> tuple[bytes, dict[str, str]]:
    """Return a notice as it is sent: body and headers, signed with the time."""
    said = {"id": f"notice_{notice.pk}", "about": notice.about, "reference": notice.reference}
    body = json.dumps(said)
    return body.encode(), {SIGNATURE: SIGNER.sign(body).removeprefix(f"{body}:")}


def mark_notice_sent(notice: SandboxNotice) -> None:
    SandboxNotice.objects.filter(pk=notice.pk).update(is_sent=True)


def _succeeded_by(behaviour: Behaviour) -> list[SandboxCharge]:
    digits = [number.digits for number in NUMBERS if number.behaviour is behaviour]
    tokens = SandboxMethod.objects.filter(number__in=digits).values("token")
    charges = SandboxCharge.objects.filter(outcome=Outcome.SUCCEEDED, token__in=tokens)
    return list(charges.select_for_update().order_by("pk"))


def _decide(charge: SandboxCharge, outcome: Outcome, reason: str = "") -> None:
    charge.outcome, charge.reason = outcome, reason
    charge.save(update_fields=["outcome", "reason"])
    _tell(About.PAYMENT, charge.reference)


def _number_of(charge: SandboxCharge) -> Number | None:
    method = SandboxMethod.objects.filter(token=charge.token).first()
    return find_number(method.number, MethodKind(method.kind)) if method else None


def _tell(about: About, reference: str) -> None:
    SandboxNotice.objects.create(about=about, reference=reference)
    queue_job("send_sandbox_notices", queue="payments")
