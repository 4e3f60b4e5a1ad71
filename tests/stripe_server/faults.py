"""What goes wrong on purpose: each fault is used up by the requests it was made for."""

from dataclasses import dataclass
from typing import Any

from stripe_server.books import Books
from stripe_server.problems import Problem

# When a fault strikes, beside the effect of the request. An answer of 5xx "after" is remembered under the key.
KINDS = (
    "drop_before",
    "drop_after",
    "delay_before",
    "delay_after",
    "limit",
    "error_before",
    "error_after",
    "refuse_key",
)


@dataclass
class Fault:
    """`path` is a part of the path, `seconds` is for delays (or until they are let go), `times` how many requests it strikes."""

    kind: str
    method: str = "POST"
    path: str = ""
    times: int = 1
    seconds: float = 0.0


def add_fault(books: Books, stated: dict[str, Any]) -> None:
    fault = Fault(**stated)
    assert fault.kind in KINDS, fault.kind
    books.let_go.clear()
    books.faults.append(fault)


def take_fault(books: Books, method: str, path: str) -> Fault:
    """Return the first fault that is made for the request and has something left, else one that does nothing."""
    for fault in books.faults:
        if fault.times and fault.method in {"", method} and fault.path in path:
            fault.times -= 1
            return fault
    return Fault("none")


def refuse_before(fault: Fault) -> None:
    """Raise what answers a request that is not even begun."""
    if fault.kind == "limit":
        raise Problem(
            429,
            "invalid_request_error",
            "Request rate limit exceeded.",
            remembered=False,
            code="rate_limit",
        )
    if fault.kind == "refuse_key":
        raise Problem(401, "invalid_request_error", "Expired API Key provided.", remembered=False)
    if fault.kind == "error_before":
        raise our_failure()


def our_failure() -> Problem:
    return Problem(500, "api_error", "Sorry! There was an error while talking to one of our backends.")
