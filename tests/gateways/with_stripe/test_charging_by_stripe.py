"""Charges, refunds, setups and disputes at Stripe, over HTTP."""

from dataclasses import replace
from uuid import uuid4

import pytest

from seatledger.domain.payments.gateways import reasons
from seatledger.domain.payments.gateways.interface import Answer, EnteredMethod, GatewayRefused, Outcome
from seatledger.domain.payments.gateways.stripe.calls import API_VERSION
from seatledger.domain.payments.models import MethodKind
from seatledger.engine.money import Money
from stripe_world import ASKS_ALWAYS, DECLINES, PAYS, RETURNS, WORKS

ASKS_UNLESS_SET_UP = "4000002500003155"


def charge(world, number=WORKS, **more):
    new = world.new_charge(world.method(number), **more)
    reference = world.gateway.prepare_charge(new)
    return new, reference, world.gateway.charge(new, reference)


def test_a_card_is_charged_in_two_steps(world):
    new = world.new_charge(world.method())
    reference = world.gateway.prepare_charge(new)
    assert world.gateway.look_up_charge(reference) == Answer(Outcome.NOT_BEGUN, reference)
    assert world.stripe.charged() == []
    answer = world.gateway.charge(new, reference)
    assert answer == Answer(Outcome.SUCCEEDED, reference) == world.gateway.look_up_charge(reference)
    assert world.stripe.charged() == [(str(new.key), 1200)]


def test_every_request_names_the_pinned_version_and_tells_nothing_else(world):
    world.paid()
    asked = world.stripe.books()["requests"]
    assert {(one["version"], one["telemetry"]) for one in asked} == {(API_VERSION, None)}


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (DECLINES, reasons.DECLINED),
        ("4000000000009995", reasons.INSUFFICIENT_FUNDS),
        ("4000000000009987", reasons.METHOD_GONE),
        ("4000000000009979", reasons.METHOD_GONE),
        ("4000000000000069", reasons.CARD_EXPIRED),
        ("4000000000000127", reasons.DECLINED),
        ("4000000000000119", reasons.DECLINED),
        ("4000008260003178", reasons.INSUFFICIENT_FUNDS),
        (ASKS_ALWAYS, reasons.AUTHENTICATION_NEEDED),
    ],
)
def test_a_decline_is_an_answer_with_a_reason_and_looks_the_same_later(world, number, reason):
    _, reference, answer = charge(world, number)
    assert answer == Answer(Outcome.FAILED, reference, reason)
    assert world.gateway.look_up_charge(reference) == answer
    assert world.stripe.charged() == []


def test_a_card_that_was_set_up_is_not_asked_about_while_the_customer_is_away(world):
    _, _, answer = charge(world, ASKS_UNLESS_SET_UP)
    assert answer.outcome is Outcome.SUCCEEDED


@pytest.mark.parametrize("number", [ASKS_ALWAYS, ASKS_UNLESS_SET_UP])
def test_a_customer_who_is_there_agrees_with_his_bank(world, number):
    _, reference, answer = charge(world, number, present=True)
    assert answer == Answer(
        Outcome.NEEDS_CUSTOMER, reference, next_url=f"{world.stripe.address}/authenticate/{reference}"
    )
    assert world.stripe.charged() == []
    back = world.stripe.command("bank", intent=reference)
    assert back.startswith(f"http://localhost:1/billing/back?payment_intent={reference}&")
    assert world.gateway.look_up_charge(reference) == Answer(Outcome.SUCCEEDED, reference)


def test_the_way_back_may_be_a_path_of_ours(world):
    new = replace(world.new_charge(world.method(ASKS_ALWAYS), present=True), return_url="/billing/?a=1")
    reference = world.gateway.prepare_charge(new)
    world.gateway.charge(new, reference)
    assert world.stripe.command("bank", intent=reference).startswith(
        "http://localhost:8000/billing/?a=1&payment_intent"
    )


def test_a_customer_who_does_not_agree_with_his_bank_has_not_paid(world):
    _, reference, _ = charge(world, ASKS_ALWAYS, present=True)
    world.stripe.command("bank", intent=reference, agreed=False)
    assert world.gateway.look_up_charge(reference) == Answer(
        Outcome.FAILED, reference, reasons.AUTHENTICATION_FAILED
    )
    assert world.stripe.charged() == []


def test_a_charge_that_waits_for_the_customer_can_be_given_up(world):
    new, reference, _ = charge(world, ASKS_ALWAYS, present=True)
    given_up = Answer(Outcome.FAILED, reference, reasons.CANCELLED)
    assert world.gateway.cancel_charge(reference) == given_up
    assert world.gateway.cancel_charge(reference) == given_up
    assert world.gateway.charge(world.new_charge(new.token, key=uuid4()), reference) == given_up


def test_giving_up_comes_too_late_for_a_charge_that_succeeded(world):
    reference = world.paid()
    assert world.gateway.cancel_charge(reference) == Answer(Outcome.SUCCEEDED, reference)


@pytest.mark.parametrize(
    ("iban", "outcome", "reason"),
    [
        (PAYS, Outcome.SUCCEEDED, ""),
        (RETURNS, Outcome.FAILED, reasons.RETURNED),
        ("AT601904300000121212", Outcome.FAILED, reasons.INSUFFICIENT_FUNDS),
    ],
)
def test_a_direct_debit_is_on_its_way_for_days(world, iban, outcome, reason):
    _, reference, answer = charge(world, iban, present=True)
    assert answer == Answer(Outcome.PENDING, reference)
    assert world.gateway.cancel_charge(reference) == answer
    world.stripe.command("days")
    assert world.gateway.look_up_charge(reference) == Answer(outcome, reference, reason)


def test_what_stripe_does_not_accept_is_refused(world):
    with pytest.raises(GatewayRefused, match="Stripe: No such PaymentMethod"):
        world.gateway.prepare_charge(world.new_charge("pm_nobodys"))
    with pytest.raises(GatewayRefused, match="below the minimum charge amount"):
        world.gateway.prepare_charge(world.new_charge(world.method(), Money(10, "EUR")))


def test_a_payment_is_refunded_in_parts_and_each_part_once(world):
    reference = world.paid()
    first, second = world.new_refund(reference), world.new_refund(reference, Money(700, "EUR"))
    assert world.gateway.look_up_refund(first, "") == Answer(Outcome.NOT_BEGUN)
    answer = world.gateway.refund(first)
    assert answer.outcome is Outcome.SUCCEEDED
    assert world.gateway.refund(first) == answer == world.gateway.look_up_refund(first, answer.reference)
    assert world.gateway.look_up_refund(first, "") == answer
    world.gateway.refund(second)
    assert world.stripe.refunded() == [(str(first.key), 500), (str(second.key), 700)]
    with pytest.raises(GatewayRefused, match="already been refunded"):
        world.gateway.refund(world.new_refund(reference))


def test_a_refund_is_made_once_even_when_its_key_is_forgotten(world):
    refund = world.new_refund(world.paid())
    answer = world.gateway.refund(refund)
    world.stripe.command("clock", seconds=25 * 3600)
    assert world.gateway.refund(refund) == answer
    assert len(world.stripe.refunded()) == 1


@pytest.mark.parametrize(
    ("number", "before", "after", "reason"),
    [
        ("4000000000007726", Outcome.PENDING, Outcome.SUCCEEDED, ""),
        ("4000000000005126", Outcome.SUCCEEDED, Outcome.FAILED, reasons.METHOD_GONE),
    ],
)
def test_a_refund_may_end_otherwise_than_it_began(world, number, before, after, reason):
    refund = world.new_refund(world.paid(number=number))
    answer = world.gateway.refund(refund)
    assert answer.outcome is before
    world.stripe.command("days")
    assert world.gateway.look_up_refund(refund, answer.reference) == Answer(after, answer.reference, reason)


def test_a_card_is_entered_on_stripes_page(world):
    setup = world.begun_setup()
    assert setup.url == f"{world.stripe.address}/pay/{setup.reference}"
    assert world.gateway.look_up_setup(setup.reference).outcome is Outcome.PENDING
    world.stripe.command("page", session=setup.reference, number="5555 5555 5555 4444", expiry="11 / 31")
    answer = world.gateway.look_up_setup(setup.reference)
    assert answer.method is not None
    assert (answer.outcome, answer.method) == (
        Outcome.SUCCEEDED,
        EnteredMethod(MethodKind.CARD, answer.method.token, "Mastercard", "4444", (2031, 11)),
    )
    new = world.new_charge(answer.method.token)
    assert world.gateway.charge(new, world.gateway.prepare_charge(new)).outcome is Outcome.SUCCEEDED


def test_a_card_that_needs_authentication_is_entered_and_agreed_to(world):
    setup = world.begun_setup()
    intent = world.stripe.command("page", session=setup.reference, number=ASKS_UNLESS_SET_UP)
    assert world.gateway.look_up_setup(setup.reference).outcome is Outcome.PENDING
    assert world.stripe.command("bank", intent=intent["id"], agreed=False) == setup.url
    intent = world.stripe.command("page", session=setup.reference, number=ASKS_UNLESS_SET_UP)
    assert world.stripe.command("bank", intent=intent["id"]) == "http://localhost:1/billing/methods/back"
    assert world.gateway.look_up_setup(setup.reference).outcome is Outcome.SUCCEEDED


def test_a_bank_account_is_entered_on_stripes_page(world):
    setup = world.begun_setup(MethodKind.DIRECT_DEBIT)
    world.stripe.command("page", session=setup.reference, iban="DE89 3704 0044 0532 0130 00")
    method = world.gateway.look_up_setup(setup.reference).method
    assert method is not None
    assert method == EnteredMethod(MethodKind.DIRECT_DEBIT, method.token, last_four="3000")


def test_a_page_that_declines_stays_open_and_one_that_is_left_alone_expires(world):
    setup = world.begun_setup()
    said = world.stripe.command("page", session=setup.reference, number="4000000000000002")
    assert said["error"]["decline_code"] == "generic_decline"
    assert world.gateway.look_up_setup(setup.reference).outcome is Outcome.PENDING
    world.stripe.command("clock", seconds=25 * 3600)
    answer = world.gateway.look_up_setup(setup.reference)
    assert (answer.outcome, answer.reason) == (Outcome.FAILED, reasons.CANCELLED)


def test_a_dispute_is_open_and_then_won_or_lost(world):
    reference = world.paid()
    for status, outcome in (("won", Outcome.SUCCEEDED), ("lost", Outcome.FAILED)):
        dispute = world.stripe.command("disputes", payment_intent=reference)["id"]
        answer = world.gateway.look_up_dispute(dispute)
        assert (answer.outcome, answer.charge, answer.amount, answer.reason) == (
            Outcome.PENDING,
            reference,
            Money(1200, "EUR"),
            "fraudulent",
        )
        world.stripe.command("disputes/decide", dispute=dispute, status=status)
        assert world.gateway.look_up_dispute(dispute).outcome is outcome


def test_a_method_is_forgotten_once_and_that_twice_is_no_error(world):
    token = world.method()
    world.gateway.detach(token)
    world.gateway.detach(token)
    world.gateway.detach("pm_of_nobody")
    with pytest.raises(GatewayRefused, match="detached from a Customer"):
        world.gateway.prepare_charge(world.new_charge(token))
