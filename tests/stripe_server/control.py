"""Commands of tests: what goes wrong, what time does, and what the books say."""

from typing import Any

from stripe_server.books import Books, Object
from stripe_server.customers import new_card, new_debit
from stripe_server.deliveries import Deliveries
from stripe_server.disputes import close_dispute, open_dispute
from stripe_server.faults import add_fault
from stripe_server.pages import authenticate
from stripe_server.payments import settle_debit
from stripe_server.problems import Problem
from stripe_server.refunds import settle_refund
from stripe_server.setups import enter_method


def control(books: Books, deliveries: Deliveries, command: str, said: dict[str, Any]) -> Any:
    """Do a command and return what it has to say."""
    if command == "webhooks":
        return deliveries.set_up(said)
    if command == "webhooks/release":
        return deliveries.release(said)
    if command == "webhooks/forge":
        return deliveries.forge(said)
    if command == "webhooks/sent":
        return deliveries.sent
    with books.lock:
        if command == "reset":
            deliveries.clear()
            return books.clear()
        return COMMANDS[command](books, said)


def show_books(books: Books, _said: dict[str, Any]) -> Object:
    """Return every charge and every refund with its time and the key it came with, and every request."""

    def listed(kind: str) -> list[Object]:
        return [one | {"key": books.behind.get(one["id"], {}).get("key")} for one in books.all_of(kind)]

    return {
        "charges": listed("charge"),
        "refunds": listed("refund"),
        "payment_intents": list(books.all_of("payment_intent")),
        "customers": list(books.all_of("customer")),
        "disputes": list(books.all_of("dispute")),
        "events": books.events,
        "requests": books.requests,
        "faults_left": sum(fault.times for fault in books.faults),
    }


def make_method(books: Books, said: dict[str, Any]) -> Object:
    """Give a customer a card (`number`) or a bank account (`iban`), set up as by the hosted page."""
    method = new_debit(books, said["iban"]) if "iban" in said else new_card(books, said["number"])
    method["customer"] = said["customer"]
    books.behind[method["id"]]["set_up"] = said.get("set_up", True)
    return method


def fill_in_page(books: Books, said: dict[str, Any]) -> Object:
    """Do what a customer does on the page of a session. Returns the setup intent, or what the page says in red."""
    session = books.get("checkout.session", said.pop("session"))
    try:
        return enter_method(books, session, said)
    except Problem as problem:
        return problem.body


def talk_to_bank(books: Books, said: dict[str, Any]) -> str:
    """Let the customer agree with his bank, or not. Returns where he is sent."""
    return authenticate(books, said["intent"], agreed=said.get("agreed", True))


def move_clock(books: Books, said: dict[str, Any]) -> None:
    books.clock_ahead_s += said["seconds"]


def count_requests(books: Books, _said: dict[str, Any]) -> int:
    return len(books.requests)


def wait_for_requests(books: Books, said: dict[str, Any]) -> int:
    """Return the number of requests as soon as there are `number`, or after so many `seconds`."""
    books.asked.wait_for(lambda: len(books.requests) >= said["number"], said["seconds"])
    return len(books.requests)


def let_go(books: Books, _said: dict[str, Any]) -> None:
    """Let go on, at once, what a delay holds."""
    books.let_go.set()


def wait_for_the_end(books: Books, said: dict[str, Any]) -> bool:
    """Say whether no request is worked on any more, as soon as that is so or after so many `seconds`."""
    return books.asked.wait_for(lambda: not books.at_work, said["seconds"])


def set_latency(books: Books, said: dict[str, Any]) -> None:
    books.latency_s = said["seconds"]


def let_days_go_by(books: Books, _said: dict[str, Any]) -> None:
    """Settle every direct debit that is on its way, and every refund."""
    for intent in list(books.all_of("payment_intent")):
        if intent["status"] == "processing":
            settle_debit(books, intent, books.behind[intent["payment_method"]]["iban"])
    for refund in list(books.all_of("refund")):
        settle_refund(books, refund)


def dispute(books: Books, said: dict[str, Any]) -> Object:
    intent = books.get("payment_intent", said["payment_intent"])
    return open_dispute(books, books.objects[intent["latest_charge"]], said.get("reason", "fraudulent"))


def decide_dispute(books: Books, said: dict[str, Any]) -> None:
    close_dispute(books, books.get("dispute", said["dispute"]), said["status"])


COMMANDS = {
    "books": show_books,
    "faults": add_fault,
    "methods": make_method,
    "page": fill_in_page,
    "bank": talk_to_bank,
    "clock": move_clock,
    "count": count_requests,
    "wait": wait_for_requests,
    "let_go": let_go,
    "end": wait_for_the_end,
    "latency": set_latency,
    "days": let_days_go_by,
    "disputes": dispute,
    "disputes/decide": decide_dispute,
}
