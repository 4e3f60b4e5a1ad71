"""Column charts drawn by the server: months or weeks side by side, each a stack of parts above and below nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from babel.numbers import format_compact_currency, format_compact_decimal
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from seatledger.engine.currencies import exponent_of
from seatledger.faces.ui import formats
from seatledger.faces.ui.chart_axes import quantity_ticks
from seatledger.faces.ui.tables import FigureTable

# Of the room a column has, so much is left free beside it.
_GAP: Final = 0.3
_ALL: Final = 100
# Letters that fit beside each other under half a page's width, and columns that fit on a phone with all their labels.
_MOST_LETTERS: Final = 60
_FEW: Final = 6


@dataclass(frozen=True, slots=True)
class Column:
    """The parts of one month or week, one value for each key of the chart; what is below zero hangs from the line."""

    label: str
    values: tuple[int, ...]
    text: str
    url: str = ""

    @property
    def top(self) -> int:
        return sum(value for value in self.values if value > 0)

    @property
    def bottom(self) -> int:
        return sum(value for value in self.values if value < 0)


@dataclass(frozen=True, slots=True)
class Key:
    """A part that every column has: its name and its tone."""

    name: str
    tone: str


@dataclass(frozen=True, slots=True)
class ColumnChart:
    """Columns with their key and the table of the same figures. `id` is unique on its page.

    Values are minor units where a currency is given. The last column may be `running`: its figures are not final.
    """

    id: str
    title: str
    description: str
    keys: tuple[Key, ...]
    columns: tuple[Column, ...]
    table: FigureTable
    currency: str = ""
    running: bool = False

    @property
    def is_empty(self) -> bool:
        return not any(value for column in self.columns for value in column.values)

    @property
    def svg(self) -> SafeString:
        return draw_columns(self)


def draw_columns(chart: ColumnChart) -> SafeString:
    """Return the chart as an SVG element that fills any width."""
    ticks = _ticks(chart.columns)
    plot = _Plot(ticks[0], ticks[-1], max(1, len(chart.columns)))
    return format_html(
        '<svg class="step-chart column-chart" role="{role}" aria-labelledby="{id}-title {id}-text">'
        '<title id="{id}-title">{title}</title><desc id="{id}-text">{text}</desc>{axis}{columns}{labels}</svg>',
        # An image has nothing in it that could be reached: columns that lead somewhere are a group of links.
        role="group" if any(column.url for column in chart.columns) else "img",
        id=chart.id,
        title=chart.title,
        text=chart.description,
        axis=_axis(plot, ticks, chart.currency),
        columns=format_html_join(
            "", "{}", ((_column(plot, chart, place),) for place in range(len(chart.columns)))
        ),
        labels=_labels(plot, chart.columns),
    )


@dataclass(frozen=True, slots=True)
class _Plot:
    """Turns places and values into percentages of the drawing."""

    lowest: int
    highest: int
    number: int

    def x(self, place: float) -> str:
        return f"{_short(_ALL * place / self.number)}%"

    def y(self, value: int) -> str:
        return f"{_short(_ALL * (self.highest - value) / (self.highest - self.lowest))}%"

    def height(self, value: int) -> str:
        return f"{_short(_ALL * abs(value) / (self.highest - self.lowest))}%"


def _ticks(columns: Sequence[Column]) -> tuple[int, ...]:
    """Return round marks from below the deepest column to above the highest, nothing among them."""
    top = max((column.top for column in columns), default=0)
    bottom = -min((column.bottom for column in columns), default=0)
    marks = quantity_ticks(max(top, bottom))
    step = marks[1]
    above = [mark for mark in marks if mark and mark - step < top]
    below = [-mark for mark in marks if mark and mark - step < bottom]
    return (*sorted(below), 0, *(above if above or below else marks[1:2]))


def _axis(plot: _Plot, ticks: Sequence[int], currency: str) -> SafeString:
    return format_html_join(
        "",
        '<line class="{}" x1="0" y1="{}" x2="100%" y2="{}"></line><text x="-10" y="{}" dy="4" text-anchor="end">{}</text>',
        (
            (
                "chart-grid" if tick else "chart-axis",
                plot.y(tick),
                plot.y(tick),
                plot.y(tick),
                short_text(tick, currency),
            )
            for tick in ticks
        ),
    )


def _column(plot: _Plot, chart: ColumnChart, place: int) -> SafeString:
    column = chart.columns[place]
    is_last = place == len(chart.columns) - 1
    drawn = format_html(
        '<g class="chart-column"{}><title>{}</title>{}<rect class="chart-band" x="{}" y="0" width="{}" height="100%"></rect></g>',
        SafeString(' data-running="yes"') if chart.running and is_last else "",
        f"{column.label}: {column.text}",
        _parts(plot, chart.keys, column, place),
        plot.x(place),
        plot.x(1),
    )
    if not column.url:
        return drawn
    return format_html(
        '<a href="{}" aria-label="{}">{}</a>', column.url, f"{column.label}: {column.text}", drawn
    )


def _parts(plot: _Plot, keys: Sequence[Key], column: Column, place: int) -> SafeString:
    above, below = 0, 0
    rows = []
    for key, value in zip(keys, column.values, strict=True):
        if value > 0:
            above += value
            rows.append((key.tone, plot.y(above), plot.height(value)))
        elif value < 0:
            rows.append((key.tone, plot.y(below), plot.height(value)))
            below += value
    return format_html_join(
        "",
        '<rect class="chart-part" data-tone="{}" x="{}" y="{}" width="{}" height="{}"></rect>',
        ((tone, plot.x(place + _GAP / 2), y, plot.x(1 - _GAP), height) for tone, y, height in rows),
    )


def _labels(plot: _Plot, columns: Sequence[Column]) -> SafeString:
    """Write as many labels as there is room for: every second of many long ones, and fewer on a phone."""
    longest = max((len(column.label) for column in columns), default=0)
    every = 2 if longest * len(columns) > _MOST_LETTERS else 1
    on_a_phone = every if len(columns) <= _FEW else 2 * every if every > 1 else 3
    return format_html_join(
        "",
        '<text class="chart-tick{}" x="{}" y="100%" dy="20" text-anchor="middle">{}</text>',
        (
            (" chart-tick-minor" if place % on_a_phone else "", plot.x(place + 0.5), column.label)
            for place, column in enumerate(columns)
            if place % every == 0
        ),
    )


def short_text(value: int, currency: str) -> str:
    """Return a value as an axis says it: 12K, or with its currency; whole where it is small."""
    locale = formats.reader_locale()
    if not currency:
        return str(format_compact_decimal(value, locale=locale, fraction_digits=1))
    amount = Decimal(value).scaleb(-exponent_of(currency))
    return str(format_compact_currency(amount, currency, locale=locale, fraction_digits=1))


def _short(number: float) -> str:
    return f"{number:.3f}".rstrip("0").rstrip(".")
