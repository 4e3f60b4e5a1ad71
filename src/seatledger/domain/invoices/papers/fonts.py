"""Fonts: what text is set in, and which characters they have."""

import unicodedata
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

import typst
from fontTools.ttLib import TTCollection, TTFont

_PACKAGES: Final = (
    "fontpkg_inter",
    "fontpkg_noto_sans",
    "fontpkg_noto_sans_arabic",
    "fontpkg_heebo",
    "fontpkg_noto_sans_thai",
    "manimgx_fonts_cjk",
)
FOLDERS: Final = tuple(str(files(package)) for package in _PACKAGES)
_FAMILIES: Final = ("Inter", "Noto Sans", "Noto Sans Arabic", "Heebo", "Noto Sans Thai")
# One character of Chinese origin has several shapes; a name is written in those of its country.
_SHAPES: Final = {"JP": "JP", "KR": "KR", "TW": "TC", "HK": "HK", "MO": "HK"}
_UNKNOWN: Final = "\ufffd"


@cache
def fonts() -> typst.Fonts:
    """Return every font that a paper may be set in, and none of the machine's own, so that all machines set alike."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(FOLDERS))


def families_for(country: str) -> tuple[str, ...]:
    """Return the families to try in order, the Chinese characters in the shapes of a country."""
    return (*_FAMILIES, f"Noto Sans CJK {_SHAPES.get(country, 'SC')}")


def legible(text: str) -> str:
    """Return the text with what no font can show replaced by the sign for it. PDF/A allows no missing character."""
    known = _characters()
    if all(ord(character) in known for character in text):
        return text
    shown = (character for character in text if ord(character) in known or not _is_invisible(character))
    return "".join(character if ord(character) in known else _UNKNOWN for character in shown)


def _is_invisible(character: str) -> bool:
    """Say whether a character only tells how others are shown."""
    return unicodedata.category(character) in {"Cc", "Cf", "Mn"}


@cache
def _characters() -> frozenset[int]:
    found = [file for folder in FOLDERS for file in Path(folder).rglob("*.tt[fc]")]
    return frozenset(character for file in found if "Italic" not in file.name for character in _mapped(file))


def _mapped(file: Path) -> set[int]:
    """Return the characters of a font, or of the first of a collection, which share theirs."""
    if file.suffix == ".ttc":
        with TTCollection(file, lazy=True) as collection:
            return set(collection.fonts[0].getBestCmap())
    with TTFont(file, lazy=True) as font:
        return set(font.getBestCmap())
