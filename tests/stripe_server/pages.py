"""The pages a customer sees at Stripe: entering a card or a bank account, and confirming with the bank."""

from html import escape
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from stripe_server.books import Books, Object
from stripe_server.payments import authenticate_payment
from stripe_server.problems import Problem
from stripe_server.setups import authenticate_setup, enter_method, get_session, session_of

Page = tuple[int, str, dict[str, str]]

HEAD = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"></head><body><main><h1>{title}</h1>"""
CARD = """<p><label>Card number <input name="number" inputmode="numeric" autocomplete="off" required></label></p>
<p><label>Expiry <input name="expiry" placeholder="MM / YY" required></label></p>
<p><label>CVC <input name="cvc" required></label></p>"""
DEBIT = """<p><label>IBAN <input name="iban" required></label></p>
<p>By saving it you allow the seller to debit your account (a test's mandate).</p>"""


def answer_page(books: Books, path: str, text: str, method: str) -> Page:
    """Return the page, or where to go from it."""
    place, _, name = path.strip("/").partition("/")
    entered = dict(parse_qsl(text))
    try:
        with books.lock:
            if place == "pay":
                return pay_page(books, name, entered if method == "POST" else None)
            if place == "authenticate":
                return bank_page(books, name, entered if method == "POST" else None)
    except Problem as problem:
        return problem.status, HEAD.format(title="Something went wrong") + escape(str(problem)), {}
    return 404, HEAD.format(title="Not found"), {}


def pay_page(books: Books, name: str, entered: dict[str, str] | None) -> Page:
    session = get_session(books, name, {})
    if session["status"] != "open":
        return 200, HEAD.format(title="You're all done here"), {}
    problem = ""
    if entered is not None:
        try:
            intent = enter_method(books, session, entered)
        except Problem as refused:
            problem = f'<p role="alert">{escape(str(refused))}</p>'
        else:
            return see_other(next_page(session, intent))
    else:
        error = books.objects[session["setup_intent"]]["last_setup_error"]
        problem = f'<p role="alert">{escape(error["message"])}</p>' if error else ""
    fields = DEBIT if "sepa_debit" in session["payment_method_types"] else CARD
    back = f'<p><a href="{escape(session["cancel_url"] or "")}">Back</a></p>'
    form = f'<form method="post">{fields}<button>Save</button></form>'
    return 200, HEAD.format(title="Set up a payment method") + problem + form + back, {}


def next_page(session: Object, intent: Object) -> str:
    if intent["next_action"]:
        return str(intent["next_action"]["redirect_to_url"]["url"])
    return done_page(session)


def done_page(session: Object) -> str:
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def bank_page(books: Books, name: str, entered: dict[str, str] | None) -> Page:
    if entered is not None:
        return see_other(authenticate(books, name, agreed=entered.get("answer") == "agree"))
    buttons = (
        '<form method="post"><button name="answer" value="agree">Complete authentication</button> '
        '<button name="answer" value="refuse">Fail authentication</button></form>'
    )
    return 200, HEAD.format(title="3D Secure test page") + buttons, {}


def authenticate(books: Books, name: str, *, agreed: bool) -> str:
    """Let the customer agree with his bank, or not, and return where he is sent."""
    intent = books.objects[name]
    action = intent["next_action"]
    if not action or intent["status"] != "requires_action":
        raise Problem(400, "invalid_request_error", "There is nothing to authenticate.")
    if intent["object"] == "setup_intent":
        return back_from_setup(books, intent, agreed=agreed)
    back = action["redirect_to_url"]["return_url"]
    result = "succeeded"
    try:
        authenticate_payment(books, intent, agreed=agreed)
    except Problem:
        result = "failed"
    said = {
        "payment_intent": name,
        "payment_intent_client_secret": intent["client_secret"],
        "redirect_status": result,
    }
    parts = urlsplit(back)
    return urlunsplit(parts._replace(query="&".join(filter(None, [parts.query, urlencode(said)]))))


def back_from_setup(books: Books, intent: Object, *, agreed: bool) -> str:
    session = session_of(books, intent)
    try:
        authenticate_setup(books, intent, agreed=agreed)
    except Problem:
        return str(session["url"])
    return done_page(session)


def see_other(address: str) -> Page:
    return 303, "", {"Location": address}
