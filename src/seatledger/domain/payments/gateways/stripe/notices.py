"""Stripe's webhooks: who sent one, and what it speaks of. Nothing else in it is believed."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from stripe import SignatureVerificationError, WebhookSignature

from seatledger.domain.payments.gateways.interface import About, ForgedNotice, Notice

HEADER: Final = "stripe-signature"
OLDEST_S: Final = 300

# The kinds of events that are of use: docs/payments-with-stripe.md lists them for whoever sets up the webhook.
EVENTS: Final = {
    "payment_intent.succeeded": About.PAYMENT,
    "payment_intent.payment_failed": About.PAYMENT,
    "payment_intent.processing": About.PAYMENT,
    "payment_intent.canceled": About.PAYMENT,
    "checkout.session.completed": About.SETUP,
    "checkout.session.expired": About.SETUP,
    "refund.created": About.REFUND,
    "refund.updated": About.REFUND,
    "refund.failed": About.REFUND,
    "charge.dispute.created": About.DISPUTE,
    "charge.dispute.updated": About.DISPUTE,
    "charge.dispute.closed": About.DISPUTE,
}


def read_signed_notice(body: bytes, headers: Mapping[str, str], secrets: Sequence[str]) -> Notice:
    """Return what a webhook speaks of, once one of the secrets has signed it in the last five minutes.

    Raises ForgedNotice.
    """
    signature = next((value for name, value in headers.items() if name.lower() == HEADER), None)
    if not any(_is_signed(body, signature, secret) for secret in secrets):
        raise ForgedNotice(
            "The webhook is not signed with a secret of ours, or it is older than five minutes."
        )
    return _read(body)


def _is_signed(body: bytes, signature: str | None, secret: str) -> bool:
    try:
        WebhookSignature.verify_header(body, signature, secret, tolerance=OLDEST_S)
    except (SignatureVerificationError, UnicodeDecodeError):
        return False
    return True


def _read(body: bytes) -> Notice:
    try:
        event: dict[str, Any] = json.loads(body)
        event_id, kind = event["id"], event["type"]
        reference = event.get("data", {}).get("object", {}).get("id", "")
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ForgedNotice("The webhook is signed, but it is no event of Stripe's.") from None
    about = EVENTS.get(kind, About.NOTHING)
    return Notice(str(event_id), about, str(reference) if about is not About.NOTHING else "")
