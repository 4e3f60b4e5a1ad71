"""Who signed a webhook is checked over its raw body; of what it says, kind and name are used."""

import json
import time

import pytest

from seatledger.domain.payments.gateways.interface import About, ForgedNotice, Notice
from seatledger.domain.payments.gateways.stripe.gateway import StripeGateway
from stripe_server.books import Books
from stripe_server.deliveries import Deliveries
from stripe_world import KEY, SECRET

BODY = json.dumps(
    {"id": "evt_1", "type": "payment_intent.succeeded", "data": {"object": {"id": "pi_1"}}}
).encode()
NEXT_SECRET = "whsec_next"  # noqa: S105 -- a test's


def signed(body=BODY, *, secrets=(SECRET,), at=None, name="Stripe-Signature"):
    return body, {name: Deliveries(Books()).signature(body, list(secrets), at=at)}


def gateway(*secrets):
    return StripeGateway(KEY, secrets or (SECRET,))


@pytest.mark.parametrize(
    ("kind", "about"),
    [
        ("payment_intent.succeeded", About.PAYMENT),
        ("payment_intent.payment_failed", About.PAYMENT),
        ("checkout.session.completed", About.SETUP),
        ("refund.failed", About.REFUND),
        ("charge.dispute.closed", About.DISPUTE),
        ("customer.created", About.NOTHING),
        ("charge.refunded", About.NOTHING),
    ],
)
def test_a_signed_webhook_says_what_to_look_up(kind, about):
    body = json.dumps({"id": "evt_1", "type": kind, "data": {"object": {"id": "x_1"}}}).encode()
    expected = Notice("evt_1", about, "" if about is About.NOTHING else "x_1")
    assert gateway().read_notice(*signed(body)) == expected


def test_the_headers_name_may_be_written_in_any_case():
    assert gateway().read_notice(*signed(name="stripe-signature")).event_id == "evt_1"


def test_another_version_or_another_shape_of_the_object_does_not_matter():
    event = {
        "id": "evt_1",
        "type": "refund.updated",
        "api_version": "2019-02-19",
        "data": {"object": {"id": "re_1"}},
    }
    event["data"]["object"] |= {"status": ["of", "an", "unknown", "shape"], "amount": "12,00"}
    assert gateway().read_notice(*signed(json.dumps(event).encode())) == Notice("evt_1", About.REFUND, "re_1")


@pytest.mark.parametrize("age_s", [0, 290])
def test_a_signature_is_good_for_five_minutes(age_s):
    assert gateway().read_notice(*signed(at=int(time.time()) - age_s)).event_id == "evt_1"


def test_while_one_secret_takes_over_from_another_either_is_good():
    both = gateway(NEXT_SECRET, SECRET)
    for secrets in ([SECRET], [NEXT_SECRET], [SECRET, NEXT_SECRET]):
        assert both.read_notice(*signed(secrets=secrets)).event_id == "evt_1"
    # Stripe signs with both meanwhile, so either side may change first.
    assert gateway(NEXT_SECRET).read_notice(*signed(secrets=[SECRET, NEXT_SECRET])).event_id == "evt_1"


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        pytest.param(BODY, {}, id="not signed"),
        pytest.param(BODY, {"Stripe-Signature": ""}, id="empty signature"),
        pytest.param(BODY, {"Stripe-Signature": "t=now,v1=00"}, id="no time"),
        pytest.param(BODY, {"Stripe-Signature": "v1"}, id="no signature in it"),
        pytest.param(*signed(secrets=["whsec_of_somebody_else"]), id="another secret"),
        pytest.param(*signed(secrets=[NEXT_SECRET]), id="a secret that is not ours yet"),
        pytest.param(*signed(secrets=[""]), id="an empty secret"),
        pytest.param(BODY + b" ", signed()[1], id="another body"),
        pytest.param(BODY.replace(b"pi_1", b"pi_2"), signed()[1], id="another object"),
        pytest.param(*signed(at=int(time.time()) - 700), id="too old"),
        pytest.param(b"\xff\xfe", signed(b"x")[1], id="no text"),
        pytest.param(*signed(b"no json"), id="signed, and no event"),
        pytest.param(*signed(b"[1]"), id="signed, and a list"),
        pytest.param(*signed(b'{"id": "evt_1"}'), id="signed, and without a kind"),
        pytest.param(*signed(b'{"id": "evt_1", "type": "a", "data": 1}'), id="signed, and without an object"),
    ],
)
def test_what_is_not_signed_by_stripe_is_refused(body, headers):
    with pytest.raises(ForgedNotice):
        gateway().read_notice(body, headers)
