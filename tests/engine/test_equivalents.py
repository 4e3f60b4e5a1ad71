"""What a price comes to a month: shown beside the exact price, never billed."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatledger.engine.equivalents import monthly_equivalent, rounded
from seatledger.engine.money import Money
from seatledger.engine.periods import Interval, Unit

YEAR, QUARTER, MONTH = Interval(Unit.YEAR), Interval(Unit.QUARTER), Interval(Unit.MONTH)


@pytest.mark.parametrize(
    ("amount", "currency", "interval", "shown"),
    [
        (20_000, "USD", YEAR, "16.67 USD"),
        (3 * 20_000, "USD", YEAR, "50.00 USD"),  # from the exact price, not 3 x 16.67
        (1_200, "GBP", MONTH, "12.00 GBP"),
        (1_000, "EUR", QUARTER, "3.33 EUR"),
        (1_000, "JPY", YEAR, "83 JPY"),
        (10_000, "KWD", YEAR, "0.833 KWD"),
        (Fraction(25, 2), "USD", MONTH, "0.13 USD"),
        (24_000, "USD", Interval(Unit.YEAR, 2), "10.00 USD"),
    ],
)
def test_an_amount_is_said_for_a_month(amount, currency, interval, shown):  # E6
    assert str(monthly_equivalent(amount, currency, interval)) == shown


@pytest.mark.parametrize("unit", [Unit.DAY, Unit.WEEK])
def test_a_month_has_no_fixed_number_of_days_or_weeks(unit):
    assert monthly_equivalent(500, "USD", Interval(unit)) is None


@given(st.fractions(0, 10**9))
def test_a_monthly_amount_is_its_own_equivalent(amount):
    assert monthly_equivalent(amount, "USD", MONTH) == rounded(amount, "USD")


@given(st.integers(0, 10**9), st.integers(1, 1000))
def test_the_total_of_many_is_off_by_half_a_coin_at_most(unit_amount, number):
    shown = monthly_equivalent(unit_amount * number, "USD", YEAR)
    assert abs(shown.amount_minor - Fraction(unit_amount * number, 12)) <= Fraction(1, 2)


def test_an_equivalent_is_money():
    assert monthly_equivalent(0, "USD", YEAR) == Money.zero("USD")
