"""Amounts, days and instants as they are written on a page."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils.html import escape
from django.utils.translation import override

from seatledger.faces.ui.formats import day_of_year_text, reader_locale

NO_BREAK = "\u00a0"
NARROW_NO_BREAK = "\u202f"
RIGHT_TO_LEFT_MARK = "\u200f"


def shown(source: str, **context) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("language", "amount_minor", "currency", "text"),
    [
        ("en", 123456, "GBP", "£1,234.56"),
        ("en", 0, "GBP", "£0.00"),
        ("en-us", 1667, "USD", "$16.67"),
        ("en-us", -1667, "USD", "-$16.67"),
        ("de", 121667, "EUR", f"1.216,67{NO_BREAK}€"),
        ("fr", 121667, "EUR", f"1{NARROW_NO_BREAK}216,67{NO_BREAK}€"),
        ("ja", 1200, "JPY", "\uffe51,200"),
        ("en", 12345, "KWD", f"KWD{NO_BREAK}12.345"),
        ("en", 1, "IQD", f"IQD{NO_BREAK}0.001"),
    ],
)
def test_an_amount_has_the_decimals_of_its_currency(language, amount_minor, currency, text):
    with override(language):
        written = shown("{{ amount|money:currency }}", amount=amount_minor, currency=currency)
    assert written == text


def test_an_amount_in_arabic_keeps_its_direction_marks():
    with override("ar"):
        written = shown("{{ 12345|money:'KWD' }}")
    assert written.startswith(RIGHT_TO_LEFT_MARK)
    assert "12.345" in written


def test_what_is_not_known_is_a_dash():
    written = shown("{{ x|money:'GBP' }} {{ x|number }} {{ x|day }} {{ x|instant:'Europe/London' }}", x=None)
    assert written == "\u2013 \u2013 \u2013 \u2013"


def test_a_number_is_grouped_as_the_language_does():
    assert shown("{{ 1234567|number }}") == "1,234,567"
    with override("de"):
        assert shown("{{ 1234567|number }}") == "1.234.567"


@pytest.mark.parametrize(
    ("language", "filters", "text"),
    [("en", "day", "31 Mar 2026"), ("en", 'day:"long"', "31 March 2026"), ("en-us", "day", "Mar 31, 2026")],
)
def test_a_day_is_written_out_and_readable_by_machines(language, filters, text):
    with override(language):
        written = shown("{{ on|" + filters + " }}", on=date(2026, 3, 31))
    assert written == f'<time datetime="2026-03-31">{text}</time>'


def test_an_instant_is_shown_as_the_clock_of_the_zone_shows_it():
    at = datetime(2026, 3, 31, 23, 5, 59, tzinfo=UTC)
    assert shown("{{ at|instant:zone }}", at=at, zone="Europe/London") == (
        '<time datetime="2026-03-31T23:05:59+00:00" '
        'title="Wednesday, 1 April 2026, 00:05 British Summer Time">1 Apr 2026, 00:05</time>'
    )


def test_in_winter_the_zone_has_its_other_name():
    written = shown("{{ at|instant:'Europe/London' }}", at=datetime(2026, 1, 31, 23, 5, tzinfo=UTC))
    assert 'title="Saturday, 31 January 2026, 23:05 Greenwich Mean Time"' in written


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/New_York"])
def test_the_last_and_the_first_instants_there_are_can_be_shown(zone):
    for at in (datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)):
        assert "<time datetime=" in shown("{{ at|instant:zone }}", at=at, zone=zone)


def test_a_day_is_not_an_instant():
    with pytest.raises(AssertionError, match="needs its zone"):
        shown("{{ at|day }}", at=datetime(2026, 3, 31, tzinfo=UTC))


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><b>', "\u202eevil"])
def test_words_from_outside_are_escaped_in_every_component(text):
    written = shown(
        "{% status text %}{% status 'active' text %}{% empty_state 'users' text text text text %}"
        "{% meter 1 2 label=text url=text %}{% pagination text text text %}{% icon 'x' text %}"
        "{% sparkline values text %}",
        text=text,
        values=(1, 2),
    )
    assert escape(text) in written
    assert "<script" not in written
    assert "<b>" not in written


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "31 Mar"), ("en-us", "Mar 31"), ("de", "31. März"), ("ja", "3月31日"), ("ko", "3월 31일")],
)
def test_a_day_without_its_year_is_written_as_the_language_does(language, text):
    with override(language):
        assert day_of_year_text(date(2026, 3, 31), locale=reader_locale()) == text
