"""Disputes: a customer's bank takes a payment back, or tries to. They are made by a command, or by a test card."""

from typing import Any

from stripe_server.books import Books, Object

# Stripe gives a week or three for an answer; the stand-in gives seven days.
_ANSWERED_WITHIN_S = 7 * 24 * 3600


def open_dispute(books: Books, charge: Object, reason: str) -> Object:
    """A direct debit's dispute is lost from the beginning, as Stripe's are."""
    at_once = books.objects[charge["payment_method"]]["type"] == "sepa_debit"
    dispute = books.add(
        "dispute",
        "du",
        amount=charge["amount"],
        currency=charge["currency"],
        charge=charge["id"],
        payment_intent=charge["payment_intent"],
        reason=reason,
        status="lost" if at_once else "needs_response",
        evidence_details={"due_by": books.now() + _ANSWERED_WITHIN_S} if not at_once else {"due_by": None},
        metadata={},
    )
    charge["disputed"] = True
    books.tell("charge.dispute.created", dispute)
    if at_once:
        books.tell("charge.dispute.closed", dispute)
    return dispute


def close_dispute(books: Books, dispute: Object, status: str) -> None:
    dispute["status"] = status
    books.tell("charge.dispute.closed", dispute)


def get_dispute(books: Books, name: str, _given: dict[str, Any]) -> Object:
    return books.get("dispute", name)
