from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.strategies import busy_instants, changes, step_functions
from seatledger.engine.timeline import Span, StepFunction

MARCH_1 = datetime(2026, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
ordered_instants = st.lists(busy_instants(), min_size=3, max_size=3).map(sorted)


@given(changes, st.randoms(use_true_random=False), st.integers(-5, 5))
def test_the_order_of_changes_does_not_matter(steps, random, opening):
    shuffled = random.sample(steps, len(steps))
    assert StepFunction.from_changes(shuffled, opening=opening) == StepFunction.from_changes(
        steps, opening=opening
    )


@given(changes, st.integers(-5, 5), busy_instants())
def test_a_value_is_the_opening_and_every_change_until_then(steps, opening, at):
    seats = StepFunction.from_changes(steps, opening=opening)
    assert seats.value_at(at) == opening + sum(delta for when, delta in steps if when <= at)


@given(step_functions)
def test_a_function_is_its_changes(seats):
    assert StepFunction.from_changes(seats.changes, opening=seats.opening) == seats
    assert all(change.delta for change in seats.changes)
    assert all(before.at < after.at for before, after in pairwise(seats.changes))


@given(step_functions, ordered_instants)
def test_adjoining_areas_add_up(seats, ordered):
    start, middle, end = ordered
    assert seats.seat_seconds(start, middle) + seats.seat_seconds(middle, end) == seats.seat_seconds(
        start, end
    )


@given(step_functions, ordered_instants)
def test_spans_tile_the_interval(seats, ordered):
    start, _, end = ordered
    spans = list(seats.spans(start, end))
    bounds = [start, *(span.end for span in spans)]
    assert [(span.start, span.end) for span in spans] == list(pairwise(bounds))
    assert bounds[-1] == end
    assert all(span.value == seats.value_at(span.start) for span in spans)
    assert all(before.value != after.value for before, after in pairwise(spans))


@given(step_functions, step_functions, busy_instants())
def test_functions_combine_point_by_point(one, other, at):
    left, right = one.value_at(at), other.value_at(at)
    assert (one + other).value_at(at) == left + right
    assert (one - other).value_at(at) == left - right
    assert (-one).value_at(at) == -left
    assert one.maximum(other).value_at(at) == max(left, right)
    assert one.minimum(other).value_at(at) == min(left, right)


@given(st.lists(step_functions, max_size=4), busy_instants())
def test_a_total_is_the_sum_of_its_parts(functions, at):
    assert StepFunction.total(functions).value_at(at) == sum(seats.value_at(at) for seats in functions)


@given(step_functions, step_functions)
def test_adding_is_undone_by_subtracting(one, other):
    assert one + other - other == one
    assert one.maximum(other) + one.minimum(other) == one + other
    assert one - one == StepFunction.constant(0)


@given(step_functions, step_functions, ordered_instants)
def test_areas_are_linear(one, other, ordered):
    start, _, end = ordered
    both = one.seat_seconds(start, end) + other.seat_seconds(start, end)
    assert (one + other).seat_seconds(start, end) == both


@given(step_functions, ordered_instants)
def test_values_lie_between_lowest_and_peak(seats, ordered):
    start, middle, end = ordered
    if start < end:
        assert seats.lowest(start, end) <= seats.value_at(min(middle, end - timedelta(microseconds=1)))
        assert seats.value_at(start) <= seats.peak(start, end)
        assert seats.peak(start, end) == -(-seats).lowest(start, end)
        seconds = StepFunction.constant(1).seat_seconds(start, end)
        area = seats.seat_seconds(start, end)
        assert seats.lowest(start, end) * seconds <= area <= seats.peak(start, end) * seconds


def test_one_afternoon():
    seats = StepFunction.from_changes([(MARCH_1, 10), (MARCH_1 + 2 * HOUR, 2), (MARCH_1 + 3 * HOUR, -5)])
    end = MARCH_1 + 4 * HOUR
    assert list(seats.spans(MARCH_1, end)) == [
        Span(MARCH_1, MARCH_1 + 2 * HOUR, 10),
        Span(MARCH_1 + 2 * HOUR, MARCH_1 + 3 * HOUR, 12),
        Span(MARCH_1 + 3 * HOUR, end, 7),
    ]
    assert seats.seat_seconds(MARCH_1, end) == (2 * 10 + 12 + 7) * 3600
    assert (seats.peak(MARCH_1, end), seats.lowest(MARCH_1, end)) == (12, 7)
    assert seats.peak(MARCH_1, MARCH_1 + 2 * HOUR) == 10  # the change at the end lies outside
    assert seats.lowest(MARCH_1 - HOUR, end) == 0


def test_an_interval_without_instants():
    seats = StepFunction.constant(3)
    assert seats.seat_seconds(MARCH_1, MARCH_1) == 0
    with pytest.raises(ValueError, match="No instant lies between"):
        seats.peak(MARCH_1, MARCH_1)
    with pytest.raises(ValueError, match="is before"):
        seats.seat_seconds(MARCH_1, MARCH_1 - HOUR)


@pytest.mark.parametrize("delta", [1.0, True, "1", None])
def test_seats_are_whole(delta):
    with pytest.raises(TypeError, match="whole numbers"):
        StepFunction.from_changes([(MARCH_1, delta)])
    with pytest.raises(TypeError, match="whole numbers"):
        StepFunction.constant(delta)


def test_changes_happen_at_instants():
    with pytest.raises(TypeError, match="An instant is a datetime"):
        StepFunction.from_changes([(date(2026, 3, 1), 1)])
