"""Asking Stripe: the client, the keys, and what an error means: it happened, it did not, or nobody can say."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

import stripe

from seatledger.domain.payments.gateways.interface import ANSWER_WITHIN_S, GatewayRefused, OutcomeUnknown

# The version of Stripe's interface that this code was written for. It is asked for with every request, so an account's
# own version does not matter. It is changed together with the library, whose types speak of it.
API_VERSION: Final = "2026-10-28.endive"
# Of the time in all, how much may go by until there is a connection.
CONNECT_WITHIN_S: Final = 5
# How often a key that Stripe answers with its memory of a failure is followed by another.
_MOST_KEYS: Final = 5

T = TypeVar("T")


class KeyUsedBefore(GatewayRefused):
    """The key stands, since some hours at most, for a request in other words: an older release asked."""

    code = "key_used_before"


class FailureRemembered(OutcomeUnknown):
    """Stripe answers with the failure of an earlier request with this key, and will for a day."""


def open_client(key: str, address: str | None, *, within_s: float = ANSWER_WITHIN_S) -> stripe.StripeClient:
    """Return a client for this key. It never tries again by itself: what is tried again is decided here."""
    # Otherwise the library leaves an id of this machine in a file, and tells it together with how long we waited.
    stripe.enable_telemetry = False
    connect_within_s = min(CONNECT_WITHIN_S, within_s / 2)
    return stripe.StripeClient(
        key,
        stripe_version=API_VERSION,
        base_addresses={"api": address} if address else {},
        max_network_retries=0,
        http_client=stripe.RequestsClient(timeout=(connect_within_s, within_s - connect_within_s)),
    )


@contextmanager
def asking_stripe() -> Iterator[None]:
    """Turn what the library raises into our failures.

    A key that Stripe does not accept decides nothing: once it is put right, what was asked for is asked after.
    Raises OutcomeUnknown and GatewayRefused.
    """
    try:
        yield
    except stripe.IdempotencyError as error:
        raise KeyUsedBefore(_described(error)) from error
    except (stripe.CardError, stripe.InvalidRequestError) as error:
        raise GatewayRefused(_described(error)) from error
    except stripe.StripeError as error:
        failure = FailureRemembered if _is_remembered(error) else OutcomeUnknown
        raise failure(_described(error)) from error


def insist(ask: Callable[[str], T], key: str, *, found: Callable[[], T | None]) -> T:
    """Ask with this key and, where Stripe's memory of it is of no use, with the next: `key:2`, `key:3`.

    `found` looks whether the effect is there, and is asked before a further key is used.
    """
    for number in range(1, _MOST_KEYS + 1):
        try:
            return ask(key if number == 1 else f"{key}:{number}")
        except (KeyUsedBefore, FailureRemembered):
            effect = found()
            if effect is not None:
                return effect
    raise OutcomeUnknown(f"Stripe remembers failures of all keys up to {key}:{_MOST_KEYS}.")


def _is_remembered(error: stripe.StripeError) -> bool:
    return (error.http_status or 0) >= 500 and (error.headers or {}).get("Idempotent-Replayed") == "true"


def _described(error: stripe.StripeError) -> str:
    """Return what Stripe said, and its name for the request, but nothing that we sent."""
    said = error.user_message or type(error).__name__
    return f"Stripe: {said} ({error.request_id})" if error.request_id else f"Stripe: {said}"
