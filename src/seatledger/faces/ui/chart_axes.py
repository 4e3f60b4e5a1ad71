"""Where a chart's axes carry a mark, and what it says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from babel import Locale
from babel.dates import format_skeleton

MOST_TIME_TICKS: Final = 7
# The narrowest a chart's plot gets at all, and while all its labels are shown (chart.css), in pixels.
NARROWEST: Final = 200
NARROWEST_WITH_ALL: Final = 424
# What a letter of a label takes at most on average, and the gap between two labels.
_LETTER: Final = 7.2
_GAP: Final = 4
MONTH_STEPS: Final = (1, 2, 3, 6, 12, 24, 60, 120)


@dataclass(frozen=True, slots=True)
class TimeTick:
    """A day to mark, its place as a share of the axis, and its label. One that is minor gives way in a narrow chart."""

    day: date
    place: float
    text: str
    is_minor: bool

    def box(self, width: float) -> tuple[float, float]:
        """Return from where to where the label reaches on an axis so wide. One at the very start begins there."""
        size = len(self.text) * _LETTER
        left = self.place * width - (size / 2 if self.place else 0)
        return left, left + size


def fitting_ticks(start: date, end: date, locale: Locale) -> tuple[TimeTick, ...]:
    """Return the marks of [start, end) whose labels stand clear of each other, however narrow the chart is."""
    days = (end - start).days
    ticks = [
        TimeTick(day, (day - start).days / days, text, is_minor=False)
        for day, text in time_ticks(start, end, locale)
    ]
    shown = _clear_of_each_other(ticks, NARROWEST_WITH_ALL)
    always = _clear_of_each_other(shown, NARROWEST)
    return tuple(replace(tick, is_minor=tick not in always) for tick in shown)


def _clear_of_each_other(ticks: Sequence[TimeTick], width: float) -> list[TimeTick]:
    """Return as many ticks as have room: those that say a year, the newest first, and then the others from the left.

    Without the year in which it lies a month after the turn of one would be taken for one before it.
    """
    placed: list[TimeTick] = []
    for tick in sorted(ticks, key=_importance):
        left, right = tick.box(width)
        others = [other.box(width) for other in placed]
        if all(right + _GAP <= begins or ends + _GAP <= left for begins, ends in others):
            placed.append(tick)
    return sorted(placed, key=lambda tick: tick.day)


def _importance(tick: TimeTick) -> tuple[bool, int]:
    says_year = str(tick.day.year) in tick.text
    return not says_year, -tick.day.toordinal() if says_year else tick.day.toordinal()


def quantity_ticks(highest: int) -> tuple[int, ...]:
    """Return round marks from 0 to at least `highest`, three to six of them, whole numbers only."""
    step = next(step for step in _round_numbers() if step * 5 >= highest)
    return tuple(range(0, max(highest, 1) + step, step))


def time_ticks(start: date, end: date, locale: Locale) -> tuple[tuple[date, str], ...]:
    """Return the days within [start, end) to mark, and their labels: days in a short period, else months.

    The first month of each year that is marked says the year.
    """
    if (end - start).days <= 62:
        step = max(1, -(-(end - start).days // MOST_TIME_TICKS))
        days = [start + timedelta(days=offset) for offset in range(0, (end - start).days, step)]
        return tuple((day, format_skeleton("MMMd", day, locale=locale)) for day in days)
    months = _month_starts(start, end)
    step = next((size for size in MONTH_STEPS if len(months) <= size * MOST_TIME_TICKS), MONTH_STEPS[-1])
    marked = months[::step]
    years = [None, *(day.year for day in marked)]
    return tuple(
        (day, format_skeleton("MMM" if day.year == year else "yMMM", day, locale=locale))
        for day, year in zip(marked, years, strict=False)
    )


def _month_starts(start: date, end: date) -> list[date]:
    first = start.year * 12 + start.month - 1 + (start.day > 1)
    last = end.year * 12 + end.month - 1 + (end.day > 1)
    return [date(month // 12, month % 12 + 1, 1) for month in range(first, last)]


def _round_numbers() -> Iterator[int]:
    power = 1
    while True:
        yield from (power, 2 * power, 5 * power)
        power *= 10
