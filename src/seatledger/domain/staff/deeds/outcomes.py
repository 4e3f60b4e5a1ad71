"""Deeds about payments: money given back, and what a gateway or a bank does not tell, said by a person who knows."""

from seatledger.domain.invoices.models import Document
from seatledger.domain.invoices.queries import get_document
from seatledger.domain.payments.actions.deciding import decide_payment
from seatledger.domain.payments.actions.refunds import refund_credit, refund_unapplied, store_refund_answer
from seatledger.domain.payments.gateways.interface import Answer, Outcome
from seatledger.domain.payments.models import Payment, PaymentState, Refund, RefundState
from seatledger.domain.payments.queries.paying import get_payment
from seatledger.domain.payments.queries.refunds import get_refund_by_hand_for_operator
from seatledger.domain.staff.deeds.base import Deed, Doing, Figures, Weight
from seatledger.domain.staff.permissions import StaffPermission
from seatledger.engine.money import Money
from seatledger.shared.errors import NotFound


def _money(amount_minor: int, currency: str) -> str:
    return str(Money(amount_minor, currency))


def _credit_note(doing: Doing) -> Document:
    return get_document(doing.account, doing.id_of("document_id"))


def _credit_to_refund(doing: Doing) -> int:
    """Return how much goes back for a credit note: an amount, or all that is unused of it."""
    return doing.number_of("amount_minor") or _credit_note(doing).issue.open_minor


def _note_figures(doing: Doing) -> Figures:
    note = _credit_note(doing)
    return {"Credit note": note.issue.reference, "Unused": _money(note.issue.open_minor, note.currency)}


def _refund_figures(doing: Doing) -> Figures:
    goes_back = _money(_credit_to_refund(doing), _credit_note(doing).currency)
    return _note_figures(doing) | {"Goes back": goes_back}


def _refund(doing: Doing) -> object:
    return refund_credit(
        credit_note=_credit_note(doing),
        payment=None,
        amount_minor=_credit_to_refund(doing),
        why=doing.reason,
        at=doing.at,
        by=doing.by,
    )


def _payment(doing: Doing) -> Payment:
    return get_payment(doing.account, doing.id_of("payment_id"))


def _unapplied_to_refund(doing: Doing) -> int:
    return doing.number_of("amount_minor") or _payment(doing).unapplied_minor


def _payment_figures(doing: Doing) -> Figures:
    payment = _payment(doing)
    return {
        "Payment": _money(payment.amount_minor, payment.currency),
        "State": PaymentState(payment.state).label,
        "For": payment.document.issue.reference if payment.document else "an order or nothing named",
        "At the gateway": payment.reference or "not known",
    }


def _give_back_figures(doing: Doing) -> Figures:
    payment = _payment(doing)
    return {
        "Payment": _money(payment.amount_minor, payment.currency),
        "That no invoice took": _money(payment.unapplied_minor, payment.currency),
        "Goes back": _money(_unapplied_to_refund(doing), payment.currency),
    }


def _give_back(doing: Doing) -> object:
    return refund_unapplied(
        payment=_payment(doing),
        amount_minor=_unapplied_to_refund(doing),
        why=doing.reason,
        at=doing.at,
        by=doing.by,
    )


def _refund_by_hand(doing: Doing) -> Refund:
    refund = get_refund_by_hand_for_operator(doing.id_of("refund_id"))
    if refund.account != doing.account:
        raise NotFound("refund by bank transfer")
    return refund


def _by_hand_figures(doing: Doing) -> Figures:
    refund = _refund_by_hand(doing)
    return {
        "Refund": _money(refund.amount_minor, refund.currency),
        "State": RefundState(refund.state).label,
        "Why": refund.why,
    }


def _tell_refund(doing: Doing, outcome: Outcome) -> object:
    refund = _refund_by_hand(doing)
    return store_refund_answer(refund=refund, answer=Answer(outcome), at=doing.at, by=doing.by)


def _decide(doing: Doing, *, was_taken: bool) -> object:
    return decide_payment(payment=_payment(doing), was_taken=was_taken, at=doing.at, by=doing.by)


_MAY = StaffPermission.MONEY_CHANGE

DEEDS = (
    Deed(
        "refund_credit_note",
        "Refund a credit note",
        _MAY,
        _refund_figures,
        _refund,
        lambda doing: Weight(_credit_to_refund(doing)),
        when_closed=True,
        about=_note_figures,
    ),
    Deed(
        "give_back_payment",
        "Give back what is unused",
        _MAY,
        _give_back_figures,
        _give_back,
        lambda doing: Weight(_unapplied_to_refund(doing)),
        when_closed=True,
        about=_payment_figures,
    ),
    Deed(
        "refund_was_sent",
        "Say that it was sent",
        _MAY,
        _by_hand_figures,
        lambda doing: _tell_refund(doing, Outcome.SUCCEEDED),
        lambda doing: Weight(_refund_by_hand(doing).amount_minor),
        when_closed=True,
        about=_by_hand_figures,
    ),
    Deed(
        "refund_came_back",
        "Say that the bank did not take it",
        _MAY,
        _by_hand_figures,
        lambda doing: _tell_refund(doing, Outcome.FAILED),
        lambda doing: Weight(_refund_by_hand(doing).amount_minor),
        when_closed=True,
        about=_by_hand_figures,
    ),
    Deed(
        "settle_payment",
        "Say that it was taken",
        _MAY,
        _payment_figures,
        lambda doing: _decide(doing, was_taken=True),
        lambda doing: Weight(_payment(doing).amount_minor),
        when_closed=True,
        about=_payment_figures,
    ),
    Deed(
        "give_up_payment",
        "Give the payment up",
        _MAY,
        _payment_figures,
        lambda doing: _decide(doing, was_taken=False),
        lambda doing: Weight(_payment(doing).amount_minor),
        when_closed=True,
        about=_payment_figures,
    ),
)
