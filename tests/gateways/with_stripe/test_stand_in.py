"""The stand-in for Stripe itself: it answers as documented, or it would prove nothing."""

import pytest
import stripe

from seatledger.domain.payments.gateways.stripe.calls import KeyUsedBefore, asking_stripe
from stripe_world import DECLINES, KEY, SECRET

CREATED = {"amount": 1200, "currency": "eur"}


@pytest.fixture
def client(world):
    return stripe.StripeClient(KEY, base_addresses={"api": world.stripe.address}, max_network_retries=0).v1


def refused(act, kind=stripe.InvalidRequestError):
    with pytest.raises(kind) as raised:
        act()
    return raised.value


def test_a_typo_in_a_parameter_shows(client):
    error = refused(lambda: client.customers.create({"nmae": "Northwind"}))
    assert (error.http_status, error.code, error.param) == (400, "parameter_unknown", "nmae")
    error = refused(lambda: client.payment_intents.create({"currency": "eur"}))
    assert (error.code, error.param) == ("parameter_missing", "amount")
    error = refused(lambda: client.payment_intents.create(CREATED | {"amount": "12.00"}))
    assert (error.code, error.param) == ("parameter_invalid_integer", "amount")


def test_an_unknown_object_and_an_unknown_place_are_404(client):
    error = refused(lambda: client.customers.retrieve("cus_nobody"))
    assert (error.http_status, error.code) == (404, "resource_missing")
    error = refused(client.coupons.list)
    assert (error.http_status, error.code) == (404, None)


def test_the_same_key_gets_the_same_answer_and_with_other_parameters_none(client):
    key = {"idempotency_key": "k1"}
    first = client.payment_intents.create(CREATED, key)
    again = client.payment_intents.create(CREATED, key)
    assert first.id == again.id
    assert again.last_response is not None
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    error = refused(
        lambda: client.payment_intents.create(CREATED | {"amount": 1300}, key), stripe.IdempotencyError
    )
    assert error.http_status == 400
    refused(lambda: client.customers.create({}, key), stripe.IdempotencyError)
    assert client.payment_intents.create(CREATED, {"idempotency_key": "k2"}).id != first.id


def test_a_key_used_for_something_else_is_a_failure_of_its_own(client):
    key = {"idempotency_key": "k1"}
    client.payment_intents.create(CREATED, key)
    with pytest.raises(KeyUsedBefore), asking_stripe():
        client.customers.create({}, key)


def test_a_key_is_forgotten_after_a_day(client, world):
    key = {"idempotency_key": "k1"}
    first = client.payment_intents.create(CREATED, key)
    world.stripe.command("clock", seconds=24 * 3600)
    assert client.payment_intents.create(CREATED, key).id != first.id


def test_a_stored_error_is_answered_again_and_a_refused_parameter_is_not_stored(client, world):
    key = {"idempotency_key": "k1"}
    refused(lambda: client.payment_intents.create({**CREATED, "amuont": 1}, key))
    intent = client.payment_intents.create(CREATED | {"payment_method": world.method(DECLINES)}, key)
    for _ in range(2):
        error = refused(
            lambda: client.payment_intents.confirm(intent.id, {}, {"idempotency_key": "c1"}), stripe.CardError
        )
        assert (error.http_status, error.code) == (402, "card_declined")
        assert error.error is not None
        assert error.error.decline_code == "generic_decline"
    assert len(world.stripe.books()["charges"]) == 1
    world.stripe.fault("error_before", "/customers")
    for _ in range(2):
        refused(lambda: client.customers.create({}, {"idempotency_key": "c2"}), stripe.APIError)
    assert world.stripe.books()["faults_left"] == 0


def test_rate_limits_and_keys_are_told_apart(client, world):
    world.stripe.fault("limit")
    refused(lambda: client.customers.create({}), stripe.RateLimitError)
    stranger = stripe.StripeClient("pk_test_1", base_addresses={"api": world.stripe.address}).v1
    refused(lambda: stranger.customers.create({}), stripe.AuthenticationError)


def test_off_session_authentication_is_a_decline(client, world):
    token = world.method("4000002760003184")
    stated = CREATED | {
        "payment_method": token,
        "customer": world.customer,
        "confirm": True,
        "off_session": True,
    }
    error = refused(lambda: client.payment_intents.create(stated), stripe.CardError)
    assert error.error is not None
    assert (error.code, error.error.decline_code) == ("authentication_required", "authentication_required")
    assert error.error.payment_intent is not None
    assert error.error.payment_intent.status == "requires_payment_method"


def test_a_method_is_attached_unless_the_card_declines_and_detached_for_good(client, world):
    method = client.payment_methods.attach("pm_card_visa", {"customer": world.customer})
    assert (method.customer, client.payment_methods.list({"customer": world.customer}).data[0].id) == (
        world.customer,
        method.id,
    )
    refused(
        lambda: client.payment_methods.attach("pm_card_visa_chargeDeclined", {"customer": world.customer}),
        stripe.CardError,
    )
    client.payment_methods.detach(method.id)
    refused(lambda: client.payment_methods.detach(method.id))


def test_a_deleted_customer_is_gone_with_its_methods(client, world):
    method = client.payment_methods.attach("pm_card_visa", {"customer": world.customer})
    assert client.customers.delete(world.customer).deleted is True
    assert client.customers.retrieve(world.customer).deleted is True
    assert client.payment_methods.retrieve(method.id).customer is None
    refused(lambda: client.customers.delete(world.customer))
    refused(lambda: client.payment_methods.attach("pm_card_visa", {"customer": world.customer}))


def test_lists_come_in_pages(client, world):
    reference = world.paid()
    made = [client.refunds.create({"payment_intent": reference, "amount": 100}).id for _ in range(5)]
    first = client.refunds.list({"payment_intent": reference, "limit": 2})
    assert ([one.id for one in first.data], first.has_more) == (made[:-3:-1], True)
    assert [one.id for one in first.auto_paging_iter()] == made[::-1]


def test_every_change_is_an_event(client, world):
    reference = world.paid()
    client.refunds.create({"payment_intent": reference})
    kinds = [event.type for event in client.events.list({"limit": 100}).data[::-1]]
    assert kinds == [
        "customer.created",
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "refund.created",
        "charge.refunded",
    ]
    event = client.events.list({"type": "payment_intent.succeeded"}).data[0]
    assert client.events.retrieve(event.id).data.object["id"] == reference


def test_the_books_say_when_and_under_which_key(world):
    reference = world.paid()
    world.gateway.refund(world.new_refund(reference))
    books = world.stripe.books()
    for one in (*books["charges"], *books["refunds"]):
        assert one["created"] > 0
        assert one["key"].endswith((":confirm", ":refund"))
    assert SECRET not in str(books)
