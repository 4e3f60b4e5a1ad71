"""Stripe counts most currencies as ISO 4217 does, some without decimals, and some by halves only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatledger.domain.payments.gateways.interface import GatewayRefused, Outcome
from seatledger.domain.payments.gateways.stripe.currencies import money_of, stripe_amount
from seatledger.engine.currencies import EXPONENTS
from seatledger.engine.money import Money


@pytest.mark.parametrize(
    ("text", "currency", "number"),
    [
        ("12.34", "EUR", 1234),
        ("500", "JPY", 500),
        ("500", "KRW", 500),
        ("5.120", "KWD", 5120),
        # Two decimals for Stripe, which must be 00; none in ISO 4217.
        ("5", "ISK", 500),
        ("5", "UGX", 500),
        # None for Stripe; two in ISO 4217.
        ("5.00", "MGA", 5),
        ("12.34", "HUF", 1234),
        ("12.34", "TWD", 1234),
    ],
)
def test_an_amount_is_said_as_stripe_counts(text, currency, number):
    amount = Money.from_text(text, currency)
    assert stripe_amount(amount) == number
    assert money_of(number, currency.lower()) == amount


@pytest.mark.parametrize(("text", "currency"), [("5.123", "KWD"), ("5.001", "BHD"), ("5.50", "MGA")])
def test_what_stripe_cannot_take_is_refused(text, currency):
    with pytest.raises(GatewayRefused, match="Pay it by bank transfer"):
        stripe_amount(Money.from_text(text, currency))


@given(currency=st.sampled_from(sorted(EXPONENTS)), whole=st.integers(1, 10**6))
def test_a_whole_amount_of_any_currency_comes_back_as_it_was(currency, whole):
    amount = Money(whole * 10 ** EXPONENTS[currency], currency)
    assert money_of(stripe_amount(amount), currency.lower()) == amount


@pytest.mark.parametrize(
    ("text", "currency"), [("500", "JPY"), ("5.120", "KWD"), ("5", "ISK"), ("1200", "UGX")]
)
def test_the_stand_in_charges_it(world, text, currency):
    amount = Money.from_text(text, currency)
    reference = world.paid(amount)
    assert world.gateway.look_up_charge(reference).outcome is Outcome.SUCCEEDED
    (charge,) = world.stripe.books()["charges"]
    assert money_of(charge["amount"], charge["currency"]) == amount
    dispute = world.stripe.command("disputes", payment_intent=reference)["id"]
    assert world.gateway.look_up_dispute(dispute).amount == amount
