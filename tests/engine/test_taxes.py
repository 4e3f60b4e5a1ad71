from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatledger.engine.taxes import (
    Taxed,
    TaxRate,
    share_tax,
    split_gross,
    take_gross,
    take_net,
    tax_by_rate,
    tax_of,
)

percents = st.sampled_from([0, 5, 7, Fraction("7.7"), Fraction("8.1"), 19, 20, Fraction("25.5"), 27, 100])
rates = st.builds(TaxRate, st.sampled_from(["S", "Z"]), percents)
nets = st.integers(-10_000_000, 10_000_000)
lines = st.lists(st.tuples(rates, nets), max_size=12)


@st.composite
def taxed(draw, smallest=0):
    rate = draw(rates)
    net_minor = draw(st.integers(smallest, 500) | st.integers(smallest, 10_000_000))
    return Taxed(rate, net_minor, tax_of(net_minor, rate.percent))


# The four nets of the example: by the line the tax would be 55.84, and the invoice a penny dearer.
STANDARD = TaxRate("S", 20)
FOUR = [(STANDARD, 6833), (STANDARD, 6833), (STANDARD, 5750), (STANDARD, 8500)]


def test_tax_is_rounded_once_for_the_document():
    [total] = tax_by_rate(FOUR)
    assert total == Taxed(STANDARD, 27916, 5583)
    assert total.gross_minor == 33499
    assert share_tax(FOUR) == (1367, 1366, 1150, 1700)
    assert sum(tax_of(net, 20) for _, net in FOUR) == 5584


def test_credit_notes_of_single_lines_give_back_the_tax_and_no_more():
    [left] = tax_by_rate(FOUR)
    taxes = []
    for _, net in FOUR:
        credited = take_net(left, net)
        taxes.append(credited.tax_minor)
        left = left.less(credited)
    assert taxes == [1366, 1367, 1150, 1700]
    assert left == Taxed(STANDARD, 0, 0)


def test_an_amount_that_no_net_has_can_be_credited():
    left = Taxed(STANDARD, 100, 20)
    assert take_gross(left, 117) == Taxed(STANDARD, 98, 19)
    assert [net + tax_of(net, 20) for net in (2, 3)] == [2, 4]


def test_rates_are_kept_apart_in_the_order_of_the_lines():
    reduced = TaxRate("S", 7)
    found = tax_by_rate([(STANDARD, 100), (reduced, 200), (STANDARD, 50), (TaxRate("Z", 0), 10)])
    assert found == (
        Taxed(STANDARD, 150, 30),
        Taxed(reduced, 200, 14),
        Taxed(TaxRate("Z", 0), 10, 0),
    )


@pytest.mark.parametrize(("net", "percent", "tax"), [(50, 5, 3), (-50, 5, -3), (49, 5, 2), (0, 20, 0)])
def test_halves_of_a_minor_unit_go_away_from_zero(net, percent, tax):
    assert tax_of(net, percent) == tax


@given(lines)
def test_the_shares_of_the_lines_add_up_to_the_tax_of_each_rate(document):
    shares = Counter()
    for (rate, _), share in zip(document, share_tax(document), strict=True):
        shares[rate] += share
    assert {total.rate: total.tax_minor for total in tax_by_rate(document)} == dict(shares)


@given(lines)
def test_the_tax_of_a_document_with_every_sign_turned_is_its_negative(document):
    turned = tax_by_rate([(rate, -net) for rate, net in document])
    assert turned == tuple(
        Taxed(total.rate, -total.net_minor, -total.tax_minor) for total in tax_by_rate(document)
    )


@given(taxed(smallest=-500))
def test_a_full_credit_is_the_exact_reversal(left):
    assert take_net(left, left.net_minor) == left
    if left.net_minor >= 0:
        assert take_gross(left, left.gross_minor) == left


@given(taxed(), st.lists(st.tuples(st.booleans(), st.fractions(0, 1)), max_size=8))
def test_credits_of_any_sort_together_never_exceed_the_invoice(charged, credits_asked):
    """Each credit is no less than nothing, in net and in tax, and credits of a gross amount are of that amount."""
    left = charged
    for by_net, share in credits_asked:
        if by_net:
            credited = take_net(left, int(left.net_minor * share))
        else:
            gross = int(left.gross_minor * share)
            credited = take_gross(left, gross)
            assert credited.gross_minor == gross
        assert credited.net_minor >= 0
        assert credited.tax_minor >= 0
        left = left.less(credited)
        assert left.net_minor >= 0
        assert left.tax_minor >= 0
        # What is left never bears a tax that is out by more than what rounding can do.
        assert abs(left.tax_minor - tax_of(left.net_minor, left.rate.percent)) <= 1
    assert take_net(left, left.net_minor) == left


@given(taxed(smallest=1), st.fractions(0, 1))
def test_the_tax_of_one_credit_is_what_a_calculator_says_but_for_a_minor_unit(charged, share):
    net = int(charged.net_minor * share)
    assert abs(take_net(charged, net).tax_minor - tax_of(net, charged.rate.percent)) <= 1


@given(taxed())
def test_a_gross_amount_is_split_into_what_it_was_made_of(charged):
    assert split_gross(charged.gross_minor, charged.rate) == charged


@given(taxed(), st.data())
def test_no_more_than_is_left_can_be_taken(left, data):
    too_much = data.draw(st.integers(1, 1000))
    with pytest.raises(AssertionError, match="no more than is left"):
        take_net(left, left.net_minor + too_much)
    with pytest.raises(AssertionError, match="no more than is left"):
        take_gross(left, left.gross_minor + too_much)
