"""Elements: XML written from the inside out, where what has no content is left out."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, TypeAlias

from lxml import etree

# lxml ships no types: an element is what it makes.
Element: TypeAlias = Any
_LINE_BREAKS: Final = "\n\t"


class Syntax:
    """Makes elements whose names carry the prefixes of one XML vocabulary."""

    def __init__(self, namespaces: Mapping[str | None, str]) -> None:
        self._namespaces = dict(namespaces)

    def __call__(self, name: str, *content: Element | str | None, **attributes: str) -> Element | None:
        """Return an element of the name, such as `cbc:ID`, or None when there is nothing to put in it."""
        held = [part for part in content if part is not None and part != ""]
        if not held:
            return None
        prefix, _, local = name.rpartition(":")
        element = etree.Element(f"{{{self._namespaces[prefix or None]}}}{local}", nsmap=self._namespaces)
        for attribute, value in attributes.items():
            element.set(attribute, value)
        for part in held:
            if isinstance(part, str):
                element.text = _clean(part)
            else:
                element.append(part)
        return element


def to_bytes(root: Element) -> bytes:
    """Return a whole document. The same elements give the same bytes."""
    etree.cleanup_namespaces(root)
    text: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return text


def number(value: Decimal | None) -> str:
    """Return a percentage without needless zeros: `7.7` for 7.700."""
    return "" if value is None else f"{value.normalize():f}"


def _clean(text: str) -> str:
    """Return the text without control characters, which XML cannot hold."""
    return "".join(character for character in text if character.isprintable() or character in _LINE_BREAKS)
