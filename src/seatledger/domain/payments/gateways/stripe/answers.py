"""What Stripe's objects say, in our terms."""

from datetime import UTC, datetime
from typing import Final

import stripe

from seatledger.domain.payments.gateways import reasons
from seatledger.domain.payments.gateways.interface import (
    Answer,
    DisputeAnswer,
    EnteredMethod,
    Outcome,
    SetupAnswer,
)
from seatledger.domain.payments.gateways.stripe.currencies import money_of
from seatledger.domain.payments.gateways.stripe.declines import reason_of
from seatledger.domain.payments.models import MethodKind

# Source: Stripe's page "How PaymentIntents work", statuses. `requires_payment_method` is told apart below.
_PAYMENT: Final = {
    "requires_confirmation": Outcome.NOT_BEGUN,
    "requires_action": Outcome.NEEDS_CUSTOMER,
    "processing": Outcome.PENDING,
    "requires_capture": Outcome.PENDING,
    "succeeded": Outcome.SUCCEEDED,
}
_REFUND: Final = {
    "pending": Outcome.PENDING,
    "requires_action": Outcome.PENDING,
    "succeeded": Outcome.SUCCEEDED,
}
# An inquiry, which Stripe calls a warning, takes no money; one that is closed was not followed by a dispute.
_DISPUTE: Final = {
    "won": Outcome.SUCCEEDED,
    "warning_closed": Outcome.SUCCEEDED,
    "prevented": Outcome.SUCCEEDED,
    "lost": Outcome.FAILED,
}
_BRANDS: Final = {
    "amex": "American Express",
    "diners": "Diners Club",
    "eftpos_au": "Eftpos",
    "jcb": "JCB",
    "unionpay": "UnionPay",
}
# Why a refund failed, where it is for the customer to do something about.
_GONE: Final = {"lost_or_stolen_card", "expired_or_canceled_card", "unknown"}
KIND_AT_STRIPE: Final = {MethodKind.CARD: "card", MethodKind.DIRECT_DEBIT: "sepa_debit"}


def answer_of_payment(intent: stripe.PaymentIntent) -> Answer:
    """Return what became of a payment."""
    if intent.status == "canceled":
        return Answer(Outcome.FAILED, reference=intent.id, reason=reasons.CANCELLED)
    outcome = _PAYMENT.get(intent.status)
    if outcome is None:
        return Answer(Outcome.FAILED, reference=intent.id, reason=_reason_of_payment(intent))
    return Answer(outcome, reference=intent.id, next_url=_page_of(intent))


def _reason_of_payment(intent: stripe.PaymentIntent) -> str:
    error = intent.last_payment_error
    if error is None:
        return reasons.METHOD_GONE
    is_debit = getattr(getattr(error, "payment_method", None), "type", "") == "sepa_debit"
    return reason_of(*_codes_of(error), direct_debit=is_debit)


def _codes_of(error: stripe.StripeObject) -> tuple[str | None, str | None]:
    """Return the codes of an error, the more telling one first. Stripe leaves out what it has nothing to say about."""
    return getattr(error, "decline_code", None), getattr(error, "code", None)


def _page_of(intent: stripe.PaymentIntent) -> str:
    """Return where the customer talks to his bank."""
    action = intent.next_action
    redirect = getattr(action, "redirect_to_url", None)
    return str(redirect.url) if redirect else ""


def answer_of_setup(session: stripe.checkout.Session) -> SetupAnswer:
    """Return what became of a setup, from a session with its setup intent and that one's method expanded."""
    if session.status == "expired":
        return SetupAnswer(Outcome.FAILED, reason=reasons.CANCELLED)
    intent = session.setup_intent
    if session.status != "complete" or not isinstance(intent, stripe.SetupIntent):
        return SetupAnswer(Outcome.PENDING)
    method = intent.payment_method
    if intent.status == "succeeded" and isinstance(method, stripe.PaymentMethod):
        return SetupAnswer(Outcome.SUCCEEDED, method=entered_method(method))
    if intent.status == "processing":
        return SetupAnswer(Outcome.PENDING)
    error = intent.last_setup_error
    return SetupAnswer(Outcome.FAILED, reason=reason_of(*_codes_of(error)) if error else reasons.CANCELLED)


def entered_method(method: stripe.PaymentMethod) -> EnteredMethod:
    """Return a method as a receipt shows it."""
    # We ask for nothing else, so it is one of the two. What it is not is left out.
    if method.type == "sepa_debit":
        debit = method.sepa_debit
        return EnteredMethod(
            MethodKind.DIRECT_DEBIT, token=method.id, last_four=(debit and debit.last4) or ""
        )
    card = method.card
    assert card is not None, f"{method.id} is a card without one"
    return EnteredMethod(
        MethodKind.CARD,
        token=method.id,
        brand=_BRANDS.get(card.brand, card.brand.replace("_", " ").title()),
        last_four=card.last4,
        expires=(card.exp_year, card.exp_month),
    )


def answer_of_refund(refund: stripe.Refund) -> Answer:
    """Return what became of a refund."""
    outcome = _REFUND.get(refund.status or "pending", Outcome.FAILED)
    if outcome is not Outcome.FAILED:
        return Answer(outcome, reference=refund.id)
    gone = getattr(refund, "failure_reason", None) in _GONE
    return Answer(outcome, reference=refund.id, reason=reasons.METHOD_GONE if gone else reasons.DECLINED)


def answer_of_dispute(dispute: stripe.Dispute) -> DisputeAnswer:
    """Return where a dispute stands."""
    intent = getattr(dispute, "payment_intent", None)
    return DisputeAnswer(
        outcome=_DISPUTE.get(dispute.status, Outcome.PENDING),
        charge=(intent if isinstance(intent, str) else intent.id) if intent else "",
        amount=money_of(dispute.amount, dispute.currency),
        reason=dispute.reason,
        answer_by=_answer_by(dispute),
    )


def _answer_by(dispute: stripe.Dispute) -> datetime | None:
    """Return until when evidence is taken; Stripe says nothing where none is."""
    details = getattr(dispute, "evidence_details", None)
    due_by = getattr(details, "due_by", None) if details else None
    return datetime.fromtimestamp(due_by, UTC) if due_by else None
