"""The tags and filters every page uses: `{% load ui %}`."""

from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from typing import Final

from django import template
from django.contrib.messages.storage.base import Message
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.http import HttpRequest
from django.template.context import RequestContext
from django.utils.html import format_html
from django.utils.safestring import SafeString

from seatledger.faces.ui import formats, forms, icons, menu, meters, statuses, theme
from seatledger.faces.ui.charts import Bar, StepChart, draw_bars, draw_sparkline
from seatledger.faces.ui.columns import ColumnChart
from seatledger.faces.ui.tables import FigureTable

register = template.Library()

_TONES: Final = {"success": "good", "warning": "warn", "error": "bad"}
_TONE_ICONS: Final = {
    "good": "circle-check",
    "warn": "triangle-alert",
    "bad": "circle-alert",
    "info": "info",
}


@register.simple_tag
def icon(name: str, label: str = "", size: int = 18) -> SafeString:
    """Draw a lucide icon. Give a `label` only where no text stands beside it."""
    if label:
        return icons.labelled_icon(name, label, size=size)
    return icons.icon_svg(name, size=size)


@register.simple_tag
def status(state: str, label: str = "") -> SafeString:
    """Show a state as a badge of icon and word; `label` replaces the usual word."""
    return statuses.badge(str(state), label)


@register.inclusion_tag("ui/parts/meter.html")
def meter(used: int, total: int | None, label: str = "", url: str = "") -> dict[str, object]:
    """Show licences in use of a total; None as the total means unlimited."""
    return {"reading": meters.read_meter(used, total), "label": label, "url": url}


@register.inclusion_tag("ui/parts/empty_state.html")
def empty_state(
    icon: str, title: str, text: str = "", action_label: str = "", action_url: str = ""
) -> dict[str, str]:
    """Say that there is nothing yet and what to do about it."""
    return {
        "icon": icon,
        "title": title,
        "text": text,
        "action_label": action_label,
        "action_url": action_url,
    }


@register.inclusion_tag("ui/parts/pagination.html")
def pagination(
    previous_url: str = "", next_url: str = "", shown: str = "", first_url: str = ""
) -> dict[str, str]:
    """Link to the rows before and after, and to the first; `shown` says which rows these are."""
    return {"previous_url": previous_url, "next_url": next_url, "shown": shown, "first_url": first_url}


@register.inclusion_tag("ui/parts/step_chart.html")
def step_chart(chart: StepChart) -> dict[str, StepChart]:
    """Draw quantities over time, with their key and a table of the same figures."""
    return {"chart": chart}


@register.inclusion_tag("ui/parts/column_chart.html")
def column_chart(chart: ColumnChart) -> dict[str, ColumnChart]:
    """Draw columns side by side, with their key and a table of the same figures."""
    return {"chart": chart}


@register.inclusion_tag("ui/parts/figure_table.html")
def figure_table(table: FigureTable) -> dict[str, FigureTable]:
    """Show a table of figures, each leading to what it is made of."""
    return {"table": table}


@register.simple_tag
def sparkline(values: Sequence[int], title: str) -> SafeString:
    """Draw a small line of values, oldest first."""
    return draw_sparkline(values, title=title)


@register.simple_tag
def bar_chart(bars: Sequence[Bar], title: str) -> SafeString:
    """Draw horizontal bars with their labels and values."""
    return draw_bars(bars, title=title)


@register.inclusion_tag("ui/parts/field.html")
def field(bound: BoundField) -> dict[str, object]:
    """Show one form field: label, star when mandatory, control, help and errors."""
    return {"field": bound, "kind": forms.kind_of(bound)}


@register.inclusion_tag("ui/parts/fields.html")
def fields(form: BaseForm) -> dict[str, object]:
    """Show every field of a form in its order."""
    return {"form": form}


@register.inclusion_tag("ui/parts/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, object]:
    """List what is wrong with a form, each linked to its field; nothing when all is well."""
    return {"problems": forms.problems_of(form) if form.is_bound else ()}


@register.filter
def money(amount_minor: int | None, currency: str) -> str:
    """Write whole minor units of `currency` in the reader's language."""
    if amount_minor is None:
        return formats.NOTHING
    return formats.money_text(amount_minor, currency, locale=formats.reader_locale())


@register.filter
def number(count: int | None) -> str:
    """Write a whole number with the grouping of the reader's language."""
    return formats.NOTHING if count is None else formats.number_text(count, locale=formats.reader_locale())


@register.filter
def day(on: date | None, style: str = "medium") -> str | SafeString:
    """Write a day: 31 Mar 2026, or with `day:"long"` 31 March 2026."""
    if on is None:
        return formats.NOTHING
    assert not isinstance(on, datetime), "an instant needs its zone: use the instant filter"
    text = formats.day_text(on, locale=formats.reader_locale(), style=style)
    return format_html('<time datetime="{}">{}</time>', on.isoformat(), text)


@register.filter
def instant(at: datetime | None, zone: str | tzinfo) -> str | SafeString:
    """Write an instant as the clock in `zone` shows it; the full form appears on hover."""
    if at is None:
        return formats.NOTHING
    locale, where = formats.reader_locale(), formats.zone_named(zone)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.isoformat(timespec="seconds"),
        formats.full_instant_text(at, zone=where, locale=locale),
        formats.instant_text(at, zone=where, locale=locale),
    )


@register.simple_tag(takes_context=True)
def chosen_theme(context: RequestContext) -> str:
    """Return the reader's theme: system, light or dark."""
    return theme.theme_of(_request_of(context))


@register.simple_tag(takes_context=True)
def visible_menu(context: RequestContext) -> tuple[menu.MenuGroup, ...]:
    """Return the groups of `shell.menu` that this reader may open, the current item marked."""
    request = _request_of(context)
    shell = context.get("shell")
    if request is None or shell is None:
        return ()
    permissions: frozenset[str] = getattr(request, "permissions", frozenset())
    return menu.visible_menu(shell.menu, permissions=permissions, path=request.path)


@register.filter
def unlocalised(number: int) -> str:
    """Write a number for a machine to read, as an attribute's value."""
    return str(number)


@register.filter
def tone(message: Message) -> str:
    """Return the tone of a message: good, warn, bad or info."""
    return _TONES.get(message.level_tag, "info")


@register.filter
def tone_icon(message: Message) -> str:
    """Return the icon that goes with a message's tone."""
    return _TONE_ICONS[tone(message)]


@register.filter
def initials(name: str) -> str:
    """Return the first letters of the first and last word of a name."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def _request_of(context: RequestContext) -> HttpRequest | None:
    return context.get("request")
