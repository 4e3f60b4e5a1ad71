"""Charts are well-formed, say what they show, and carry no colour of their own."""

from dataclasses import replace
from datetime import date
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from babel import Locale
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as some

from seatledger.faces.ui.chart_axes import (
    NARROWEST,
    NARROWEST_WITH_ALL,
    fitting_ticks,
    quantity_ticks,
    time_ticks,
)
from seatledger.faces.ui.charts import (
    BOUGHT,
    HELD,
    Bar,
    Fill,
    Series,
    Step,
    StepChart,
    Tile,
    draw_bars,
    draw_sparkline,
    draw_step_chart,
)

BRITISH = Locale.parse("en_GB")


def chart(*steps: Step, title: str = "Managed Agent") -> StepChart:
    return StepChart(
        id="managed-agent",
        title=title,
        description="Two were held, then five.",
        start=date(2026, 1, 1),
        end=date(2026, 4, 1),
        series=(Series("Held", HELD, steps), Series("Bought", BOUGHT, (Step(date(2025, 6, 1), 10),))),
    )


TWO_THEN_FIVE = (Step(date(2026, 1, 1), 2), Step(date(2026, 3, 1), 5))


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - a drawing of our own


def lines_of(svg: str, kind: str) -> list[tuple[str, ...]]:
    root = parsed(svg)
    return [
        tuple(line.attrib[key] for key in ("x1", "y1", "x2", "y2"))
        for line in root.iter("line")
        if line.get("data-kind") == kind
    ]


def test_the_held_line_is_drawn_in_steps():
    svg = draw_step_chart(chart(*TWO_THEN_FIVE))
    assert lines_of(svg, HELD) == [
        ("0%", "80%", "65.556%", "80%"),
        ("65.556%", "80%", "65.556%", "50%"),
        ("65.556%", "50%", "100%", "50%"),
    ]


def test_a_level_from_before_reaches_across_the_whole_chart():
    assert lines_of(draw_step_chart(chart(*TWO_THEN_FIVE)), BOUGHT) == [("0%", "0%", "100%", "0%")]


def test_the_table_shows_every_change_with_both_quantities():
    assert chart(*TWO_THEN_FIVE).rows == (
        (date(2026, 1, 1), (2, 10)),
        (date(2026, 3, 1), (5, 10)),
    )
    written = Template("{% load ui %}{% step_chart chart %}").render(
        Context({"chart": chart(*TWO_THEN_FIVE)})
    )
    assert '<td class="number">5</td>' in written


def test_the_key_says_the_quantities_at_the_end():
    assert [(line.name, latest) for line, latest in chart(*TWO_THEN_FIVE).key] == [
        ("Held", 5),
        ("Bought", 10),
    ]


def test_a_chart_before_its_first_step_is_empty_there():
    assert chart(Step(date(2026, 2, 1), 3)).rows[0] == (date(2026, 1, 1), (None, 10))


def test_a_chart_without_steps_is_still_a_chart():
    assert lines_of(draw_step_chart(chart()), HELD) == []


FILLS = (
    Fill("INV-1", (Tile(date(2025, 12, 1), date(2026, 2, 1), 0, 10),), "/invoices/1/"),
    Fill("CN-1", (Tile(date(2026, 1, 17), date(2026, 2, 1), 8, 10, is_credit=True),)),
)


def test_fills_are_drawn_in_their_order_within_the_chart_and_replace_the_area_held():
    root = parsed(draw_step_chart(replace(chart(*TWO_THEN_FIVE), fills=FILLS)))
    drawn = [
        tuple(rect.attrib[key] for key in ("class", "data-tone", "x", "y", "width", "height"))
        for rect in root.iter("rect")
        if rect.get("class") != "chart-band"
    ]
    assert drawn == [
        ("chart-fill", "1", "0%", "0%", "34.444%", "100%"),
        ("chart-fill", "credit", "17.778%", "0%", "16.667%", "20%"),
    ]
    marks = [text.text for text in root.iter("text") if text.get("class") == "chart-mark"]
    assert marks == ["1", "2"]


def test_the_key_and_the_table_name_what_is_filled():
    filled = replace(chart(*TWO_THEN_FIVE), fills=FILLS)
    written = Template("{% load ui %}{% step_chart chart %}").render(Context({"chart": filled}))
    assert '<a href="/invoices/1/">INV-1</a>' in written
    assert [(tile.last_day, tile.quantity) for fill in FILLS for tile in fill.tiles] == [
        (date(2026, 1, 31), 10),
        (date(2026, 1, 31), -2),
    ]


def test_a_chart_has_a_title_and_a_description():
    root = parsed(draw_step_chart(chart(*TWO_THEN_FIVE)))
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "managed-agent-title managed-agent-text"
    assert [child.text for child in root if child.tag in {"title", "desc"}] == [
        "Managed Agent",
        "Two were held, then five.",
    ]


@given(some.text(alphabet=some.characters(exclude_categories=["Cs", "Cc"]), max_size=30))
def test_any_title_leaves_the_drawing_well_formed(title):
    root = parsed(draw_step_chart(chart(*TWO_THEN_FIVE, title=title)))
    assert (root.findtext("title") or "") == title
    parsed(draw_bars((Bar(title, 3, title),), title=title))
    parsed(draw_sparkline((1, 2), title=title))


@pytest.mark.parametrize(
    "svg",
    [
        draw_step_chart(replace(chart(*TWO_THEN_FIVE), fills=FILLS)),
        draw_sparkline((3, 1, 2), title="Users"),
        draw_bars((Bar("Managed Agent", 3, "3"),), title="Licences"),
    ],
)
def test_a_drawing_names_no_colour_and_no_style(svg):
    used = {name for element in parsed(svg).iter() for name in element.attrib}
    assert used.isdisjoint({"style", "fill", "stroke", "color"})


@pytest.mark.parametrize("values", [(), (5,), (0, 0), (1, 2, 3)])
def test_a_sparkline_of_any_length_is_well_formed(values):
    parsed(draw_sparkline(values, title="Users"))


def test_bars_of_nothing_have_no_length():
    root = parsed(draw_bars((Bar("None", 0, "0"),), title="Licences"))
    assert [bar.get("width") for bar in root.iter("rect")] == ["100%", "0%"]


@given(some.integers(min_value=0, max_value=10**9))
def test_the_quantity_axis_is_round_short_and_high_enough(highest):
    ticks = quantity_ticks(highest)
    assert ticks[0] == 0
    assert ticks[-1] >= highest
    assert 2 <= len(ticks) <= 6
    assert len({later - earlier for earlier, later in pairwise(ticks)}) == 1


@given(some.dates(date(2000, 1, 1), date(2090, 1, 1)), some.integers(min_value=1, max_value=3000))
def test_the_time_axis_has_few_marks_and_all_inside(start, days):
    end = date.fromordinal(start.toordinal() + days)
    ticks = time_ticks(start, end, BRITISH)
    assert len(ticks) <= 7
    assert all(start <= day < end for day, _ in ticks)


days = some.dates(date(2000, 1, 1), date(2090, 1, 1))


@given(days, some.integers(min_value=1, max_value=3000), some.integers(NARROWEST, 1500))
def test_no_label_of_the_time_axis_covers_another(start, number, width):
    end = date.fromordinal(start.toordinal() + number)
    ticks = fitting_ticks(start, end, BRITISH)
    shown = [tick for tick in ticks if width >= NARROWEST_WITH_ALL or not tick.is_minor]
    boxes = [tick.box(width) for tick in shown]
    assert all(left[1] < right[0] for left, right in pairwise(boxes))
    marked = time_ticks(start, end, BRITISH)
    assert bool(shown) == bool(marked)
    assert {(tick.day, tick.text) for tick in ticks} <= set(marked)


def test_the_first_two_labels_do_not_run_into_each_other():
    """Nov 2025 and Dec would on a chart of half a page, and Nov 2025 and Jan 2026 on a phone."""
    ticks = fitting_ticks(date(2025, 11, 1), date(2026, 6, 1), BRITISH)
    assert [tick.text for tick in ticks] == ["Nov 2025", "Jan 2026", "Feb", "Mar", "Apr", "May"]
    assert [tick.text for tick in ticks if not tick.is_minor] == ["Jan 2026", "Mar", "Apr", "May"]
    narrow = draw_step_chart(replace(chart(*TWO_THEN_FIVE), start=date(2025, 11, 1), end=date(2026, 6, 1)))
    labels = [
        label for label in parsed(narrow).iter("text") if label.get("y") == "100%" and label.get("dy") == "20"
    ]
    assert [label.text for label in labels] == [tick.text for tick in ticks]
    assert [label.get("class") == "chart-tick" for label in labels] == [not tick.is_minor for tick in ticks]


def test_the_first_month_of_each_year_says_the_year():
    ticks = time_ticks(date(2025, 11, 1), date(2026, 3, 1), BRITISH)
    assert [text for _, text in ticks] == ["Nov 2025", "Dec", "Jan 2026", "Feb"]
