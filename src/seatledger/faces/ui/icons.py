"""Icons drawn into the page, so that they take the colour of the text beside them."""

from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide


@lru_cache(maxsize=512)
def icon_svg(name: str, *, size: int = 18) -> SafeString:
    """Return the lucide icon `name` as inline SVG, hidden from screen readers.

    An icon that does not exist is a mistake in a template and fails loudly.
    """
    svg = lucide(name, size=size, **{"class": "icon", "aria-hidden": "true", "focusable": "false"})
    return mark_safe(" ".join(svg.split()))  # noqa: S308 - drawn from the package's own file


def labelled_icon(name: str, label: str, *, size: int = 18) -> SafeString:
    """Return the icon followed by its meaning for those who do not see it."""
    return format_html('{}<span class="visually-hidden">{}</span>', icon_svg(name, size=size), label)
