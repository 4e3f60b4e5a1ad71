"""Payment intents and the charges they make."""

from typing import Any

from stripe_server.books import Books, Object
from stripe_server.customers import card_of, decline_of, method_named
from stripe_server.disputes import open_dispute
from stripe_server.problems import Problem, declined, invalid, unexpected_state
from stripe_server.setups import checked_types

# The least that can be charged, in the smallest unit; for other currencies the stand-in knows none.
LEAST = {"usd": 50, "eur": 50, "gbp": 30, "jpy": 50, "chf": 50}
THREE_DECIMALS = {"bhd", "jod", "kwd", "omr", "tnd"}
WHOLE_UNITS = {"isk", "ugx"}
CANCELLABLE = {"requires_payment_method", "requires_confirmation", "requires_action", "requires_capture"}


def check_amount(amount: int, currency: str) -> None:
    if len(currency) != 3 or not currency.isalpha():
        raise invalid(f"Invalid currency: {currency}", param="currency")
    if amount < 1:
        raise invalid(
            "This value must be greater than or equal to 1.", param="amount", code="parameter_invalid_integer"
        )
    if amount < LEAST.get(currency, 1):
        raise invalid("Amount is below the minimum charge amount.", param="amount", code="amount_too_small")
    if amount > 99_999_999:
        raise invalid("Amount must be no more than 99999999.", param="amount", code="amount_too_large")
    if currency in THREE_DECIMALS and amount % 10:
        raise invalid("Invalid amount: it must end in 0 in a three-decimal currency.", param="amount")
    if currency in WHOLE_UNITS and amount % 100:
        raise invalid(
            f"Invalid amount. Currency {currency.upper()} has become effectively zero-decimal and charged amounts"
            " must be evenly divisible by 100.",
            param="amount",
            code="invalid_charge_amount_no_decimal_compatible",
        )


def create_intent(books: Books, given: dict[str, Any]) -> Object:
    currency = given["currency"].lower()
    check_amount(given["amount"], currency)
    customer = given.get("customer")
    if customer:
        books.get("customer", customer, param="customer", status=400)
    types = checked_types(given.get("allowed_payment_method_types") or ["card"])
    method = given_method(books, given.get("payment_method"), customer, types)
    intent = books.add(
        "payment_intent",
        "pi",
        amount=given["amount"],
        amount_received=0,
        currency=currency,
        status="requires_confirmation" if method else "requires_payment_method",
        customer=customer,
        payment_method=method["id"] if method else None,
        payment_method_types=types,
        description=given.get("description"),
        metadata=given.get("metadata", {}),
        latest_charge=None,
        last_payment_error=None,
        next_action=None,
        canceled_at=None,
        cancellation_reason=None,
        capture_method="automatic_async",
        confirmation_method="automatic",
    )
    intent["client_secret"] = f"{intent['id']}_secret_stand"
    books.tell("payment_intent.created", intent)
    if given.get("confirm"):
        return confirm_intent(books, intent["id"], given)
    return intent


def given_method(books: Books, name: str | None, customer: str | None, types: list[str]) -> Object | None:
    if not name:
        return None
    method = method_named(books, name, param="payment_method", status=400)
    if method["type"] not in types:
        raise invalid(
            f"The PaymentMethod provided ({method['type']}) is not allowed for this PaymentIntent.",
            param="payment_method",
        )
    if books.behind[method["id"]].get("detached"):
        raise invalid(
            "The provided PaymentMethod was previously used with a PaymentIntent or was detached from a Customer."
            " It may not be used again.",
            param="payment_method",
        )
    if customer and method["customer"] not in {None, customer}:
        raise invalid("The provided PaymentMethod belongs to another Customer.", param="payment_method")
    return method


def get_intent(books: Books, name: str, _given: dict[str, Any]) -> Object:
    return books.get("payment_intent", name)


def list_intents(books: Books, given: dict[str, Any]) -> list[Object]:
    wanted = given.get("customer")
    return [one for one in books.all_of("payment_intent") if wanted in {None, one["customer"]}]


def cancel_intent(books: Books, name: str, given: dict[str, Any]) -> Object:
    intent = books.get("payment_intent", name)
    if intent["status"] not in CANCELLABLE:
        raise unexpected_state(intent, "cancel")
    intent["status"] = "canceled"
    intent["canceled_at"] = books.now()
    intent["cancellation_reason"] = given.get("cancellation_reason")
    intent["next_action"] = None
    books.tell("payment_intent.canceled", intent)
    return intent


def confirm_intent(books: Books, name: str, given: dict[str, Any]) -> Object:
    """Take the money, or say what is in the way."""
    intent = books.get("payment_intent", name)
    if intent["status"] not in {"requires_confirmation", "requires_payment_method", "requires_action"}:
        raise unexpected_state(intent, "confirm")
    named = given.get("payment_method") or intent["payment_method"]
    method = given_method(books, named, intent["customer"], intent["payment_method_types"])
    if method is None:
        raise invalid(
            "You cannot confirm this PaymentIntent because it's missing a payment method.",
            code="payment_intent_unexpected_state",
        )
    intent["payment_method"] = method["id"]
    if method["type"] == "sepa_debit":
        return begin_debit(books, intent, method)
    off_session = bool(given.get("off_session"))
    card = card_of(books, method)
    if card.must_ask(off_session=off_session, set_up=books.behind[method["id"]]["set_up"]):
        if off_session:
            raise fail(books, intent, decline_of("authentication_required"))
        return ask_customer(books, intent, given.get("return_url"))
    return finish_card(books, intent)


def ask_customer(books: Books, intent: Object, return_url: str | None) -> Object:
    intent["status"] = "requires_action"
    if return_url:
        page = f"{books.address}/authenticate/{intent['id']}"
        intent["next_action"] = {
            "type": "redirect_to_url",
            "redirect_to_url": {"url": page, "return_url": return_url},
        }
    else:
        intent["next_action"] = {"type": "use_stripe_sdk", "use_stripe_sdk": {}}
    books.tell("payment_intent.requires_action", intent)
    return intent


def authenticate_payment(books: Books, intent: Object, *, agreed: bool) -> None:
    """The customer told his bank that it is he, or did not."""
    if agreed:
        finish_card(books, intent)
        return
    message = (
        "The provided PaymentMethod has failed authentication."
        " You can provide payment_method_data or a new PaymentMethod to attempt to fulfill this PaymentIntent again."
    )
    raise fail(books, intent, invalid(message, code="payment_intent_authentication_failure"))


def finish_card(books: Books, intent: Object) -> Object:
    card = card_of(books, books.objects[intent["payment_method"]])
    if card.decline:
        raise fail(books, intent, decline_of(card.decline))
    charge = new_charge(books, intent, "succeeded")
    succeed(books, intent)
    if card.disputed:
        open_dispute(books, charge, card.disputed)
    return intent


def begin_debit(books: Books, intent: Object, method: Object) -> Object:
    if not books.behind[method["id"]]["set_up"]:
        raise invalid("The payment method needs a mandate.", code="payment_intent_mandate_invalid")
    if intent["currency"] != "eur":
        raise invalid("Direct debits are in euros.", param="currency")
    new_charge(books, intent, "pending")
    intent["status"] = "processing"
    books.tell("payment_intent.processing", intent)
    return intent


def settle_debit(books: Books, intent: Object, ending: str) -> None:
    """Let the days go by that a direct debit takes."""
    charge: Object = books.objects[intent["latest_charge"]]
    if ending in {"fails", "insufficient_funds"}:
        code = "insufficient_funds" if ending == "insufficient_funds" else "generic_decline"
        problem = declined(
            "payment_intent_payment_attempt_failed", code, "The debit was returned by the bank."
        )
        charge |= {"status": "failed", "failure_code": code}
        books.objects[charge["id"]] = charge
        say_failed(books, intent, problem)
        return
    charge["status"] = "succeeded"
    succeed(books, intent)
    if ending == "succeeds_then_disputed":
        open_dispute(books, charge, "bank_cannot_process")


def succeed(books: Books, intent: Object) -> None:
    intent["status"] = "succeeded"
    intent["amount_received"] = intent["amount"]
    intent["next_action"] = None
    books.tell("charge.succeeded", books.objects[intent["latest_charge"]])
    books.tell("payment_intent.succeeded", intent)


def fail(books: Books, intent: Object, problem: Problem) -> Problem:
    """Record a failed attempt and return what is to be raised."""
    charge = new_charge(books, intent, "failed")
    charge["failure_code"] = problem.body["error"]["code"]
    problem.body["error"]["charge"] = charge["id"]
    say_failed(books, intent, problem)
    problem.body["error"]["payment_intent"] = dict(intent)
    return problem


def say_failed(books: Books, intent: Object, problem: Problem) -> None:
    method = books.objects[intent["payment_method"]]
    intent["status"] = "requires_payment_method"
    intent["payment_method"] = None
    intent["next_action"] = None
    intent["last_payment_error"] = problem.body["error"] | {"payment_method": dict(method)}
    books.tell("payment_intent.payment_failed", intent)


def new_charge(books: Books, intent: Object, status: str) -> Object:
    charge = books.add(
        "charge",
        "ch",
        amount=intent["amount"],
        amount_refunded=0,
        currency=intent["currency"],
        status=status,
        paid=status == "succeeded",
        refunded=False,
        disputed=False,
        customer=intent["customer"],
        payment_intent=intent["id"],
        payment_method=intent["payment_method"],
        metadata=dict(intent["metadata"]),
        failure_code=None,
    )
    intent["latest_charge"] = charge["id"]
    return charge


def get_charge(books: Books, name: str, _given: dict[str, Any]) -> Object:
    return books.get("charge", name)
