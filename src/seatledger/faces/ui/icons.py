"""Icons drawn into the page, so that they take the colour of the text beside them."""

from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from xml.etree import ElementTree as ET
from zipfile import ZipFile

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

_NAMESPACE = "{http://www.w3.org/2000/svg}"


@cache
def _drawings() -> ZipFile:
    """Return the package's icons. Its own template tag reads all their names anew for each icon: 40 ms each."""
    return ZipFile(BytesIO(files("lucide").joinpath("lucide.zip").read_bytes()))


@lru_cache(maxsize=512)
def icon_svg(name: str, *, size: int = 18) -> SafeString:
    """Return the lucide icon `name` as inline SVG, hidden from screen readers.

    An icon that does not exist is a mistake in a template and fails loudly.
    """
    svg = ET.fromstring(_drawings().read(f"{name}.svg"))  # noqa: S314 -- the package's own file
    for part in svg.iter():
        part.tag = part.tag.removeprefix(_NAMESPACE)
    more = {"class": "icon", "aria-hidden": "true", "focusable": "false"}
    svg.attrib |= {"width": str(size), "height": str(size), **more}
    return mark_safe(" ".join(ET.tostring(svg, encoding="unicode").split()))  # noqa: S308 -- as above


def labelled_icon(name: str, label: str, *, size: int = 18) -> SafeString:
    """Return the icon followed by its meaning for those who do not see it."""
    return format_html('{}<span class="visually-hidden">{}</span>', icon_svg(name, size=size), label)
