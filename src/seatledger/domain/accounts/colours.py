"""An accent colour: whether it can be read on light and dark pages, and the shades that go with it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from seatledger.shared.errors import Refused

# What words of a size like ours need, to be read by those who see less well. Source: WCAG 2.2, 1.4.3.
LEAST_CONTRAST: Final = 4.5
_HEX: Final = re.compile(r"#[0-9a-f]{6}")
_STEPS: Final = 100

Rgb = tuple[int, int, int]
_BLACK: Final[Rgb] = (0, 0, 0)
_WHITE: Final[Rgb] = (255, 255, 255)


@dataclass(frozen=True)
class Theme:
    """What an accent stands on in a theme, and what stands on the accent; the page kit's `tokens.css` has the same."""

    name: str
    grounds: tuple[str, ...]
    on_accent: str
    # Towards this colour an accent is moved until it can be read.
    readable: Rgb


LIGHT: Final = Theme("light", ("#ffffff", "#f1f5f7"), "#ffffff", _BLACK)
DARK: Final = Theme("dark", ("#1c252b", "#151b1f"), "#081822", _WHITE)


class UnfitColour(Refused):
    """This colour cannot be read, or is none."""

    code = "unfit_colour"


def check_accent(text: str, theme: Theme) -> str:
    """Return a colour as `#rrggbb`. Raises UnfitColour for what is none, or cannot be read on the theme's pages."""
    colour = text.strip().lower()
    if not _HEX.fullmatch(colour):
        raise UnfitColour("Write the colour as # and six digits from 0 to 9 and a to f, such as #085c7c.")
    found = _least_contrast(colour, theme)
    if found < LEAST_CONTRAST:
        raise UnfitColour(
            f"{colour} cannot be read well on {theme.name} pages: its contrast is {found:.1f}, and {LEAST_CONTRAST} is "
            f"needed. The nearest shade that is fit is {fit_accent(colour, theme)}."
        )
    return colour


def fit_accent(colour: str, theme: Theme) -> str:
    """Return the shade nearest to a colour that can be read on the theme's pages."""
    return next(
        shade
        for shade in _shades(colour, towards=theme.readable)
        if _least_contrast(shade, theme) >= LEAST_CONTRAST
    )


def shades_of(colour: str, theme: Theme) -> Mapping[str, str]:
    """Return the colours of the page kit that follow from an accent, by their name in `tokens.css`."""
    soft = _mix(colour, _rgb(theme.grounds[-1] if theme is DARK else "#ffffff"), 0.86)
    words = next(
        shade
        for shade in _shades(_mix(colour, theme.readable, 0.15), towards=theme.readable)
        if contrast(shade, soft) >= LEAST_CONTRAST
    )
    return {
        "accent": colour,
        "accent-hover": _mix(colour, theme.readable, 0.25),
        "accent-soft": soft,
        "accent-text": words,
    }


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21. Source: WCAG 2.2, contrast ratio."""
    dark, light = sorted((_luminance(_rgb(one)), _luminance(_rgb(other))))
    return (light + 0.05) / (dark + 0.05)


def _least_contrast(colour: str, theme: Theme) -> float:
    return min(contrast(colour, other) for other in (*theme.grounds, theme.on_accent))


def _shades(colour: str, *, towards: Rgb) -> Iterator[str]:
    for step in range(_STEPS + 1):
        yield _mix(colour, towards, step / _STEPS)


def _mix(colour: str, other: Rgb, share: float) -> str:
    mixed = [round(a + (b - a) * share) for a, b in zip(_rgb(colour), other, strict=True)]
    return "#" + "".join(f"{part:02x}" for part in mixed)


def _rgb(colour: str) -> Rgb:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(rgb: Rgb) -> float:
    red, green, blue = (_linear(part / 255) for part in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
