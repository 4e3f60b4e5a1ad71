"""Words: what a line is for, and why it is what it is, in plain English."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from seatledger.engine.amounts import RunningTotal
from seatledger.engine.currencies import exponent_of
from seatledger.engine.layers import Rectangle
from seatledger.engine.lines import Area, Line
from seatledger.engine.money import Money, Rounding, round_to_whole
from seatledger.engine.policies import DayCount, Rounded
from seatledger.engine.prices import NOTHING, Exact
from seatledger.engine.rates import Rate
from seatledger.engine.reconciling import Effect
from seatledger.engine.scales import Scale
from seatledger.engine.stretches import Stretch

_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
_STEPS: Final = {
    DayCount.DAYS: "days",
    DayCount.SECONDS: "seconds",
    DayCount.THIRTY_DAY_MONTH: "days of months of thirty days",
    DayCount.NONE: "days",
}
_DECIMALS_SHOWN: Final = 6


def describe_line(line: Line) -> str:
    """Say what the line is for: `2 seats, 21 to 31 March 2026`, or `Credit for 1 seat, 9 March 2026`."""
    if isinstance(line.shape, Rectangle):
        seats = abs(line.shape.seats)
        what = seats_in_words(seats) if seats else "fixed price"
        what = f"credit for {what}" if line.is_credit else what
        return f"{_capital(what)}, {_when(line.scale, line.shape.start, line.shape.end)}"
    covered = line.shape.after or line.shape.before
    when = _when(line.scale, covered[0].start, covered[-1].end)
    if line.shape.before:
        return f"Correction, {when}"
    lowest, highest = min(stretch.level for stretch in covered), max(stretch.level for stretch in covered)
    return f"{'' if lowest == highest else f'{lowest} to '}{seats_in_words(highest)}, {when}"


def explain_line(line: Line) -> tuple[str, ...]:
    """Say, sentence by sentence, how the amount comes about. The last sentence names the amount."""
    shape = line.shape
    sentences = (
        _explain_rectangle(line, shape) if isinstance(shape, Rectangle) else _explain_area(line, shape)
    )
    return (*sentences, *_notes(line.rate), f"The amount is {line.amount}.")


def describe_effect(line: Line, effect: Effect) -> str:
    """Say where a change of level counts and at what price: `21 to 31 March 2026: 2 seats more, 24.00 x 11/31 days`."""
    low, high = max(effect.before, 0), max(effect.after, 0)
    what = seats_in_words(abs(high - low)) if high != low else "fixed price"
    if effect.before != NOTHING and high != low:
        what += " more" if high > low else " fewer"
    scale = line.scale
    price = _exact(line.rate, effect.price)
    steps = scale.weight_between(effect.start, effect.end)
    part = "" if steps == scale.weight else f" x {steps}/{scale.weight} {_STEPS[scale.day_count]}"
    return f"{_when(scale, effect.start, effect.end)}: {what}, {price}{part}"


def days_in_words(first: date, last: date) -> str:
    """Return `21 to 31 March 2026`: the last day in full, and of the first what differs."""
    end = f"{last.day} {_MONTHS[last.month - 1]} {last.year}"
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {end}"
    start = f"{first.day} {_MONTHS[first.month - 1]}"
    return f"{start} to {end}" if first.year == last.year else f"{start} {first.year} to {end}"


def exact_in_words(minor: Exact, currency: str) -> str:
    """Return an exact amount in major units: `24.00`, `0.00125`, or `8.516129...` where it goes on."""
    if minor.denominator == 1:
        return Money(minor.numerator, currency).to_text()
    finer = 10 ** (_DECIMALS_SHOWN - exponent_of(currency))
    cut = round_to_whole(minor * finer, Rounding.TRUNCATE)
    digits = str(abs(cut)).rjust(_DECIMALS_SHOWN + 1, "0")
    text = f"{'-' if minor < 0 else ''}{digits[:-_DECIMALS_SHOWN]}.{digits[-_DECIMALS_SHOWN:]}"
    return text.rstrip("0") if Fraction(cut, finer) == minor else f"{text}..."


def seats_in_words(seats: int) -> str:
    return "1 seat" if seats == 1 else f"{seats} seats"


def _explain_rectangle(line: Line, shape: Rectangle) -> Iterator[str]:
    rate, scale = line.rate, line.scale
    when = _when(scale, shape.start, shape.end)
    low, high = sorted((shape.before, shape.after))
    if low == NOTHING:
        what = seats_in_words(high) if high else "the fixed price"
        yield f"{when}: {what} {'no longer ' if line.is_credit else ''}charged."
    else:
        yield f"{when}: {seats_in_words(shape.after)} charged instead of {shape.before}."
    costs = [
        f"{seats_in_words(level)} cost {_exact(rate, rate.amount(level))}"
        for level in (high, low)
        if level >= 0
    ]
    yield f"For the full period, {_when(scale, 0, scale.size)}, {' and '.join(costs)}."
    yield from (_explain_total(line, total) for total in line.totals)


def _explain_total(line: Line, total: RunningTotal) -> str:
    """Say how a running total comes about: a price, times the part of the period that is left."""
    scale, rate = line.scale, line.rate
    product = _exact(rate, total.price)
    if total.left != scale.weight:
        product += f" x {total.left}/{scale.weight} {_STEPS[scale.day_count]} = {_exact(rate, total.exact)}"
    if total.exact != total.rounded:
        product += f", rounded {Money(total.rounded, rate.currency).to_text()}"
    return f"{'Less' if total.sign < 0 else 'Plus'}, counted to the end of the period: {product}."


def _explain_area(line: Line, shape: Area) -> Iterator[str]:
    yield from _explain_levels(line, shape.after)
    for total in line.totals:
        rounded = Money(total.rounded, line.rate.currency).to_text()
        if total.sign < 0:
            yield f"Less what was charged for this period before: {rounded}."
        else:
            yield f"Together {_exact(line.rate, total.exact)}, rounded {rounded}."


def _explain_levels(line: Line, levels: Sequence[Stretch]) -> Iterator[str]:
    scale = line.scale
    for start, end, level in levels:
        steps = scale.weight_left(start) - scale.weight_left(end)
        product = (
            f"{_exact(line.rate, line.rate.amount(level))} x {steps}/{scale.weight} {_STEPS[scale.day_count]}"
        )
        yield f"{_when(scale, start, end)}: {seats_in_words(level)}, {product}."


def _notes(rate: Rate) -> Iterator[str]:
    price = rate.price
    if price.minimum_quantity:
        yield f"The price is for {seats_in_words(price.minimum_quantity)} at least."
    if price.free_quantity:
        yield f"Free of charge: {seats_in_words(price.free_quantity)}."
    if price.minimum_amount:
        yield f"A full period costs {_exact(rate, price.minimum_amount)} at least."
    for reduction in rate.reductions:
        parts = [f"{_number(reduction.percent)} %"] if reduction.percent else []
        parts += [f"{_exact(rate, reduction.amount)} a period"] if reduction.amount else []
        yield f"Prices are after a discount of {' and '.join(parts) or 'nothing'}."
    if rate.measure.rounded is Rounded.SEAT:
        yield "Each seat is rounded by itself."
    elif rate.measure.rounded is Rounded.UNIT:
        yield "The price of one seat for one day is rounded, then multiplied; a full period costs its full price."
    if rate.measure.rounding is Rounding.TRUNCATE:
        yield "What is less than the smallest coin is dropped."


def _when(scale: Scale, start: int, end: int) -> str:
    """Return the days, or for seconds the two instants, from one position to another."""
    first, after = scale.point(start), scale.point(end)
    if scale.day_count is DayCount.SECONDS:
        return f"{first:%Y-%m-%d %H:%M:%S} to {after:%Y-%m-%d %H:%M:%S} UTC"
    return days_in_words(first, after - timedelta(days=1))


def _exact(rate: Rate, minor: Exact) -> str:
    return exact_in_words(minor, rate.currency)


def _number(value: Exact) -> str:
    """Return 12.5 for 25/2, as people write it."""
    text = exact_in_words(value * 100, "USD")
    return text.rstrip("0").removesuffix(".")


def _capital(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"
