"""`seatledger doctor` says whether Stripe answers, and moves nothing."""

import pytest

from seatledger.faces.cli.checks.surroundings import check_gateway
from stripe_world import KEY, SECRET


@pytest.fixture
def set_up(settings, world):
    def with_key(key):
        account = {"key": key, "webhook_secrets": (SECRET,), "address": world.stripe.address}
        settings.SEATLEDGER_GATEWAY, settings.SEATLEDGER_STRIPE = "stripe", account

    return with_key


def found():
    return [(finding.state.value, finding.words) for finding in check_gateway()]


def test_it_answers(world, set_up):
    set_up(KEY)
    assert found() == [("ok", "stripe is set up"), ("ok", "Stripe answers")]
    assert [(one["method"], one["path"]) for one in world.stripe.books()["requests"]] == [
        ("GET", "/v1/payment_intents")
    ]


def test_it_does_not_accept_the_key(set_up):
    set_up("sk_of_nobody")
    (_, (state, words)) = found()
    assert state == "problem"
    assert words.startswith("Stripe: Invalid API Key provided")


def test_it_does_not_answer(world, set_up):
    set_up(KEY)
    world.stripe.fault("drop_before", method="GET")
    assert [state for state, _ in found()] == ["ok", "problem"]
