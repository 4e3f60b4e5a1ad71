"""Charts drawn by the server: SVG that takes its colours from the style sheet.

Places along the time axis are percentages and text has its own size, so a chart fills any width and its
words stay readable on a phone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from seatledger.faces.ui import formats
from seatledger.faces.ui.chart_axes import fitting_ticks, quantity_ticks

BOUGHT: Final = "bought"
HELD: Final = "held"
TONES: Final = 4
CREDIT: Final = "credit"


@dataclass(frozen=True, slots=True)
class Step:
    """From this day on, until the next step, the quantity is so much."""

    on: date
    quantity: int


@dataclass(frozen=True, slots=True)
class Series:
    """A step function over time. `kind` is bought or held: it sets how the line looks.

    `known_until` is the first day of which nothing is known yet; without it, everything is known.
    """

    name: str
    kind: str
    steps: tuple[Step, ...]
    known_until: date | None = None

    def pieces(self, start: date, end: date) -> Iterator[tuple[date, date, int]]:
        """Yield (from, to, quantity) for each level within [start, end)."""
        end = min(end, self.known_until or end)
        following = [*(step.on for step in self.steps), end][1:]
        for step, until in zip(self.steps, following, strict=True):
            first, last = max(step.on, start), min(until, end)
            if first < last:
                yield first, last, step.quantity


@dataclass(frozen=True, slots=True)
class Tile:
    """A part of a fill: from `low` up to `high` on the days from `start` to `end` (out); a credit takes it away."""

    start: date
    end: date
    low: int
    high: int
    is_credit: bool = False

    @property
    def last_day(self) -> date:
        return self.end - timedelta(days=1)

    @property
    def quantity(self) -> int:
        return self.low - self.high if self.is_credit else self.high - self.low


@dataclass(frozen=True, slots=True)
class Fill:
    """An area under the lines, such as what one invoice charges. `url` leads to what it stands for."""

    name: str
    tiles: tuple[Tile, ...]
    url: str = ""

    @property
    def is_credit(self) -> bool:
        return all(tile.is_credit for tile in self.tiles)


@dataclass(frozen=True, slots=True)
class StepChart:
    """Quantities over [start, end), such as licences bought and held over a year.

    `id` must be unique on its page. The series' steps are in order of their days. Fills are laid one after the
    other; without any, the area under the line held is filled.
    """

    id: str
    title: str
    description: str
    start: date
    end: date
    series: tuple[Series, ...]
    fills: tuple[Fill, ...] = ()

    @property
    def rows(self) -> tuple[tuple[date, tuple[int | None, ...]], ...]:
        """Return each day on which something changed, with every series' quantity from that day on."""
        days = {self.start} | {step.on for line in self.series for step in line.steps}
        shown = sorted(day for day in days if self.start <= day < self.end)
        return tuple((day, tuple(_quantity_on(line, day) for line in self.series)) for day in shown)

    @property
    def key(self) -> tuple[tuple[Series, int | None], ...]:
        """Return each series with its quantity at the end."""
        _, latest = self.rows[-1]
        return tuple(zip(self.series, latest, strict=True))

    @property
    def marked_fills(self) -> tuple[tuple[int, str, Fill], ...]:
        """Return each fill with the number that marks it, and its tone; one that only takes away is a credit."""
        charging = [fill for fill in self.fills if not fill.is_credit]
        tones = {id(fill): str(place % TONES + 1) for place, fill in enumerate(charging)}
        return tuple((mark, tones.get(id(fill), CREDIT), fill) for mark, fill in enumerate(self.fills, 1))

    @property
    def svg(self) -> SafeString:
        return draw_step_chart(self)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a bar chart, with the text that states its value."""

    label: str
    value: int
    text: str


def draw_step_chart(chart: StepChart) -> SafeString:
    """Return the chart as an SVG element: the fills or the area held, the lines, both axes."""
    tops = [step.quantity for line in chart.series for step in line.steps]
    tops += [tile.high for fill in chart.fills for tile in fill.tiles]
    ticks = quantity_ticks(max(tops, default=0))
    plot = _Plot(chart.start, chart.end, ticks[-1])
    return format_html(
        '<svg class="step-chart" role="img" aria-labelledby="{id}-title {id}-text">'
        '<title id="{id}-title">{title}</title><desc id="{id}-text">{text}</desc>{body}</svg>',
        id=chart.id,
        title=chart.title,
        text=chart.description,
        body=_join(
            _quantity_axis(plot, ticks),
            _time_axis(plot),
            *(_area(plot, line) for line in chart.series if line.kind == HELD and not chart.fills),
            *(_tiles(plot, tone, fill) for _, tone, fill in chart.marked_fills),
            *(_marks(plot, mark, fill) for mark, _, fill in chart.marked_fills),
            *(_line(plot, line) for line in chart.series),
            _bands(plot, chart),
        ),
    )


def draw_sparkline(values: Sequence[int], *, title: str) -> SafeString:
    """Return a small line of the values, oldest first, without axes."""
    highest = max(1, *values) if values else 1
    width = max(1, len(values) - 1)
    points = " ".join(
        f"{_short(100 * place / width)},{_short(28 - 26 * value / highest)}"
        for place, value in enumerate(values)
    )
    return format_html(
        '<svg class="sparkline" role="img" viewBox="0 0 100 30" preserveAspectRatio="none" aria-label="{}">'
        '<polyline points="{}"></polyline></svg>',
        title,
        points,
    )


def draw_bars(bars: Sequence[Bar], *, title: str) -> SafeString:
    """Return horizontal bars, each with its label and its value above it."""
    highest = max((bar.value for bar in bars), default=0) or 1
    rows = format_html_join(
        "",
        '<text x="0" y="{text_y}">{label}</text>'
        '<text class="bar-value" x="100%" y="{text_y}" text-anchor="end">{text}</text>'
        '<rect class="bar-track" x="0" y="{bar_y}" width="100%" height="6" rx="3"></rect>'
        '<rect class="bar-fill" x="0" y="{bar_y}" width="{width}%" height="6" rx="3"></rect>',
        [
            {
                "label": bar.label,
                "text": bar.text,
                "text_y": 14 + 40 * place,
                "bar_y": 22 + 40 * place,
                "width": _short(100 * bar.value / highest),
            }
            for place, bar in enumerate(bars)
        ],
    )
    return format_html(
        '<svg class="bar-chart" role="img" height="{}" aria-label="{}">{}</svg>', 40 * len(bars), title, rows
    )


@dataclass(frozen=True, slots=True)
class _Plot:
    """Turns days and quantities into percentages of the drawing."""

    start: date
    end: date
    highest: int

    def x(self, day: date) -> str:
        return f"{_short(100 * (day - self.start).days / (self.end - self.start).days)}%"

    def width(self, first: date, last: date) -> str:
        return f"{_short(100 * (last - first).days / (self.end - self.start).days)}%"

    def y(self, quantity: int) -> str:
        return f"{_short(100 - 100 * quantity / self.highest)}%"

    def height(self, quantity: int) -> str:
        return f"{_short(100 * quantity / self.highest)}%"


def _area(plot: _Plot, line: Series) -> SafeString:
    return format_html_join(
        "",
        '<rect class="chart-area" x="{}" y="{}" width="{}" height="{}"></rect>',
        (
            (plot.x(first), plot.y(quantity), plot.width(first, last), plot.height(quantity))
            for first, last, quantity in line.pieces(plot.start, plot.end)
        ),
    )


def _tiles(plot: _Plot, tone: str, fill: Fill) -> SafeString:
    return format_html_join(
        "",
        '<rect class="chart-fill" data-tone="{}" x="{}" y="{}" width="{}" height="{}"></rect>',
        (
            (
                CREDIT if tile.is_credit else tone,
                plot.x(tile.start),
                plot.y(tile.high),
                plot.width(tile.start, tile.end),
                plot.height(tile.high - tile.low),
            )
            for tile in _visible(plot, fill)
        ),
    )


def _marks(plot: _Plot, mark: int, fill: Fill) -> SafeString:
    """Write the number of a fill into the first of its tiles: a colour alone is not for everyone."""
    return format_html_join(
        "",
        '<text class="chart-mark" x="{}" y="{}" dx="6" dy="-6">{}</text>',
        ((plot.x(tile.start), plot.y(tile.low), mark) for tile in _visible(plot, fill)[:1]),
    )


def _visible(plot: _Plot, fill: Fill) -> list[Tile]:
    cut = (
        replace(tile, start=max(tile.start, plot.start), end=min(tile.end, plot.end)) for tile in fill.tiles
    )
    return [tile for tile in cut if tile.start < tile.end]


def _line(plot: _Plot, line: Series) -> SafeString:
    strokes: list[tuple[str, str, str, str, str]] = []
    before: int | None = None
    for first, last, quantity in line.pieces(plot.start, plot.end):
        if before is not None:
            strokes.append((line.kind, plot.x(first), plot.y(before), plot.x(first), plot.y(quantity)))
        strokes.append((line.kind, plot.x(first), plot.y(quantity), plot.x(last), plot.y(quantity)))
        before = quantity
    return format_html_join(
        "", '<line class="chart-line" data-kind="{}" x1="{}" y1="{}" x2="{}" y2="{}"></line>', strokes
    )


def _bands(plot: _Plot, chart: StepChart) -> SafeString:
    locale = formats.reader_locale()
    rows = chart.rows
    ends = [day for day, _ in rows[1:]] + [chart.end]
    return format_html_join(
        "",
        '<rect class="chart-band" x="{}" y="0" width="{}" height="100%"><title>{}</title></rect>',
        (
            (
                plot.x(day),
                plot.width(day, until),
                f"{formats.day_text(day, locale=locale)}: "
                + ", ".join(
                    f"{formats.NOTHING if quantity is None else formats.number_text(quantity, locale=locale)} "
                    f"{line.name.lower()}"
                    for line, quantity in zip(chart.series, quantities, strict=True)
                ),
            )
            for (day, quantities), until in zip(rows, ends, strict=True)
        ),
    )


def _quantity_axis(plot: _Plot, ticks: Sequence[int]) -> SafeString:
    locale = formats.reader_locale()
    return format_html_join(
        "",
        '<line class="{kind}" x1="0" y1="{y}" x2="100%" y2="{y}"></line>'
        '<text x="-10" y="{y}" dy="4" text-anchor="end">{text}</text>',
        [
            {
                "kind": "chart-grid" if tick else "chart-axis",
                "y": plot.y(tick),
                "text": formats.number_text(tick, locale=locale),
            }
            for tick in ticks
        ],
    )


def _time_axis(plot: _Plot) -> SafeString:
    return format_html_join(
        "",
        '<text class="chart-tick{}" x="{}" y="100%" dy="20" text-anchor="{}">{}</text>',
        (
            (
                " chart-tick-minor" if tick.is_minor else "",
                plot.x(tick.day),
                "middle" if tick.place else "start",
                tick.text,
            )
            for tick in fitting_ticks(plot.start, plot.end, formats.reader_locale())
        ),
    )


def _quantity_on(line: Series, day: date) -> int | None:
    return next((step.quantity for step in reversed(line.steps) if step.on <= day), None)


def _short(number: float) -> str:
    return f"{number:.3f}".rstrip("0").rstrip(".")


def _join(*parts: SafeString) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))
