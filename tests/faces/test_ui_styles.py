"""The style sheet keeps its promises: one list of colours, enough contrast, no weight it need not carry."""

import re
from pathlib import Path

import pytest

import seatledger.faces.ui

KIT = Path(seatledger.faces.ui.__file__).parent
SHEETS = sorted((KIT / "static" / "ui" / "css").glob("*.css"))
TEMPLATES = sorted((KIT / "templates").rglob("*.html"))
TOKENS = (KIT / "static" / "ui" / "css" / "tokens.css").read_text()

COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch|color)a?\("
    r"|:[^;{]*\b(?:white|black|red|green|blue|grey|gray|navy|teal|orange|yellow|silver)\b",
    re.IGNORECASE,
)
PAIR = re.compile(
    r"--([\w-]+): light-dark\((#[0-9a-f]{6}(?:[0-9a-f]{2})?), (#[0-9a-f]{6}(?:[0-9a-f]{2})?)\);"
)
PALETTE = {name: {"light": light, "dark": dark} for name, light, dark in PAIR.findall(TOKENS)}

GROUNDS = ("canvas", "surface", "raised", "sunken", "hover", "neutral-soft", "accent-soft")
READ_ON = [
    *(("text", ground) for ground in (*GROUNDS, "good-soft", "warn-soft", "bad-soft")),
    *(("text-soft", ground) for ground in GROUNDS),
    *(("accent-text", ground) for ground in GROUNDS),
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    ("on-bad-fill", "bad-fill"),
    ("on-bad-fill", "bad-fill-hover"),
    *(("text", f"fill-{tone}") for tone in range(1, 5)),
    *((tone, f"{tone}-soft") for tone in ("good", "warn", "bad")),
    *(
        (tone, ground)
        for tone in ("good", "warn", "bad")
        for ground in ("canvas", "surface", "raised", "hover")
    ),
]
# Source: WCAG 2.2, 1.4.11: what shows a control's edge, its state or a figure needs 3 to 1.
SEEN_ON = [
    *(("line-strong", ground) for ground in ("canvas", "surface", "raised")),
    *(("accent", ground) for ground in ("canvas", "surface", "raised", "sunken")),
    *((line, "surface") for line in ("chart-held", "chart-bought")),
    ("chart-held", "chart-held-area"),
    ("chart-bought", "chart-held-area"),
    *((line, f"fill-{tone}") for line in ("chart-held", "chart-bought") for tone in range(1, 5)),
    *((bar, "surface") for bar in ("bar", "bar-warn", "bar-bad")),
]


def luminance(colour: str) -> float:
    """Return the relative luminance. Source: WCAG 2.2, "relative luminance"."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str, theme: str) -> float:
    lighter, darker = sorted((luminance(PALETTE[name][theme]) for name in (one, other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("words", "ground"), READ_ON)
def test_words_stand_out_from_their_ground(words, ground, theme):
    assert contrast(words, ground, theme) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), SEEN_ON)
def test_edges_and_figures_stand_out_from_their_ground(edge, ground, theme):
    assert contrast(edge, ground, theme) >= 3


def test_the_measure_of_contrast_is_right():
    PALETTE["black"], PALETTE["white"] = {"light": "#000000"}, {"light": "#ffffff"}
    assert contrast("black", "white", "light") == pytest.approx(21)


@pytest.mark.parametrize(
    "sheet", [sheet for sheet in SHEETS if sheet.name != "tokens.css"], ids=lambda s: s.name
)
def test_only_the_tokens_name_a_colour(sheet):
    assert COLOUR.findall(sheet.read_text()) == []


def test_every_token_that_is_used_is_defined():
    sheets = "".join(sheet.read_text() for sheet in SHEETS)
    assert set(re.findall(r"var\((--[\w-]+)\)", sheets)) - set(re.findall(r"(--[\w-]+):", sheets)) == set()


def test_every_colour_is_used():
    sheets = "".join(sheet.read_text() for sheet in SHEETS)
    assert [
        name for name in PALETTE if f"var(--{name})" not in sheets and name not in {"black", "white"}
    ] == []


def test_the_style_sheet_stays_small():
    lengths = {sheet.name: len(sheet.read_text().splitlines()) for sheet in SHEETS}
    assert {name: lines for name, lines in lengths.items() if lines > 200} == {}
    assert sum(lengths.values()) <= 1500


def test_every_sheet_is_imported_into_a_layer():
    index = (KIT / "static" / "ui" / "css" / "ui.css").read_text()
    assert sorted(re.findall(r'@import "([\w-]+\.css)" layer\(\w+\);', index)) == [
        sheet.name for sheet in SHEETS if sheet.name != "ui.css"
    ]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_a_template_keeps_to_the_content_policy(template):
    source = template.read_text()
    assert re.findall(r"\sstyle=|\son\w+=|hx-on|data:[a-z]+/|javascript:|<style", source) == []
    assert re.findall(r"<script(?![^>]*\ssrc=)", source) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_a_template_stays_short(template):
    assert len(template.read_text().splitlines()) <= 150
