"""Stripe's webhooks come by HTTP to the real address, twice, in any order, and from people who are not Stripe."""

import pytest
from django.utils import timezone

from paying import assert_the_books_are_true, do_the_payments, intend, open_minor_of
from seatledger.domain.events.models import Event
from seatledger.domain.payments.charging import charge_payment
from seatledger.domain.payments.gateways.registry import use_gateway
from seatledger.domain.payments.gateways.stripe.gateway import StripeGateway
from seatledger.domain.payments.models import Dispute, GatewayNotice, Payment
from stripe_paying import given_stripe_card, given_stripe_debtor, paid_by_our_books
from stripe_world import ASKS_ALWAYS, DECLINES, KEY, SECRET, WORKS

pytestmark = pytest.mark.django_db(transaction=True)

OLD_SECRET = "whsec_old"  # noqa: S105 -- a test's


@pytest.fixture
def door(live_server, settings, world):
    """Where webhooks are taken in, which the stand-in knows."""
    settings.SEATLEDGER_STRIPE = {"key": KEY, "webhook_secrets": (SECRET,), "address": world.stripe.address}
    use_gateway(world.gateway)
    address = f"{live_server.url}/gateways/stripe/notices"
    world.stripe.command("webhooks", url=address, secrets=[SECRET], held=True)
    return address


def pay_now(invoice, *, present=False):
    now = timezone.now()
    payment = intend(invoice, at=now, present=present)
    charge_payment(payment, clock=lambda: now)
    payment.refresh_from_db()
    return payment


def told(account):
    kinds = Event.objects.filter(account=account, kind__startswith="payment").order_by("sequence")
    return [kind for kind in kinds.values_list("kind", flat=True) if not kind.startswith("payment_method")]


@pytest.mark.parametrize("order", ["as_made", "reversed", "shuffled"])
def test_each_is_stored_once_and_looked_up_whatever_their_order(world, door, order):
    account, invoice = given_stripe_debtor(world, ASKS_ALWAYS)
    payment = pay_now(invoice, present=True)
    assert payment.state == "needs_customer"
    world.stripe.command("bank", intent=payment.reference)
    statuses = world.stripe.command("webhooks/release", order=order, repeat=3)
    assert set(statuses) == {204}
    of_interest = GatewayNotice.objects.values_list("about", "reference")
    assert list(of_interest) == [("payment", payment.reference)]
    do_the_payments()
    payment.refresh_from_db()
    assert (payment.state, open_minor_of(invoice)) == ("succeeded", 0)
    assert told(account) == ["payment_intended", "payment_succeeded"]
    assert not GatewayNotice.objects.filter(applied_at__isnull=True).exists()
    assert_the_books_are_true([account])


def test_an_old_webhook_that_comes_last_changes_nothing(world, door):
    """It carries the payment as it was; what counts is how Stripe has it now."""
    account, invoice = given_stripe_debtor(world, DECLINES)
    first = pay_now(invoice)
    assert first.state == "failed"
    given_stripe_card(account, world, WORKS)  # which is asked at once
    do_the_payments()
    second = Payment.objects.exclude(pk=first.pk).get()
    world.stripe.command("webhooks/release", order="reversed", repeat=2)
    do_the_payments()
    assert list(Payment.objects.order_by("state").values_list("state", flat=True)) == ["failed", "succeeded"]
    assert paid_by_our_books() == {(str(second.pk), 12000): 1}
    assert_the_books_are_true([account])


@pytest.mark.parametrize("how", ["unsigned", "wrong_secret", "changed_body", "old", "no_time"])
def test_what_is_forged_is_refused_and_leaves_nothing(world, door, how):
    _, invoice = given_stripe_debtor(world, ASKS_ALWAYS)
    payment = pay_now(invoice, present=True)
    forged = {"how": how, "type": "payment_intent.succeeded", "object": payment.reference}
    assert world.stripe.command("webhooks/forge", **forged) == 400
    assert not GatewayNotice.objects.exists()


def test_while_secrets_change_none_is_lost(world, door, settings):
    """First we know both, then Stripe signs with both, then each side forgets the old one."""

    def know(*secrets):
        use_gateway(StripeGateway(KEY, secrets, world.stripe.address))

    def sign(*secrets):
        world.stripe.command("webhooks", secrets=list(secrets))
        world.stripe.command("disputes", payment_intent=reference)
        return world.stripe.command("webhooks/release")

    reference = world.paid()
    world.stripe.command("webhooks", secrets=[OLD_SECRET])
    know(OLD_SECRET)
    assert set(world.stripe.command("webhooks/release")) == {204}
    know(SECRET, OLD_SECRET)
    assert sign(OLD_SECRET) == [204]
    assert sign(SECRET, OLD_SECRET) == [204]
    know(SECRET)
    assert sign(SECRET, OLD_SECRET) == [204]
    assert sign(SECRET) == [204]
    assert sign(OLD_SECRET) == [400]


def test_one_that_was_not_taken_comes_again(world, door):
    _, invoice = given_stripe_debtor(world, ASKS_ALWAYS)
    payment = pay_now(invoice, present=True)
    world.stripe.command("webhooks", url="http://127.0.0.1:9/", held=True)
    assert set(world.stripe.command("webhooks/release")) == {0}
    world.stripe.command("webhooks", url=door)
    assert set(world.stripe.command("webhooks/release")) == {204}
    world.stripe.command("bank", intent=payment.reference)
    world.stripe.command("webhooks/release")
    do_the_payments()
    assert open_minor_of(invoice) == 0


def test_a_dispute_that_is_lost_takes_the_payment_back(world, door):
    account, invoice = given_stripe_debtor(world)
    payment = pay_now(invoice)
    dispute = world.stripe.command("disputes", payment_intent=payment.reference)["id"]
    world.stripe.command("webhooks/release")
    do_the_payments()
    assert (Dispute.objects.get().state, Dispute.objects.get().payment_id) == ("open", payment.pk)
    world.stripe.command("disputes/decide", dispute=dispute, status="lost")
    world.stripe.command("webhooks/release", repeat=2)
    do_the_payments()
    assert Dispute.objects.get().state == "lost"
    assert open_minor_of(invoice) == 12000
    assert_the_books_are_true([account])


def test_of_strangers_nothing_is_made(world, door):
    """Another program may use the same account at Stripe; its payments are none of our business."""
    reference = world.paid()
    world.stripe.command("disputes", payment_intent=reference)
    assert set(world.stripe.command("webhooks/release")) == {204}
    do_the_payments()
    assert not GatewayNotice.objects.filter(applied_at__isnull=True).exists()
    assert not Payment.objects.exists()
