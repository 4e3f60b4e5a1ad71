"""Setup intents, and Checkout Sessions in setup mode, with what happens on their page."""

from typing import Any

from stripe_server.books import Books, Object
from stripe_server.customers import card_of, decline_of, new_card, new_debit
from stripe_server.problems import Problem, invalid, unfit

TYPES = {"card", "sepa_debit"}
LIFETIME_S = 24 * 3600


def create_session(books: Books, given: dict[str, Any]) -> Object:
    """Open a page on which a customer enters a card or a bank account."""
    if given["mode"] != "setup":
        raise invalid("The stand-in knows the mode setup alone.", param="mode")
    types = given.get("allowed_payment_method_types")
    if not types and not given.get("currency"):
        raise unfit("Missing required param: currency.", param="currency", code="parameter_missing")
    types = checked_types(types or ["card"])
    for name in ("success_url", "cancel_url"):
        if given.get(name) and not given[name].startswith(("http://", "https://")):
            raise unfit("Not a valid URL", param=name, code="url_invalid")
    customer = given.get("customer")
    if customer:
        books.get("customer", customer, param="customer", status=400)
    intent = new_setup_intent(books, customer, types)
    session = books.add(
        "checkout.session",
        "cs_test",
        mode="setup",
        status="open",
        payment_status="no_payment_required",
        customer=customer,
        setup_intent=intent["id"],
        payment_intent=None,
        payment_method_types=types,
        client_reference_id=given.get("client_reference_id"),
        success_url=given["success_url"],
        cancel_url=given.get("cancel_url"),
        expires_at=books.now() + LIFETIME_S,
        metadata=given.get("metadata", {}),
        locale=given.get("locale"),
    )
    session["url"] = f"{books.address}/pay/{session['id']}"
    return session


def checked_types(types: list[str]) -> list[str]:
    for one in types:
        if one not in TYPES:
            raise unfit(f"Invalid payment method type: {one}", param="allowed_payment_method_types")
    return types


def get_session(books: Books, name: str, _given: dict[str, Any]) -> Object:
    session = books.get("checkout.session", name)
    if session["status"] == "open" and books.now() >= session["expires_at"]:
        end_session(books, session)
    return session


def expire_session(books: Books, name: str, _given: dict[str, Any]) -> Object:
    session = get_session(books, name, {})
    if session["status"] != "open":
        raise invalid(
            f'Only Checkout Sessions with a status in ["open"] can be expired. It is {session["status"]}.'
        )
    end_session(books, session)
    return session


def end_session(books: Books, session: Object) -> None:
    session["status"] = "expired"
    session["url"] = None
    books.tell("checkout.session.expired", session)


def new_setup_intent(books: Books, customer: str | None, types: list[str]) -> Object:
    made = books.add(
        "setup_intent",
        "seti",
        status="requires_payment_method",
        customer=customer,
        payment_method=None,
        payment_method_types=types,
        usage="off_session",
        last_setup_error=None,
        next_action=None,
        metadata={},
    )
    made["client_secret"] = f"{made['id']}_secret_stand"
    books.tell("setup_intent.created", made)
    return made


def create_setup_intent(books: Books, given: dict[str, Any]) -> Object:
    types = checked_types(given.get("allowed_payment_method_types") or ["card"])
    intent = new_setup_intent(books, given.get("customer"), types)
    intent["metadata"] = given.get("metadata", {})
    return intent


def get_setup_intent(books: Books, name: str, _given: dict[str, Any]) -> Object:
    return books.get("setup_intent", name)


def enter_method(books: Books, session: Object, entered: dict[str, str]) -> Object:
    """Take what was typed into the page. Returns the setup intent; raises a Problem for what the page shows in red."""
    intent: Object = books.objects[session["setup_intent"]]
    if "sepa_debit" in session["payment_method_types"]:
        method = new_debit(books, entered.get("iban", ""))
        return finish_setup(books, session, method)
    month, _, year = entered.get("expiry", "12/34").partition("/")
    number = "".join(letter for letter in entered.get("number", "") if letter.isdigit())
    if len(number) not in {15, 16}:
        raise invalid("Your card number is incomplete.", code="incomplete_number")
    method = new_card(books, number, int(month), 2000 + int(year) % 100)
    card = card_of(books, method)
    if card.decline_at_setup:
        fail_setup(books, intent, method, decline_of(card.decline))
    if card.must_ask(off_session=False, set_up=False):
        intent |= {
            "status": "requires_action",
            "payment_method": method["id"],
            "next_action": {
                "type": "redirect_to_url",
                "redirect_to_url": {
                    "url": f"{books.address}/authenticate/{intent['id']}",
                    "return_url": session["success_url"],
                },
            },
        }
        books.objects[intent["id"]] = intent
        return intent
    return finish_setup(books, session, method)


def fail_setup(books: Books, intent: Object, method: Object, problem: Problem) -> None:
    """Let the attempt fail; the page stays open for another."""
    intent["status"] = "requires_payment_method"
    intent["payment_method"] = None
    intent["next_action"] = None
    intent["last_setup_error"] = problem.body["error"] | {"payment_method": dict(method)}
    books.tell("setup_intent.setup_failed", intent)
    raise problem


def finish_setup(books: Books, session: Object, method: Object) -> Object:
    """The method belongs to the customer from now on, and may be charged while he is away."""
    intent: Object = books.objects[session["setup_intent"]]
    method["customer"] = session["customer"]
    books.behind[method["id"]]["set_up"] = True
    intent["status"] = "succeeded"
    intent["payment_method"] = method["id"]
    intent["next_action"] = None
    session["status"] = "complete"
    session["url"] = None
    books.tell("payment_method.attached", method)
    books.tell("setup_intent.succeeded", intent)
    books.tell("checkout.session.completed", session)
    return intent


def session_of(books: Books, intent: Object) -> Object:
    return next(one for one in books.all_of("checkout.session") if one["setup_intent"] == intent["id"])


def authenticate_setup(books: Books, intent: Object, *, agreed: bool) -> None:
    """The customer told his bank that it is he, or did not."""
    method: Object = books.objects[intent["payment_method"]]
    if agreed:
        finish_setup(books, session_of(books, intent), method)
        return
    problem = invalid(
        "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
        code="setup_intent_authentication_failure",
    )
    fail_setup(books, intent, method, problem)
