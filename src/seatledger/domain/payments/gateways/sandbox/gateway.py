"""The sandbox as a gateway: it keeps its books by idempotency key and does what each test number is known for.

Every call commits by itself, as a call to the outside does, and refuses to be made inside a transaction.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

from django.core.signing import BadSignature, TimestampSigner
from django.db import transaction
from django.db.models import F, Sum

from seatledger.domain.payments.gateways import reasons
from seatledger.domain.payments.gateways.interface import (
    About,
    Answer,
    DisputeAnswer,
    EnteredMethod,
    ForgedNotice,
    GatewayRefused,
    NewCharge,
    NewCustomer,
    NewRefund,
    NewSetup,
    Notice,
    Outcome,
    OutcomeUnknown,
    SetupAnswer,
    StartedSetup,
)
from seatledger.domain.payments.gateways.sandbox.models import (
    SandboxCharge,
    SandboxCustomer,
    SandboxDispute,
    SandboxMethod,
    SandboxRefund,
    SandboxSetup,
)
from seatledger.domain.payments.gateways.sandbox.numbers import Behaviour, find_number
from seatledger.domain.payments.models import MethodKind
from seatledger.engine.money import Money

SIGNATURE: Final = "Sandbox-Signature"
NOTICES_ARE_GOOD_FOR: Final = timedelta(minutes=5)
SIGNER: Final = TimestampSigner(salt="seatledger.sandbox.notices")

_AT_ONCE: Final = {
    Behaviour.FAILS: Outcome.FAILED,
    Behaviour.ASKS_ALWAYS: Outcome.NEEDS_CUSTOMER,
    Behaviour.SUCCEEDS_LATER: Outcome.PENDING,
    Behaviour.FAILS_LATER: Outcome.PENDING,
    Behaviour.RETURNED: Outcome.PENDING,
}


class SandboxGateway:
    """See `interface.Gateway` for what each call promises."""

    name = "sandbox"
    kinds = frozenset({MethodKind.CARD, MethodKind.DIRECT_DEBIT})

    def open_customer(self, customer: NewCustomer) -> str:
        return SandboxCustomer.objects.get_or_create(
            key=customer.key, defaults={"reference": _new_reference("customer")}
        )[0].reference

    def begin_setup(self, setup: NewSetup) -> StartedSetup:
        row, _ = SandboxSetup.objects.get_or_create(
            key=setup.key,
            defaults={
                "reference": _new_reference("setup"),
                "customer": setup.customer,
                "kind": setup.kind,
                "return_url": setup.return_url,
            },
        )
        return StartedSetup(row.reference, f"/gateways/sandbox/setups/{row.reference}")

    def look_up_setup(self, reference: str) -> SetupAnswer:
        row = SandboxSetup.objects.select_related("method").filter(reference=reference).first()
        if row is None:
            raise GatewayRefused(f"The sandbox knows no setup {reference!r}.")
        return SetupAnswer(Outcome(row.outcome), _entered(row.method) if row.method else None, row.reason)

    def prepare_charge(self, charge: NewCharge) -> str:
        row, made = SandboxCharge.objects.get_or_create(
            key=charge.key,
            defaults={
                "reference": _new_reference("charge"),
                "token": charge.token,
                "currency": charge.amount.currency,
                "amount_minor": charge.amount.amount_minor,
                "description": charge.description,
                "customer_present": charge.customer_present,
                "return_url": charge.return_url,
            },
        )
        if not made and Money(row.amount_minor, row.currency) != charge.amount:
            raise GatewayRefused("The same key was used for another amount.")
        return row.reference

    def charge(self, charge: NewCharge, reference: str) -> Answer:
        del charge  # it was kept when it was prepared
        with transaction.atomic(durable=True):
            row = _charge_row(reference, lock=True)
            row.times_asked += 1
            is_first = row.outcome == Outcome.NOT_BEGUN
            times_out = is_first and _decide(row)
            row.save(update_fields=["times_asked", "outcome", "reason"])
        if times_out:
            raise OutcomeUnknown("The sandbox takes its time.")
        return answer_of(row)

    def look_up_charge(self, reference: str) -> Answer:
        return answer_of(_charge_row(reference))

    def cancel_charge(self, reference: str) -> Answer:
        waiting = SandboxCharge.objects.filter(
            reference=reference, outcome__in=(Outcome.NOT_BEGUN, Outcome.NEEDS_CUSTOMER)
        )
        waiting.update(outcome=Outcome.FAILED, reason=reasons.CANCELLED)
        return answer_of(_charge_row(reference))

    def refund(self, refund: NewRefund) -> Answer:
        with transaction.atomic(durable=True):
            charge = _charge_row(refund.charge, lock=True)
            row = SandboxRefund.objects.filter(key=refund.key).first()
            if row is None:
                row = _refund(charge, refund)
        return Answer(Outcome(row.outcome), row.reference, row.reason)

    def look_up_refund(self, refund: NewRefund, reference: str) -> Answer:
        del reference
        row = SandboxRefund.objects.filter(key=refund.key).first()
        return Answer(Outcome(row.outcome), row.reference, row.reason) if row else Answer(Outcome.NOT_BEGUN)

    def look_up_dispute(self, reference: str) -> DisputeAnswer:
        row = SandboxDispute.objects.select_related("charge").filter(reference=reference).first()
        if row is None:
            raise GatewayRefused(f"The sandbox knows no dispute {reference!r}.")
        disputed = Money(row.charge.amount_minor, row.charge.currency)
        return DisputeAnswer(
            Outcome(row.outcome), row.charge.reference, disputed, "fraudulent", row.answer_by
        )

    def detach(self, token: str) -> None:
        SandboxMethod.objects.filter(token=token).update(is_forgotten=True)

    def forget_customer(self, reference: str) -> None:
        with transaction.atomic(durable=True):
            SandboxMethod.objects.filter(customer=reference).update(is_forgotten=True)
            SandboxCustomer.objects.filter(reference=reference).delete()

    def read_notice(self, body: bytes, headers: Mapping[str, str]) -> Notice:
        text = body.decode(errors="replace")
        try:
            signed = SIGNER.unsign(f"{text}:{headers.get(SIGNATURE, '')}", max_age=NOTICES_ARE_GOOD_FOR)
        except BadSignature:
            raise ForgedNotice("This is not signed by the sandbox, or too old.") from None
        said = json.loads(signed)
        return Notice(said["id"], About(said["about"]), said["reference"])


def _new_reference(what: str) -> str:
    return f"{what}_{uuid4().hex[:24]}"


def _charge_row(reference: str, *, lock: bool = False) -> SandboxCharge:
    rows = SandboxCharge.objects.select_for_update() if lock else SandboxCharge.objects.all()
    row = rows.filter(reference=reference).first()
    if row is None:
        raise GatewayRefused(f"The sandbox knows no charge {reference!r}.")
    return row


def answer_of(row: SandboxCharge) -> Answer:
    """Return what the sandbox says of a charge now."""
    asks = row.outcome == Outcome.NEEDS_CUSTOMER
    next_url = f"/gateways/sandbox/charges/{row.reference}" if asks else ""
    return Answer(Outcome(row.outcome), row.reference, row.reason, next_url)


def _decide(row: SandboxCharge) -> bool:
    """Say what becomes of a charge that is asked for the first time; returns whether no answer is given to it."""
    method = SandboxMethod.objects.filter(token=row.token, is_forgotten=False).first()
    number = find_number(method.number, MethodKind(method.kind)) if method else None
    if number is None:
        row.outcome, row.reason = Outcome.FAILED, reasons.METHOD_GONE
        return False
    outcome = _AT_ONCE.get(number.behaviour, Outcome.SUCCEEDED)
    if number.behaviour is Behaviour.ASKS_IF_ABSENT and not row.customer_present:
        outcome = Outcome.NEEDS_CUSTOMER
    row.outcome = outcome
    row.reason = number.reason if outcome is Outcome.FAILED else ""
    return number.behaviour is Behaviour.TIMES_OUT


def _refund(charge: SandboxCharge, refund: NewRefund) -> SandboxRefund:
    given_back = charge.refunds.exclude(outcome=Outcome.FAILED).aggregate(sum=Sum("amount_minor"))["sum"] or 0
    if charge.outcome != Outcome.SUCCEEDED or given_back + refund.amount.amount_minor > charge.amount_minor:
        raise GatewayRefused("More than was paid cannot go back.")
    method = SandboxMethod.objects.filter(token=charge.token).first()
    number = find_number(method.number, MethodKind(method.kind)) if method else None
    later = number is not None and number.behaviour is Behaviour.REFUND_FAILS
    return SandboxRefund.objects.create(
        key=refund.key,
        reference=_new_reference("refund"),
        charge=charge,
        amount_minor=refund.amount.amount_minor,
        outcome=Outcome.PENDING if later else Outcome.SUCCEEDED,
    )


def _entered(method: SandboxMethod) -> EnteredMethod:
    number = find_number(method.number, MethodKind(method.kind))
    assert number is not None
    expires = None
    if method.expires_year and method.expires_month:
        expires = (method.expires_year, method.expires_month)
    return EnteredMethod(MethodKind(method.kind), method.token, number.brand, number.last_four, expires)


def charged_by_key() -> dict[UUID, int]:
    """Return what the sandbox took and did not give back or return, by idempotency key: its own books."""
    taken = SandboxCharge.objects.filter(outcome=Outcome.SUCCEEDED)
    return dict(taken.values_list("key", F("amount_minor")))
