"""What every gateway must do, asked of each: see `gateways.interface`. A new gateway adds its world to the fixture."""

from uuid import uuid4

import pytest

from seatledger.domain.payments.gateways import reasons
from seatledger.domain.payments.gateways.interface import (
    Answer,
    ForgedNotice,
    GatewayRefused,
    NewCustomer,
    NewSetup,
    Outcome,
)
from seatledger.domain.payments.models import MethodKind
from seatledger.engine.money import Money
from stripe_world import ASKS_ALWAYS, DECLINES, FIVE, TWELVE, WORKS


def charged(world, number=WORKS, **more):
    new = world.new_charge(world.method(number), **more)
    reference = world.gateway.prepare_charge(new)
    return new, reference, world.gateway.charge(new, reference)


def test_an_account_has_one_customer_however_often_it_is_told_of(any_world):
    told = NewCustomer(uuid4(), "Contoso", "SL-EU-2", "cleo@contoso.example")
    assert any_world.gateway.open_customer(told) == any_world.gateway.open_customer(told)


def test_what_is_prepared_is_not_charged(any_world):
    new = any_world.new_charge(any_world.method(WORKS))
    reference = any_world.gateway.prepare_charge(new)
    assert any_world.gateway.prepare_charge(new) == reference
    assert any_world.gateway.look_up_charge(reference) == Answer(Outcome.NOT_BEGUN, reference)
    assert any_world.taken() == []


def test_a_charge_succeeds_once_however_often_it_is_asked_for(any_world):
    new, reference, answer = charged(any_world)
    assert answer == Answer(Outcome.SUCCEEDED, reference)
    for _ in range(3):
        assert any_world.gateway.charge(new, reference) == answer
    assert any_world.gateway.look_up_charge(reference) == answer
    assert any_world.taken() == [(str(new.key), TWELVE.amount_minor)]


def test_a_decline_is_an_answer_that_stays(any_world):
    new, reference, answer = charged(any_world, DECLINES)
    assert answer == Answer(Outcome.FAILED, reference, reasons.DECLINED)
    assert any_world.gateway.charge(new, reference) == answer == any_world.gateway.look_up_charge(reference)
    assert any_world.taken() == []


def test_a_customer_who_is_there_is_asked_and_agrees(any_world):
    new, reference, answer = charged(any_world, ASKS_ALWAYS, present=True)
    assert (answer.outcome, bool(answer.next_url)) == (Outcome.NEEDS_CUSTOMER, True)
    assert any_world.gateway.look_up_charge(reference) == answer
    any_world.agree(reference)
    assert any_world.gateway.look_up_charge(reference) == Answer(Outcome.SUCCEEDED, reference)
    assert any_world.taken() == [(str(new.key), TWELVE.amount_minor)]


def test_a_customer_who_is_away_is_not_charged_behind_his_banks_back(any_world):
    _, _, answer = charged(any_world, ASKS_ALWAYS)
    failed = answer.outcome is Outcome.FAILED and answer.reason == reasons.AUTHENTICATION_NEEDED
    assert failed or answer.outcome is Outcome.NEEDS_CUSTOMER
    assert any_world.taken() == []


def test_what_is_given_up_never_succeeds(any_world):
    _, reference, _ = charged(any_world, ASKS_ALWAYS, present=True)
    given_up = any_world.gateway.cancel_charge(reference)
    assert given_up.outcome is Outcome.FAILED
    assert any_world.gateway.look_up_charge(reference).outcome is Outcome.FAILED
    assert any_world.taken() == []


def test_what_succeeded_is_not_given_up(any_world):
    _, reference, _ = charged(any_world)
    assert any_world.gateway.cancel_charge(reference).outcome is Outcome.SUCCEEDED


def test_a_refund_is_made_once_and_never_exceeds_the_charge(any_world):
    _, reference, _ = charged(any_world)
    refund = any_world.new_refund(reference)
    assert any_world.gateway.look_up_refund(refund, "").outcome is Outcome.NOT_BEGUN
    made = any_world.gateway.refund(refund)
    assert made.outcome is Outcome.SUCCEEDED
    assert any_world.gateway.refund(refund) == made
    assert any_world.gateway.look_up_refund(refund, "").outcome is Outcome.SUCCEEDED
    rest = any_world.new_refund(reference, Money(TWELVE.amount_minor - FIVE.amount_minor, "EUR"))
    assert any_world.gateway.refund(rest).outcome is Outcome.SUCCEEDED
    with pytest.raises(GatewayRefused):
        any_world.gateway.refund(any_world.new_refund(reference, Money(1, "EUR")))


def test_a_method_that_is_forgotten_is_charged_no_more(any_world):
    token = any_world.method(WORKS)
    for _ in range(2):
        any_world.gateway.detach(token)
    new = any_world.new_charge(token)
    try:
        answer = any_world.gateway.charge(new, any_world.gateway.prepare_charge(new))
    except GatewayRefused:
        pass
    else:
        assert answer.outcome is Outcome.FAILED
    assert any_world.taken() == []


def test_a_customer_that_is_forgotten_is_charged_no_more_and_forgotten_once_more_is_no_error(any_world):
    told = NewCustomer(uuid4(), "Southwind", "SL-EU-2", "ann.lee@southwind.example")
    other = any_world.gateway.open_customer(told)
    token = any_world.method(WORKS)
    for reference in (any_world.customer, any_world.customer, "cus_of_nobody"):
        any_world.gateway.forget_customer(reference)
    new = any_world.new_charge(token)
    try:
        answer = any_world.gateway.charge(new, any_world.gateway.prepare_charge(new))
    except GatewayRefused:
        pass
    else:
        assert answer.outcome is Outcome.FAILED
    assert any_world.taken() == []
    assert any_world.gateway.open_customer(told) == other, "somebody else is not forgotten with it"


def test_a_setup_leads_to_a_page_and_is_pending_until_it_is_done(any_world):
    key = uuid4()
    new = NewSetup(key, any_world.customer, MethodKind.CARD, "http://localhost:1/billing/methods/back")
    started = any_world.gateway.begin_setup(new)
    assert any_world.gateway.begin_setup(new).reference == started.reference
    assert started.url
    assert any_world.gateway.look_up_setup(started.reference).outcome is Outcome.PENDING


def test_what_nobody_signed_is_refused(any_world):
    for body in (b"", b"{}", b"\xff", b'{"id": "evt_1", "type": "payment_intent.succeeded"}'):
        with pytest.raises(ForgedNotice):
            any_world.gateway.read_notice(body, {})


def test_strangers_are_unknown(any_world):
    for look_up in (any_world.gateway.look_up_charge, any_world.gateway.look_up_setup):
        with pytest.raises(GatewayRefused):
            look_up("unheard-of")
