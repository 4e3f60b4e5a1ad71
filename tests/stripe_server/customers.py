"""Customers, and their payment methods."""

from typing import Any

from stripe_server.books import Books, Object
from stripe_server.cards import CARDS, DECLINES, IBANS, TOKENS, WITHOUT_DECLINE_CODE, Card
from stripe_server.problems import Problem, declined, invalid


def create_customer(books: Books, given: dict[str, Any]) -> Object:
    made = books.add(
        "customer",
        "cus",
        name=given.get("name"),
        email=given.get("email"),
        description=given.get("description"),
        metadata=given.get("metadata", {}),
    )
    books.tell("customer.created", made)
    return made


def get_customer(books: Books, name: str, _given: dict[str, Any]) -> Object:
    """Return a customer; of one that was deleted, that it was."""
    if name in books.behind and books.behind[name].get("deleted"):
        return {"id": name, "object": "customer", "deleted": True}
    return books.get("customer", name)


def delete_customer(books: Books, name: str, _given: dict[str, Any]) -> Object:
    """Forget a customer for good, and detach its methods. What was charged stays."""
    gone = books.get("customer", name)
    for method in list_methods(books, {"customer": name}):
        method["customer"] = None
        books.behind[method["id"]]["detached"] = True
    del books.objects[name]
    books.behind[name] = {"deleted": True}
    books.tell("customer.deleted", gone)
    return {"id": name, "object": "customer", "deleted": True}


def new_card(books: Books, number: str, month: int = 12, year: int = 2034) -> Object:
    """Return a card that belongs to nobody yet. An unknown number is a card that works."""
    card = CARDS.get(number, Card(number))
    made = books.add(
        "payment_method",
        "pm",
        type="card",
        customer=None,
        billing_details={"email": None, "name": None},
        metadata={},
        card={
            "brand": card.brand,
            "display_brand": card.brand,
            "last4": number[-4:],
            "exp_month": month,
            "exp_year": year,
            "country": "US",
            "funding": "credit",
            "fingerprint": f"print{number[-4:]}",
        },
    )
    books.behind[made["id"]] = {"card": card, "set_up": False}
    return made


def new_debit(books: Books, iban: str) -> Object:
    """Return a bank account that belongs to nobody yet."""
    iban = iban.replace(" ", "").upper()
    made = books.add(
        "payment_method",
        "pm",
        type="sepa_debit",
        customer=None,
        billing_details={"email": None, "name": None},
        metadata={},
        sepa_debit={
            "bank_code": iban[4:12],
            "country": iban[:2],
            "last4": iban[-4:],
            "fingerprint": iban[-8:],
        },
    )
    books.behind[made["id"]] = {"iban": IBANS.get(iban, "succeeds"), "set_up": False}
    return made


def card_of(books: Books, method: Object) -> Card:
    card = books.behind[method["id"]]["card"]
    assert isinstance(card, Card)
    return card


def method_named(books: Books, name: str, *, param: str = "id", status: int = 404) -> Object:
    """Return a payment method; one of the documented names makes a new card."""
    if name in TOKENS:
        return new_card(books, TOKENS[name])
    return books.get("payment_method", name, param=param, status=status)


def decline_of(code: str, **more: Any) -> Problem:
    """Return the error of a decline."""
    error_code, message = DECLINES[code]
    return declined(error_code, "" if code in WITHOUT_DECLINE_CODE else code, message, **more)


def get_method(books: Books, name: str, _given: dict[str, Any]) -> Object:
    return method_named(books, name)


def list_methods(books: Books, given: dict[str, Any]) -> list[Object]:
    return [one for one in books.all_of("payment_method") if one["customer"] == given.get("customer")]


def attach_method(books: Books, name: str, given: dict[str, Any]) -> Object:
    """Give a method to a customer. Cards that decline are checked here, but for those meant to decline later."""
    method = method_named(books, name)
    customer = books.get("customer", given["customer"], param="customer", status=400)
    if method["customer"] not in {None, customer["id"]}:
        raise invalid("The payment method you provided has already been attached to a customer.")
    if method["type"] == "card" and card_of(books, method).decline_at_setup:
        raise decline_of(card_of(books, method).decline)
    method["customer"] = customer["id"]
    books.tell("payment_method.attached", method)
    return method


def detach_method(books: Books, name: str, _given: dict[str, Any]) -> Object:
    method = books.get("payment_method", name)
    if method["customer"] is None:
        raise invalid(
            "The payment method you provided is not attached to a customer so detachment is impossible."
        )
    method["customer"] = None
    books.behind[name]["detached"] = True
    books.tell("payment_method.detached", method)
    return method
