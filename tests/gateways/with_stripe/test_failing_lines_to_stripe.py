"""Lines that break, answers that come too late, failures of Stripe's: nothing is charged twice, nothing is lost."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from seatledger.domain.payments.gateways.interface import (
    Answer,
    NewCustomer,
    NewSetup,
    Outcome,
    OutcomeUnknown,
)
from seatledger.domain.payments.models import MethodKind
from stripe_world import DECLINES, PATIENCE_S, WORKS

CONFIRM, PREPARE, REFUNDS = "/confirm", "/payment_intents", "/refunds"
# After these, the effect is there though no answer comes.
WITH_EFFECT = ["drop_after", "delay_after", "error_after"]
WITHOUT_EFFECT = ["drop_before", "delay_before", "error_before", "limit", "refuse_key"]


def shake(world, kind, path):
    """Let one request go wrong, if need be by waiting longer than we do, until it is let go."""
    world.gateway = world.open_gateway(patience_s=0.4 if "delay" in kind else PATIENCE_S)
    world.stripe.fault(kind, path, seconds=PATIENCE_S)


@pytest.mark.parametrize("kind", WITH_EFFECT + WITHOUT_EFFECT)
def test_a_charge_without_an_answer_is_asked_after_and_made_once(world, kind):
    new = world.new_charge(world.method())
    reference = world.gateway.prepare_charge(new)
    shake(world, kind, CONFIRM)
    with pytest.raises(OutcomeUnknown):
        world.gateway.charge(new, reference)
    world.gateway = world.open_gateway()
    if kind == "delay_before":
        with pytest.raises(OutcomeUnknown, match="in-progress request"):
            world.gateway.charge(new, reference)
        world.stripe.command("let_go")
        while world.gateway.look_up_charge(reference).outcome is Outcome.NOT_BEGUN:
            pass
    found = world.gateway.look_up_charge(reference)
    begun = kind in {*WITH_EFFECT, "delay_before"}
    assert found.outcome is (Outcome.SUCCEEDED if begun else Outcome.NOT_BEGUN)
    assert world.gateway.charge(new, reference).outcome is Outcome.SUCCEEDED
    assert world.stripe.charged() == [(str(new.key), 1200)]


@pytest.mark.parametrize("kind", WITH_EFFECT + WITHOUT_EFFECT)
def test_a_charge_whose_preparation_was_lost_is_prepared_again(world, kind):
    new = world.new_charge(world.method())
    shake(world, kind, PREPARE)
    with pytest.raises(OutcomeUnknown):
        world.gateway.prepare_charge(new)
    world.gateway = world.open_gateway()
    world.stripe.command("let_go")
    reference = prepared_at_last(world, new)
    world.gateway.charge(new, reference)
    assert world.stripe.charged() == [(str(new.key), 1200)]


def prepared_at_last(world, new):
    while True:
        with suppress(OutcomeUnknown):  # while the first request goes on
            return world.gateway.prepare_charge(new)


@pytest.mark.parametrize("kind", WITH_EFFECT + WITHOUT_EFFECT)
def test_a_refund_without_an_answer_is_asked_after_and_made_once(world, kind):
    refund = world.new_refund(world.paid())
    shake(world, kind, REFUNDS)
    with pytest.raises(OutcomeUnknown):
        world.gateway.refund(refund)
    world.gateway = world.open_gateway()
    world.stripe.command("let_go")
    while world.gateway.look_up_refund(refund, "").outcome is Outcome.NOT_BEGUN:
        with suppress(OutcomeUnknown):
            world.gateway.refund(refund)
    assert world.gateway.refund(refund).outcome is Outcome.SUCCEEDED
    assert world.stripe.refunded() == [(str(refund.key), 500)]


@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "error_before", "error_after", "limit"])
def test_customers_and_setups_without_an_answer_are_asked_for_again(world, kind):
    new = NewCustomer(uuid4(), "Northwind", "SL-EU-1", "ann.lee@northwind.example")
    world.stripe.fault(kind, "/customers")
    with pytest.raises(OutcomeUnknown):
        world.gateway.open_customer(new)
    customer = world.gateway.open_customer(new)
    setup = NewSetup(uuid4(), customer, MethodKind.CARD, "http://localhost:1/back")
    world.stripe.fault(kind, "/checkout/sessions")
    with pytest.raises(OutcomeUnknown):
        world.gateway.begin_setup(setup)
    started = world.gateway.begin_setup(setup)
    assert world.gateway.begin_setup(setup) == started


@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "limit"])
def test_a_question_without_an_answer_decides_nothing(world, kind):
    reference = world.paid()
    refund = world.new_refund(reference)
    questions = [
        lambda: world.gateway.look_up_charge(reference),
        lambda: world.gateway.look_up_refund(refund, ""),
        lambda: world.gateway.look_up_setup("cs_test_1"),
        lambda: world.gateway.look_up_dispute("du_1"),
    ]
    for ask in questions:
        world.stripe.fault(kind, method="GET")
        with pytest.raises(OutcomeUnknown):
            ask()
    # A refund is looked for before it is asked for.
    world.stripe.fault(kind, method="GET")
    with pytest.raises(OutcomeUnknown):
        world.gateway.refund(refund)
    assert world.stripe.refunded() == []


def test_a_decline_without_an_answer_is_still_a_decline(world):
    new = world.new_charge(world.method(DECLINES))
    reference = world.gateway.prepare_charge(new)
    world.stripe.fault("drop_after", CONFIRM)
    with pytest.raises(OutcomeUnknown):
        world.gateway.charge(new, reference)
    found = world.gateway.look_up_charge(reference)
    assert found.outcome is Outcome.FAILED
    assert world.gateway.charge(new, reference) == found
    # The second one was answered from memory, so the bank was asked once.
    assert len(world.stripe.books()["charges"]) == 1


def test_a_key_that_stripe_no_longer_accepts_decides_nothing(world):
    new = world.new_charge(world.method())
    world.gateway = world.open_gateway(key="nonsense")
    with pytest.raises(OutcomeUnknown, match="Invalid API Key"):
        world.gateway.prepare_charge(new)


def test_nobody_listens(world):
    new = world.new_charge(world.method())
    world.stripe.address, kept = "http://127.0.0.1:9", world.stripe.address
    try:
        world.gateway = world.open_gateway()
    finally:
        world.stripe.address = kept
    with pytest.raises(OutcomeUnknown):
        world.gateway.prepare_charge(new)


def test_a_failure_that_stripe_remembers_is_got_round_by_another_key(world):
    new = world.new_charge(world.method())
    reference = world.gateway.prepare_charge(new)
    world.stripe.fault("error_before", CONFIRM, times=1)
    with pytest.raises(OutcomeUnknown):
        world.gateway.charge(new, reference)
    assert world.gateway.charge(new, reference) == Answer(Outcome.SUCCEEDED, reference)
    keys = [one["key"] for one in world.stripe.books()["requests"] if one["path"].endswith(CONFIRM)]
    first = f"{new.key}:confirm"
    assert keys == [first, first, f"{first}:2"]


def test_a_charge_in_other_words_under_the_same_key_does_not_charge_again(world):
    new = world.new_charge(world.method())
    reference = world.gateway.prepare_charge(new)
    answer = world.gateway.charge(new, reference)
    in_other_words = world.new_charge(new.token, present=True, key=new.key)
    assert world.gateway.charge(in_other_words, reference) == answer
    assert world.gateway.prepare_charge(in_other_words) == reference
    assert len(world.stripe.charged()) == 1


def test_a_charge_is_made_once_even_when_its_key_is_forgotten(world):
    new = world.new_charge(world.method())
    reference = world.gateway.prepare_charge(new)
    answer = world.gateway.charge(new, reference)
    world.stripe.command("clock", seconds=25 * 3600)
    assert world.gateway.charge(new, reference) == answer
    assert len(world.stripe.charged()) == 1


def test_many_who_charge_at_one_moment_charge_once(world):
    new = world.new_charge(world.method())
    reference = world.gateway.prepare_charge(new)

    def charge_or_wonder():
        try:
            return world.gateway.charge(new, reference).outcome
        except OutcomeUnknown:
            return OutcomeUnknown

    world.stripe.fault("delay_before", CONFIRM, seconds=0.2)
    with ThreadPoolExecutor(6) as threads:
        outcomes = [future.result() for future in [threads.submit(charge_or_wonder) for _ in range(6)]]
    assert set(outcomes) <= {Outcome.SUCCEEDED, OutcomeUnknown}
    assert Outcome.SUCCEEDED in outcomes
    assert len(world.stripe.charged()) == 1


def test_without_a_key_and_a_name_two_charges_are_two(world):  # the control
    new = world.new_charge(world.method())
    for key in (uuid4(), uuid4()):
        again = world.new_charge(new.token, key=key)
        world.gateway.charge(again, world.gateway.prepare_charge(again))
    assert len(world.stripe.charged()) == 2


FAULTS = st.sampled_from(["drop_before", "drop_after", "error_before", "error_after", "limit"])
SCHEDULES = st.lists(st.tuples(FAULTS, st.sampled_from(["POST", "GET"])), max_size=8)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
)
@given(schedule=SCHEDULES, number=st.sampled_from([WORKS, DECLINES]), refunded=st.booleans())
def test_whatever_goes_wrong_each_is_charged_and_refunded_once(world, schedule, number, refunded):
    """Money moves as often as it should, once everything was resolved."""
    world.stripe.command("reset")
    world.forget_customer()
    new = world.new_charge(world.method(number))
    for kind, method in schedule:
        world.stripe.fault(kind, method=method)
    reference = at_last(lambda: world.gateway.prepare_charge(new))
    answer = resolved(
        lambda: world.gateway.charge(new, reference), lambda: world.gateway.look_up_charge(reference)
    )
    works = number == WORKS
    assert answer.outcome is (Outcome.SUCCEEDED if works else Outcome.FAILED)
    assert world.stripe.charged() == [(str(new.key), 1200)] * works
    if works and refunded:
        refund = world.new_refund(reference)
        resolved(lambda: world.gateway.refund(refund), lambda: world.gateway.look_up_refund(refund, ""))
        assert world.stripe.refunded() == [(str(refund.key), 500)]


def at_last(ask):
    """Ask until there is an answer; the faults are used up some time."""
    while True:
        with suppress(OutcomeUnknown):
            return ask()


def resolved(act, look_up):
    """Do it, look when nobody can say, and do it again only when it was not begun."""
    while True:
        with suppress(OutcomeUnknown):
            return act()
        found = at_last(look_up)
        if found.outcome is not Outcome.NOT_BEGUN:
            return found
