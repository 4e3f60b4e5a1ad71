"""Target minus charged, as rectangles, and what rectangles cost."""

from datetime import date
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.strategies import rates, scales, stretches
from seatledger.engine.amounts import add_totals, totals_of_rectangle
from seatledger.engine.layers import Rectangle, subtract
from seatledger.engine.lines import Line, charge_in_advance, charge_in_arrears, work_out
from seatledger.engine.money import Money
from seatledger.engine.periods import Period
from seatledger.engine.prices import NOTHING, PerUnit, Price
from seatledger.engine.rates import Rate
from seatledger.engine.scales import Scale
from seatledger.engine.stretches import Stretch

MARCH = Scale(Period(date(2026, 3, 1), date(2026, 4, 1)), ZoneInfo("Europe/London"))
TWELVE = Rate("seat", "USD", Price(PerUnit(1200)))
histories = st.lists(stretches(31), min_size=1, max_size=5)


def paint(rectangles, size=31):
    """Return the level of each step after all rectangles, one step at a time."""
    levels = [NOTHING] * size
    for rectangle in rectangles:
        for step in range(rectangle.start, rectangle.end):
            assert levels[step] == rectangle.before
            levels[step] = rectangle.after
    return levels


def spread(target, size=31):
    levels = [NOTHING] * size
    for stretch in target:
        levels[stretch.start : stretch.end] = [stretch.level] * (stretch.end - stretch.start)
    return levels


def sum_minor(lines):
    return sum(line.amount.amount_minor for line in lines)


@given(histories)
def test_charging_the_difference_reaches_the_target(history):
    charged = []
    for target in history:
        charged += subtract(target, charged)
        assert paint(charged) == spread(target)
        assert subtract(target, charged) == ()


def test_two_layers_that_reached_one_top_are_credited_once():
    """Two seats, then one, then two again: the seat that returned is a layer of its own below the same top."""
    charged: list[Rectangle] = []
    for seats in (2, 1, 2):
        charged += subtract([Stretch(0, 1, seats)], charged)
    taken_back = subtract([], charged)
    assert taken_back == (Rectangle(0, 1, before=2, after=NOTHING, top=2),)
    assert subtract([], [*charged, *taken_back]) == ()


@given(histories, rates(), scales())
def test_charging_twice_adds_nothing(history, rate, scale):
    for charge in (charge_in_advance, charge_in_arrears):
        charged = ()
        for target in fitted(history, scale):
            charged += charge("seat", rate, scale, target=target, charged=charged)
            assert charge("seat", rate, scale, target=target, charged=charged) == ()


@given(histories, rates(), scales())
def test_a_full_credit_is_the_exact_negative_of_all_that_was_charged(history, rate, scale):
    for charge in (charge_in_advance, charge_in_arrears):
        charged = ()
        for target in [*fitted(history, scale), ()]:
            charged += charge("seat", rate, scale, target=target, charged=charged)
        assert sum_minor(charged) == 0


@given(histories, rates(), scales())
def test_in_arrears_only_the_last_state_matters(history, rate, scale):
    charged = ()
    for target in fitted(history, scale):
        charged += charge_in_arrears("seat", rate, scale, target=target, charged=charged)
    at_once = charge_in_arrears("seat", rate, scale, target=target, charged=())
    assert sum_minor(charged) == sum_minor(at_once)


@given(histories, rates(), scales())
def test_a_line_can_be_worked_out_again(history, rate, scale):
    for charge in (charge_in_advance, charge_in_arrears):
        charged = ()
        for target in fitted(history, scale):
            charged += charge("seat", rate, scale, target=target, charged=charged)
        assert [work_out(line.item, line.rate, line.scale, line.shape) for line in charged] == list(charged)


def fitted(history, scale):
    """Stretch a history of 31 steps to the size of the scale."""
    size = scale.size
    for target in history:
        scaled = (Stretch(start * size // 31, end * size // 31, level) for start, end, level in target)
        yield tuple(stretch for stretch in scaled if stretch.start < stretch.end)


@given(rates(), scales(), st.data())
def test_adjoining_parts_of_a_rectangle_add_up(rate, scale, data):
    start, middle, end = sorted(data.draw(st.tuples(*[st.integers(0, scale.size)] * 3)))
    low, between, high = sorted(data.draw(st.tuples(*[st.integers(NOTHING, 20)] * 3)))

    def amount(start, end, before, after):
        return add_totals(totals_of_rectangle(Rectangle(start, end, before, after, top=high), rate, scale))

    whole = amount(start, end, low, high)
    assert whole == amount(start, middle, low, high) + amount(middle, end, low, high)
    assert whole == amount(start, end, low, between) + amount(start, end, between, high)
    assert whole == -amount(start, end, high, low)


@given(rates(), scales())
def test_a_full_period_costs_its_price(rate, scale):
    (total,) = totals_of_rectangle(Rectangle(0, scale.size, NOTHING, 7, top=7), rate, scale)
    assert total.exact == rate.amount(7)


def test_seats_added_in_march_are_what_a_calculator_says():
    ten = [Stretch(0, 31, 10)]
    charged = charge_in_advance("seat", TWELVE, MARCH, target=ten, charged=())
    twelve = [Stretch(0, 20, 10), Stretch(20, 31, 12)]
    added = charge_in_advance("seat", TWELVE, MARCH, target=twelve, charged=charged)
    assert [str(line.amount) for line in charged + added] == ["120.00 USD", "8.52 USD"]
    both = charge_in_advance("seat", TWELVE, MARCH, target=twelve, charged=())
    assert both == charged + added


def test_a_credit_takes_the_last_seats_first():
    charged = subtract([Stretch(0, 20, 10), Stretch(20, 31, 12)], [])
    credited = subtract([Stretch(0, 25, 10), Stretch(25, 31, 9)], charged)
    assert credited == (
        Rectangle(20, 31, before=12, after=10, top=12),
        Rectangle(25, 31, before=10, after=9, top=10),
    )
    assert [rectangle.seats for rectangle in credited] == [-2, -1]


@pytest.mark.parametrize("parts", [(1, 2), (2, 1), (1, 1, 1), (3,)])
def test_seats_credited_one_by_one_come_to_what_they_cost(parts):
    third = Rate("seat", "USD", Price(PerUnit(1000)))
    level, lines = 10, list(charge_in_advance("seat", third, MARCH, target=[Stretch(20, 31, 10)], charged=()))
    lines += charge_in_advance("seat", third, MARCH, target=[Stretch(20, 31, 13)], charged=lines)
    cost = lines[-1].amount
    level = 13
    for part in parts:
        level -= part
        lines += charge_in_advance("seat", third, MARCH, target=[Stretch(20, 31, level)], charged=lines)
    credits_given = [line.amount for line in lines[2:]]
    assert isinstance(lines[-1], Line)
    assert sum(amount.amount_minor for amount in credits_given) == -cost.amount_minor


@given(st.integers(0, 30), st.integers(1, 9))
def test_the_first_credit_of_a_layer_is_what_a_calculator_says(step, seats):
    charged = charge_in_advance("seat", TWELVE, MARCH, target=[Stretch(0, 31, 10)], charged=())
    target = [Stretch(0, step, 10), Stretch(step, 31, 10 - seats)][step == 0 :]
    (credit,) = charge_in_advance("seat", TWELVE, MARCH, target=target, charged=charged)
    assert credit.amount == -Money(1200 * seats, "USD").times(Fraction(31 - step, 31))
