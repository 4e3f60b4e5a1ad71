from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.strategies import prices, rates
from seatledger.engine.prices import NOTHING, Flat, Graduated, PerUnit, Price, Tier, Volume, exact
from seatledger.engine.rates import Reduction

TIERS = (Tier(10, 1000), Tier(None, 800))


@pytest.mark.parametrize(
    ("seats", "graduated", "volume"), [(0, 0, 0), (1, 10, 10), (10, 100, 100), (14, 132, 112)]
)
def test_graduated_and_volume(seats, graduated, volume):
    assert Price(Graduated(TIERS)).amount(seats) == graduated * 100
    assert Price(Volume(TIERS)).amount(seats) == volume * 100


def test_a_tier_may_cost_something_to_reach():
    tiers = (Tier(5, 100, flat_amount=1000), Tier(None, 50, flat_amount=200))
    assert [Graduated(tiers).amount(seats) for seats in (0, 1, 5, 6)] == [0, 1100, 1500, 1750]
    assert [Volume(tiers).amount(seats) for seats in (0, 1, 5, 6)] == [0, 1100, 1500, 500]


def test_a_flat_price_is_due_while_the_item_is_there():
    assert [Price(Flat(4900)).amount(level) for level in (NOTHING, 0, 1, 99)] == [0, 4900, 4900, 4900]


def test_free_seats_and_minimums():
    assert [Price(PerUnit(100), free_quantity=3).amount(seats) for seats in (0, 3, 4)] == [0, 0, 100]
    assert [Price(PerUnit(100), minimum_quantity=5).amount(seats) for seats in (NOTHING, 0, 5, 6)] == [
        0,
        500,
        500,
        600,
    ]
    assert [Price(PerUnit(100), minimum_amount=250).amount(seats) for seats in (NOTHING, 0, 2, 3)] == [
        0,
        250,
        250,
        300,
    ]
    assert Price(PerUnit(100), free_quantity=2, minimum_quantity=5).amount(1) == 300


def test_a_discount_takes_off_percent_first_and_never_goes_below_zero():
    assert Reduction(percent=10).apply(1250) == 1125
    assert Reduction(percent=Fraction(25, 2), amount=100).apply(1000) == 775
    assert Reduction(amount=2000).apply(1250) == 0


@given(prices, st.integers(NOTHING, 300))
def test_prices_are_exact_and_never_negative(price, level):
    amount = price.amount(level)
    assert amount >= 0
    assert exact(amount) == amount


@given(rates(), st.integers(NOTHING, 300))
def test_a_discount_never_raises_a_price(rate, level):
    assert 0 <= rate.amount(level) <= rate.price.amount(level)


@pytest.mark.parametrize(
    "tiers",
    [
        (),
        (Tier(10, 1),),
        (Tier(None, 1), Tier(None, 1)),
        (Tier(10, 1), Tier(10, 1), Tier(None, 1)),
        (Tier(0, 1), Tier(None, 1)),
    ],
)
def test_tiers_rise_to_one_without_end(tiers):
    with pytest.raises(ValueError, match="last"):
        Graduated(tiers)
    with pytest.raises(ValueError, match="last"):
        Volume(tiers)


@pytest.mark.parametrize("reduction", [{"percent": 101}, {"percent": -1}, {"amount": -1}])
def test_a_discount_is_a_reduction(reduction):
    with pytest.raises(ValueError, match="takes"):
        Reduction(**reduction)


@pytest.mark.parametrize("value", [1.5, True, Decimal(1), "1", None])
def test_exact_numbers_only(value):
    with pytest.raises(TypeError, match="exact number"):
        exact(value)
