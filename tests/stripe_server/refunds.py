"""Refunds, of a charge as a whole or in parts."""

from typing import Any

from stripe_server.books import Books, Object
from stripe_server.customers import card_of
from stripe_server.payments import THREE_DECIMALS, WHOLE_UNITS
from stripe_server.problems import invalid, unfit

REASONS = {"duplicate", "fraudulent", "requested_by_customer"}


def create_refund(books: Books, given: dict[str, Any]) -> Object:
    if bool(given.get("charge")) == bool(given.get("payment_intent")):
        raise unfit("One of the following params should be provided: payment_intent, charge.", param="charge")
    if given.get("reason") and given["reason"] not in REASONS:
        raise unfit(f"Invalid reason: must be one of {', '.join(sorted(REASONS))}", param="reason")
    charge = refundable_charge(books, given)
    left = charge["amount"] - charge["amount_refunded"]
    if left == 0:
        raise invalid(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = given.get("amount", left)
    if amount < 1:
        raise invalid("Invalid positive integer", param="amount", code="parameter_invalid_integer")
    if amount > left:
        raise invalid(
            f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", param="amount"
        )
    currency = charge["currency"]
    if (currency in THREE_DECIMALS and amount % 10) or (currency in WHOLE_UNITS and amount % 100):
        raise invalid("Invalid amount.", param="amount", code="invalid_charge_amount_no_decimal_compatible")
    return make_refund(books, charge, amount, given)


def refundable_charge(books: Books, given: dict[str, Any]) -> Object:
    if given.get("charge"):
        charge = books.get("charge", given["charge"], param="charge", status=400)
    else:
        intent = books.get("payment_intent", given["payment_intent"], param="payment_intent", status=400)
        if intent["status"] != "succeeded":
            raise invalid(
                f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.",
                param="payment_intent",
            )
        charge = books.objects[intent["latest_charge"]]
    if charge["status"] != "succeeded":
        raise invalid("This charge did not succeed.", param="charge")
    if charge["disputed"]:
        raise invalid(f"Charge {charge['id']} has been charged back.", code="charge_disputed")
    return charge


def make_refund(books: Books, charge: Object, amount: int, given: dict[str, Any]) -> Object:
    method = books.objects[charge["payment_method"]]
    course = card_of(books, method).refund if method["type"] == "card" else "pending"
    refund = books.add(
        "refund",
        "re",
        amount=amount,
        currency=charge["currency"],
        charge=charge["id"],
        payment_intent=charge["payment_intent"],
        reason=given.get("reason"),
        status="pending" if course == "pending" else "succeeded",
        metadata=given.get("metadata", {}),
    )
    books.behind[refund["id"]] = {"course": course}
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    books.tell("refund.created", refund)
    books.tell("charge.refunded", charge)
    return refund


def settle_refund(books: Books, refund: Object) -> None:
    """Let the days go by that a refund takes."""
    if books.behind[refund["id"]]["course"] == "fails_later":
        refund["status"] = "failed"
        refund["failure_reason"] = "expired_or_canceled_card"
        charge: Object = books.objects[refund["charge"]]
        charge["amount_refunded"] -= refund["amount"]
        charge["refunded"] = False
        books.tell("refund.failed", refund)
    elif refund["status"] == "pending":
        refund["status"] = "succeeded"
        books.tell("refund.updated", refund)


def get_refund(books: Books, name: str, _given: dict[str, Any]) -> Object:
    return books.get("refund", name)


def list_refunds(books: Books, given: dict[str, Any]) -> list[Object]:
    wanted = {name: given[name] for name in ("payment_intent", "charge") if given.get(name)}
    found = [
        one for one in books.all_of("refund") if all(one[name] == value for name, value in wanted.items())
    ]
    return found[::-1]
