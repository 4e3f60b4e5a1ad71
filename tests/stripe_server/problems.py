"""Errors in the shapes that Stripe documents."""

from typing import Any


class Problem(Exception):
    """What is answered instead of an object. `remembered`: it is stored under the idempotency key."""

    def __init__(self, status: int, kind: str, message: str, *, remembered: bool = True, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.remembered = remembered
        self.body = {"error": {"type": kind, "message": message} | {k: v for k, v in more.items() if v}}


def invalid(message: str, *, param: str = "", code: str = "", status: int = 400, **more: Any) -> Problem:
    """Return a refusal by what the objects say."""
    return Problem(status, "invalid_request_error", message, param=param, code=code, **more)


def unfit(message: str, *, param: str, code: str = "") -> Problem:
    """Return a refusal of the parameters, before anything began: it is not remembered."""
    return Problem(400, "invalid_request_error", message, remembered=False, param=param, code=code)


def missing(kind: str, name: str, *, param: str = "id", status: int = 404) -> Problem:
    """Return that there is no object of that name."""
    return invalid(f"No such {kind}: '{name}'", param=param, code="resource_missing", status=status)


def unexpected_state(intent: dict[str, Any], verb: str) -> Problem:
    """Return that a payment intent is too far, or not far enough, for what was asked."""
    return invalid(
        f"You cannot {verb} this PaymentIntent because it has a status of {intent['status']}.",
        code="payment_intent_unexpected_state",
        payment_intent=dict(intent),
    )


def declined(code: str, decline_code: str, message: str, **more: Any) -> Problem:
    """Return a card's decline."""
    return Problem(402, "card_error", message, code=code, decline_code=decline_code, **more)
