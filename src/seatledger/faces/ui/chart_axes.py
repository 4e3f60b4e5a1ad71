"""Where a chart's axes carry a mark, and what it says."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from babel import Locale
from babel.dates import format_skeleton

MOST_TIME_TICKS: Final = 7
MONTH_STEPS: Final = (1, 2, 3, 6, 12, 24, 60, 120)


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
