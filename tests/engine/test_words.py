"""What lines say of themselves."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings

from engine.contracts import active, bought, contract, held, instant, per_seat
from engine.test_contract_laws import contracts, lines_of
from seatledger.engine.plans import Grant
from seatledger.engine.policies import DayCount, Decrease, Measure, Policy, Rounded
from seatledger.engine.prices import Flat, PerUnit, Price
from seatledger.engine.rates import Reduction
from seatledger.engine.rating import rate_contract
from seatledger.engine.words import days_in_words, describe_line, exact_in_words, explain_line


def lines(agreed, through="2026-05-31"):
    return lines_of(rate_contract(agreed, through=date.fromisoformat(through)))


def test_seats_added_in_march():
    first, added, *_ = lines(contract(per_seat(1200), bought("2026-03-01", 10), bought("2026-03-21", add=2)))
    assert describe_line(first) == "10 seats, 1 to 31 March 2026"
    assert explain_line(first) == (
        "1 to 31 March 2026: 10 seats charged.",
        "For the full period, 1 to 31 March 2026, 10 seats cost 120.00.",
        "Plus, counted to the end of the period: 120.00.",
        "The amount is 120.00 USD.",
    )
    assert describe_line(added) == "2 seats, 21 to 31 March 2026"
    assert explain_line(added) == (
        "21 to 31 March 2026: 12 seats charged instead of 10.",
        "For the full period, 1 to 31 March 2026, 12 seats cost 144.00 and 10 seats cost 120.00.",
        "Plus, counted to the end of the period: 24.00 x 11/31 days = 8.516129..., rounded 8.52.",
        "The amount is 8.52 USD.",
    )


def test_a_credit():
    tariff = per_seat(1200, policy=Policy(decrease=Decrease.CREDIT))
    credit = lines(contract(tariff, bought("2026-03-01", 10), bought("2026-03-31", add=-1), zone="UTC"))[1]
    assert describe_line(credit) == "Credit for 1 seat, 31 March 2026"
    assert explain_line(credit) == (
        "31 March 2026: 9 seats charged instead of 10.",
        "For the full period, 1 to 31 March 2026, 10 seats cost 120.00 and 9 seats cost 108.00.",
        "Less, counted to the end of the period: 12.00 x 1/31 days = 0.387096..., rounded 0.39.",
        "The amount is -0.39 USD.",
    )


def test_users_by_the_day_and_a_correction():
    late = held("2026-03-30", add=-5, recorded_at=instant("2026-04-10"))
    first, correction, *_ = lines(
        contract(active(1200), held("2026-03-01", 10), held("2026-03-21", add=2), late, zone="UTC")
    )
    assert describe_line(first) == "10 to 12 seats, 1 to 31 March 2026"
    assert explain_line(first) == (
        "1 to 20 March 2026: 10 seats, 120.00 x 20/31 days.",
        "21 to 31 March 2026: 12 seats, 144.00 x 11/31 days.",
        "Together 128.516129..., rounded 128.52.",
        "The amount is 128.52 USD.",
    )
    assert describe_line(correction) == "Correction, 1 to 31 March 2026"
    assert explain_line(correction)[-3:] == (
        "Together 124.645161..., rounded 124.65.",
        "Less what was charged for this period before: 128.52.",
        "The amount is -3.87 USD.",
    )


def test_what_is_out_of_the_ordinary_is_said():
    tariff = per_seat(1200, policy=Policy(measure=Measure(DayCount.SECONDS, Rounded.SEAT)))
    grants = (Grant(Reduction(percent=Fraction(25, 2), amount=50)),)
    (line,) = lines(contract(tariff, bought("2026-03-01", 1), grants=grants, zone="UTC"), "2026-03-31")
    assert describe_line(line) == "1 seat, 2026-03-01 00:00:00 to 2026-04-01 00:00:00 UTC"
    assert explain_line(line)[-3:] == (
        "Prices are after a discount of 12.5 % and 0.50 a period.",
        "Each seat is rounded by itself.",
        "The amount is 10.00 USD.",
    )


def test_minimums_and_free_seats_are_said():
    price = Price(PerUnit(1000), free_quantity=1, minimum_quantity=5, minimum_amount=2500)
    tariff = replace(per_seat(0), price=price)
    (line,) = lines(contract(tariff, bought("2026-03-01", 3)), "2026-03-31")
    assert explain_line(line)[1:] == (
        "For the full period, 1 to 31 March 2026, 3 seats cost 40.00.",
        "Plus, counted to the end of the period: 40.00.",
        "The price is for 5 seats at least.",
        "Free of charge: 1 seat.",
        "A full period costs 25.00 at least.",
        "The amount is 40.00 USD.",
    )


def test_a_fixed_price():
    tariff = replace(per_seat(0), price=Price(Flat(4900)))
    (line,) = lines(contract(tariff, starts_on=date(2026, 3, 1)), "2026-03-31")
    assert describe_line(line) == "Fixed price, 1 to 31 March 2026"
    assert explain_line(line)[0] == "1 to 31 March 2026: the fixed price charged."


@settings(max_examples=15)
@given(contracts())
def test_every_line_can_be_told(agreed):
    for line in lines(agreed):
        assert describe_line(line)
        assert explain_line(line)[-1] == f"The amount is {line.amount}."


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2026, 3, 1), date(2026, 3, 1), "1 March 2026"),
        (date(2026, 3, 1), date(2026, 3, 31), "1 to 31 March 2026"),
        (date(2026, 1, 31), date(2026, 2, 27), "31 January to 27 February 2026"),
        (date(2026, 12, 15), date(2027, 1, 14), "15 December 2026 to 14 January 2027"),
    ],
)
def test_days_as_people_write_them(first, last, text):
    assert days_in_words(first, last) == text


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (2400, "USD", "24.00"),
        (Fraction(1, 8), "USD", "0.00125"),
        (Fraction(-26400, 31), "USD", "-8.516129..."),
        (Fraction(100, 3), "JPY", "33.333333..."),
        (Fraction(3, 2), "KWD", "0.0015"),
    ],
)
def test_exact_amounts(minor, currency, text):
    assert exact_in_words(minor, currency) == text
