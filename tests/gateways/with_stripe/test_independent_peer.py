"""The same paths before `localstripe`, a stand-in by others: what both believe of Stripe is less likely our own idea.

It knows an older interface and leaves much out (no Checkout, no disputes, no memory of keys; `off_session` is unknown to
it), so a relay drops what it refuses to hear, and only what it can do is asked of it.
"""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.parse import urlencode
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
import stripe

from seatledger.domain.payments.gateways import reasons
from seatledger.domain.payments.gateways.interface import Answer, NewCharge, NewCustomer, NewRefund, Outcome
from seatledger.domain.payments.gateways.stripe.gateway import StripeGateway
from seatledger.domain.payments.models import MethodKind
from stripe_relay import Relay
from stripe_world import ASKS_ALWAYS, DECLINES, FIVE, KEY, SECRET, TWELVE, WORKS

PATIENCE_S = 30


@pytest.fixture(scope="module")
def relay(tmp_path_factory) -> Iterator[Relay]:
    """Start `localstripe` in a process of its own, which keeps its files to itself, and a relay before it."""
    place = tmp_path_factory.mktemp("peer")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "localstripe", "--port", str(port), "--from-scratch"]
    with (
        (place / "log").open("wb") as log,
        subprocess.Popen(command, cwd=place, env={"TMPDIR": str(place)}, stdout=log, stderr=log) as peer,
        Relay(port) as running,
    ):
        wait_for(port)
        yield running
        peer.terminate()


def wait_for(port: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("localstripe does not listen")


@pytest.fixture
def gateway(relay):
    return StripeGateway(KEY, [SECRET], relay.address)


@pytest.fixture
def charge(relay, gateway):
    """Charge a card with this number and return the payment's name and the answer."""
    customer = gateway.open_customer(
        NewCustomer(uuid4(), "Northwind", "SL-EU-1", "ann.lee@northwind.example")
    )
    client = stripe.StripeClient(KEY, base_addresses={"api": relay.address}).v1

    def charge_card(number: str, *, present: bool = False) -> tuple[str, Answer]:
        card = {"number": number, "exp_month": 12, "exp_year": 2034, "cvc": "123"}
        method = client.payment_methods.create({"type": "card", "card": card})
        client.payment_methods.attach(method.id, {"customer": customer})
        new = NewCharge(
            uuid4(), customer, method.id, MethodKind.CARD, TWELVE, "Invoice", present, "http://localhost:1/"
        )
        reference = gateway.prepare_charge(new)
        assert gateway.look_up_charge(reference) == Answer(Outcome.NOT_BEGUN, reference)
        answer = gateway.charge(new, reference)
        assert gateway.look_up_charge(reference) == answer
        return reference, answer

    return charge_card


def test_a_card_is_charged_and_refunded(gateway, charge):
    reference, answer = charge(WORKS)
    assert answer == Answer(Outcome.SUCCEEDED, reference)
    assert gateway.cancel_charge(reference) == answer
    refund = NewRefund(uuid4(), reference, FIVE)
    made = gateway.refund(refund)
    assert made.outcome is Outcome.SUCCEEDED
    # It has no memory of keys, so only our looking keeps this from being a second refund.
    assert gateway.refund(refund) == made == gateway.look_up_refund(refund, made.reference)


def test_a_card_is_declined(charge):
    reference, answer = charge(DECLINES)
    assert answer == Answer(Outcome.FAILED, reference, reasons.DECLINED)


@pytest.mark.parametrize(
    ("agreed", "outcome"), [("true", Outcome.SUCCEEDED), ("false", Outcome.FAILED)], ids=["agrees", "refuses"]
)
def test_a_customer_is_asked_by_his_bank(relay, gateway, charge, agreed, outcome):
    reference, answer = charge(ASKS_ALWAYS, present=True)
    assert answer == Answer(Outcome.NEEDS_CUSTOMER, reference)
    client = stripe.StripeClient(KEY, base_addresses={"api": relay.address}).v1
    secret = client.payment_intents.retrieve(reference).client_secret
    body = urlencode({"client_secret": secret, "success": agreed, "key": "pk_test_1"}).encode()
    address = f"{relay.address}/v1/payment_intents/{reference}/_authenticate"
    headers = {"Authorization": f"Bearer {KEY}"}
    urlopen(Request(address, data=body, headers=headers), timeout=PATIENCE_S).close()  # noqa: S310 -- our own relay
    assert gateway.look_up_charge(reference).outcome is outcome


def test_a_method_is_forgotten(relay, gateway):
    client = stripe.StripeClient(KEY, base_addresses={"api": relay.address}).v1
    customer = client.customers.create({"name": "Northwind"})
    card = {"number": WORKS, "exp_month": 12, "exp_year": 2034, "cvc": "123"}
    method = client.payment_methods.create({"type": "card", "card": card})
    client.payment_methods.attach(method.id, {"customer": customer.id})
    gateway.detach(method.id)
    assert client.payment_methods.retrieve(method.id).customer is None
