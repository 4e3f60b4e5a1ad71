"""Which request does what, and which parameters it may carry."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from stripe_server import customers, disputes, payments, refunds, setups
from stripe_server.books import Books, Object, expanded
from stripe_server.parameters import Parameters
from stripe_server.problems import invalid, missing, unfit

CONFIRMING = ("payment_method", "off_session bool_or_text", "return_url", "use_stripe_sdk bool")
LISTING = ("limit integer", "starting_after", "ending_before")


@dataclass(frozen=True)
class Route:
    method: str
    path: re.Pattern[str]
    act: Callable[..., Any]
    parameters: Parameters


def route(method: str, path: str, act: Callable[..., Any], *parameters: str) -> Route:
    pattern = re.compile("/v1/" + path.replace(":id", "(?P<name>[A-Za-z0-9_]+)"))
    return Route(method, pattern, act, Parameters(*parameters))


def list_events(books: Books, given: dict[str, Any]) -> list[Object]:
    return [one for one in books.events if given.get("type") in {None, one["type"]}][::-1]


def get_event(books: Books, name: str, _given: dict[str, Any]) -> Object:
    found = next((one for one in books.events if one["id"] == name), None)
    if found is None:
        raise missing("event", name)
    return found


ROUTES = [
    route("POST", "customers", customers.create_customer, "name", "email", "description", "metadata map"),
    route("GET", "customers/:id", customers.get_customer),
    route("DELETE", "customers/:id", customers.delete_customer),
    route("GET", "payment_methods", customers.list_methods, "customer", "type", *LISTING),
    route("GET", "payment_methods/:id", customers.get_method),
    route("POST", "payment_methods/:id/attach", customers.attach_method, "customer!"),
    route("POST", "payment_methods/:id/detach", customers.detach_method),
    route(
        "POST",
        "checkout/sessions",
        setups.create_session,
        "mode!",
        "customer",
        "success_url!",
        "cancel_url",
        "client_reference_id",
        "allowed_payment_method_types list",
        "currency",
        "locale",
        "metadata map",
    ),
    route("GET", "checkout/sessions/:id", setups.get_session),
    route("POST", "checkout/sessions/:id/expire", setups.expire_session),
    route(
        "POST",
        "setup_intents",
        setups.create_setup_intent,
        "customer",
        "allowed_payment_method_types list",
        "metadata map",
    ),
    route("GET", "setup_intents/:id", setups.get_setup_intent),
    route(
        "POST",
        "payment_intents",
        payments.create_intent,
        "amount! integer",
        "currency!",
        "customer",
        "description",
        "metadata map",
        "allowed_payment_method_types list",
        "confirm bool",
        *CONFIRMING,
    ),
    route("GET", "payment_intents", payments.list_intents, "customer", *LISTING),
    route("GET", "payment_intents/:id", payments.get_intent),
    route("POST", "payment_intents/:id/confirm", payments.confirm_intent, *CONFIRMING),
    route("POST", "payment_intents/:id/cancel", payments.cancel_intent, "cancellation_reason"),
    route("GET", "charges/:id", payments.get_charge),
    route(
        "POST",
        "refunds",
        refunds.create_refund,
        "payment_intent",
        "charge",
        "amount integer",
        "reason",
        "metadata map",
    ),
    route("GET", "refunds", refunds.list_refunds, "payment_intent", "charge", *LISTING),
    route("GET", "refunds/:id", refunds.get_refund),
    route("GET", "disputes/:id", disputes.get_dispute),
    route("GET", "events", list_events, "type", *LISTING),
    route("GET", "events/:id", get_event),
]


def find_route(method: str, path: str) -> tuple[Route, str | None]:
    """Return the route and the object's name in the path."""
    for one in ROUTES:
        match = one.path.fullmatch(path)
        if match and one.method == method:
            return one, match.groupdict().get("name")
    raise invalid(f"Unrecognized request URL ({method}: {path}).", status=404)


def perform(books: Books, found: Route, name: str | None, given: dict[str, Any], path: str) -> Object:
    """Do what the route is for and return the object it answers with."""
    arguments = () if name is None else (name,)
    made = found.act(books, *arguments, given)
    paths = given.get("expand", [])
    if isinstance(made, list):
        return paged(books, made, given, path)
    return expanded(books, made, paths)


def paged(books: Books, found: list[Object], given: dict[str, Any], path: str) -> Object:
    limit = given.get("limit", 10)
    if not 1 <= limit <= 100:
        raise unfit("This value must be between 1 and 100.", param="limit")
    names = [one["id"] for one in found]
    if given.get("starting_after"):
        if given["starting_after"] not in names:
            raise missing("object", given["starting_after"], param="starting_after", status=400)
        found = found[names.index(given["starting_after"]) + 1 :]
    shown = [expanded(books, one, []) for one in found[:limit]]
    return {"object": "list", "data": shown, "has_more": len(found) > limit, "url": path}
