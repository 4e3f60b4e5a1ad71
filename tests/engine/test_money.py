from decimal import Decimal
from fractions import Fraction

import pytest
from babel.numbers import list_currencies
from hypothesis import given
from hypothesis import strategies as st

from engine.strategies import amounts, currencies, factors, weights
from seatledger.engine.currencies import EXPONENTS
from seatledger.engine.money import Money, Rounding, add_up, read_fraction, round_to_whole


@given(amounts, weights)
def test_allocating_loses_nothing(amount, shares):
    assert add_up(amount.allocate(shares), amount.currency) == amount


@given(amounts, st.integers(1, 60))
def test_splitting_loses_nothing_and_is_even(amount, parts):
    minors = [part.amount_minor for part in amount.split(parts)]
    assert len(minors) == parts
    assert sum(minors) == amount.amount_minor
    assert max(minors) - min(minors) <= 1


@given(amounts, weights)
def test_a_share_of_nothing_is_nothing(amount, shares):
    with_nothing = amount.allocate([*shares, 0])
    assert with_nothing == (*amount.allocate(shares), Money.zero(amount.currency))


@given(amounts, factors, st.sampled_from(Rounding))
def test_a_credit_is_the_exact_negative_of_its_charge(amount, factor, rounding):
    assert amount.times(-factor, rounding) == -amount.times(factor, rounding)
    assert (-amount).times(factor, rounding) == -amount.times(factor, rounding)


@given(amounts, factors)
def test_rounding_moves_by_half_a_minor_unit_at_most(amount, factor):
    assert abs(amount.times(factor).amount_minor - amount.amount_minor * factor) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("value", "rounded", "cut"),
    [
        ("2.5", 3, 2),
        ("-2.5", -3, -2),
        ("2.4999", 2, 2),
        ("-0.5", -1, 0),
        ("0.5", 1, 0),
        ("7", 7, 7),
        ("-1.9", -2, -1),
    ],
)
def test_halves_go_away_from_zero(value, rounded, cut):
    assert round_to_whole(Fraction(value)) == rounded
    assert round_to_whole(Fraction(value), Rounding.TRUNCATE) == cut


@given(amounts, amounts.map(lambda amount: amount.amount_minor))
def test_adding_is_undone_by_subtracting(amount, minor):
    other = Money(minor, amount.currency)
    assert amount + other - other == amount
    assert (amount < other, amount <= other) == (other > amount, other >= amount)
    assert (amount == other) == (amount <= other <= amount)
    assert abs(amount - other) == abs(other - amount)


@given(amounts)
def test_text_is_read_back(amount):
    assert Money.from_text(amount.to_text(), amount.currency) == amount


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (1200, "GBP", "12.00"),
        (-5, "USD", "-0.05"),
        (1200, "JPY", "1200"),
        (1205, "KWD", "1.205"),
        (0, "EUR", "0.00"),
    ],
)
def test_amounts_have_the_decimals_of_their_currency(minor, currency, text):
    assert Money(minor, currency).to_text() == text
    assert str(Money(minor, currency)) == f"{text} {currency}"


def test_yen_and_dinars_are_split_to_their_own_unit():
    assert [part.to_text() for part in Money(100, "JPY").split(3)] == ["33", "34", "33"]
    assert [part.to_text() for part in Money.from_text("1.000", "KWD").split(3)] == [
        "0.333",
        "0.334",
        "0.333",
    ]


@pytest.mark.parametrize("amount", [12.0, True, Decimal(12), Fraction(12), "12", None, float("nan")])
def test_an_amount_is_a_whole_number(amount):
    with pytest.raises(TypeError):
        Money(amount, "GBP")


# Empty, in small letters, ISO 4217's codes for no currency, for gold and for a unit of account, and no code at all.
@pytest.mark.parametrize("currency", ["", "gbp", "XXX", "XAU", "CLF", "pounds", None])
def test_a_currency_is_current(currency):
    with pytest.raises(ValueError, match="is not a current ISO 4217 currency"):
        Money(0, currency)


@pytest.mark.parametrize("factor", [0.5, True, Decimal("0.5"), "1/2"])
def test_a_factor_is_exact(factor):
    with pytest.raises(TypeError):
        Money(1, "GBP").times(factor)


@pytest.mark.parametrize(
    "mix",
    [
        lambda left, right: left + right,
        lambda left, right: left - right,
        lambda left, right: left < right,
        lambda left, right: left >= right,
        lambda left, right: add_up([left, right], "GBP"),
    ],
)
def test_currencies_do_not_mix(mix):
    with pytest.raises(ValueError, match="do not mix"):
        mix(Money(1, "GBP"), Money(1, "EUR"))
    with pytest.raises(TypeError):
        mix(Money(1, "GBP"), 1)


@pytest.mark.parametrize("shares", [[], [0], [0, 0], [2, -1]])
def test_shares_are_positive(shares):
    with pytest.raises(ValueError, match="Weights"):
        Money(1, "GBP").allocate(shares)
    with pytest.raises(ValueError, match="at least one part"):
        Money(1, "GBP").split(0)


@pytest.mark.parametrize(
    "text", ["", "NaN", "Infinity", "-sNaN", "12,00", "1/3", "0x1", "twelve", 12.5, None]
)
def test_text_is_a_finite_number(text):
    with pytest.raises(ValueError, match="is not a number"):
        read_fraction(text)


def test_an_amount_finer_than_its_currency_is_refused():
    with pytest.raises(ValueError, match="finer than the smallest unit of JPY"):
        Money.from_text("0.5", "JPY")
    assert read_fraction("0.00125") == Fraction(1, 800)


@given(currencies)
def test_no_amounts_add_up_to_zero(currency):
    assert add_up([], currency) == Money.zero(currency)


def test_every_currency_of_the_table_is_known_elsewhere_too():
    assert EXPONENTS.keys() <= list_currencies()
    assert len(EXPONENTS) == 155
