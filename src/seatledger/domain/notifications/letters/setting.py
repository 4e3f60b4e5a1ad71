"""Set the words of a letter as plain text and as HTML. Both say the same; the HTML needs no pictures and no network."""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from django.utils.html import escape

from seatledger.domain.notifications.letters.words import STRONG, Block, Wording
from seatledger.domain.notifications.models import Language

_WIDTH: Final = 78
_FONT: Final = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
# A name of two hundred letters without a space is as wide as the page, and no wider.
_WRAPS: Final = "overflow-wrap:anywhere;"
# Mail programs that know no style sheet read what stands on each element; those that do, the dark colours too.
_STYLES: Final = {
    "page": "margin:0;padding:24px 12px;background:#f3f4f6;",
    "sheet": "width:100%;max-width:560px;margin:0 auto;border-collapse:separate;background:#ffffff;"
    "border:1px solid #e2e5ea;border-radius:10px;",
    "brand": f"padding:20px 28px 0;{_WRAPS}font:600 15px/1.4 {_FONT};color:#5b6472;",
    "body": f"padding:8px 28px 20px;font:400 16px/1.55 {_FONT};color:#1c2330;",
    "title": f"margin:8px 0 16px;{_WRAPS}font:650 21px/1.3 {_FONT};color:#1c2330;",
    "line": f"margin:0 0 16px;{_WRAPS}",
    "small": f"margin:0 0 16px;{_WRAPS}font-size:14px;color:#5b6472;",
    "quote": f"margin:0 0 16px;{_WRAPS}padding:2px 0 2px 14px;border-left:3px solid #c9ced6;color:#414a58;",
    "code": "margin:0 0 16px;padding:12px 16px;background:#f3f4f6;border-radius:8px;"
    "font:600 20px/1.4 ui-monospace,Menlo,Consolas,monospace;letter-spacing:0.08em;color:#1c2330;",
    "facts": "width:100%;margin:0 0 16px;border-collapse:collapse;",
    "label": "padding:7px 16px 7px 0;border-bottom:1px solid #e2e5ea;text-align:left;vertical-align:top;"
    "font-weight:400;color:#5b6472;",
    "fact": f"padding:7px 0;{_WRAPS}border-bottom:1px solid #e2e5ea;text-align:right;vertical-align:top;",
    "button": "display:inline-block;padding:11px 20px;border-radius:8px;color:#ffffff;font-weight:600;"
    "text-decoration:none;",
    "foot": f"padding:16px 28px 20px;{_WRAPS}border-top:1px solid #e2e5ea;font:400 13px/1.5 {_FONT};color:#5b6472;",
}
_DARK: Final = """
:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){
.page{background:#12151b!important}
.sheet{background:#1b2029!important;border-color:#333b48!important}
.body,.title,.code{color:#e8ebf0!important}
.brand,.small,.label,.foot{color:#a3adbb!important}
.quote{color:#c5ccd6!important;border-color:#4a5361!important}
.code{background:#12151b!important}
.label,.fact,.foot{border-color:#333b48!important}
.button{background:DARK!important;color:#081822!important}
}
"""
_ACCENTS: Final = ("#2456c8", "#7aa5ff")


@dataclass(frozen=True)
class Sheet:
    """All that stands on a letter: who writes, what, and why the reader receives it.

    `accents` are the colours of its buttons on a light and on a dark sheet, where they are not the usual ones.
    """

    language: Language
    brand: str
    wording: Wording
    foot: tuple[Block, ...]
    accents: tuple[str, str] | None = None


def set_text(sheet: Sheet) -> str:
    """Return a letter as plain text."""
    parts = [*_text_parts(sheet.wording.blocks), "-- \n" + "\n".join(_text_parts(sheet.foot))]
    return "\n\n".join(parts) + "\n"


def _text_parts(blocks: Sequence[Block]) -> Iterator[str]:
    for mark, group in groupby(blocks, key=lambda block: block.mark):
        if mark == "-":
            yield "\n".join(_plain(block.text) for block in group)
            continue
        for block in group:
            if mark == "=>":
                yield f"{_plain(block.text)}:\n{block.link}"
            else:
                indent = {"#": "    ", ">": "> "}.get(mark, "")
                yield _fill(_plain(block.text), indent)


def _fill(text: str, indent: str) -> str:
    return textwrap.fill(
        text,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _plain(text: str) -> str:
    return text.replace(STRONG, "")


def set_html(sheet: Sheet) -> str:
    """Return a letter as a page of HTML that stands for itself."""
    title = escape(sheet.wording.subject)
    on_light, on_dark = sheet.accents or _ACCENTS
    body = "\n".join(_html_parts(sheet.wording.blocks, on_light))
    foot = "<br>\n".join(_inline(block) for block in sheet.foot)
    return f"""<!DOCTYPE html>
<html lang="{sheet.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>{_DARK.replace("DARK", on_dark)}</style>
</head>
<body{_look("page")}>
<table role="presentation" align="center"{_look("sheet")}>
<tr><td{_look("brand")}>{escape(sheet.brand)}</td></tr>
<tr><td{_look("body")}>
<h1{_look("title")}>{title}</h1>
{body}
</td></tr>
<tr><td{_look("foot")}>{foot}</td></tr>
</table>
</body>
</html>
"""


def _html_parts(blocks: Sequence[Block], accent: str) -> Iterator[str]:
    for mark, group in groupby(blocks, key=lambda block: block.mark):
        if mark == "-":
            rows = "\n".join(_fact(block.text) for block in group)
            yield f"<table{_look('facts')}>\n{rows}\n</table>"
        else:
            yield from (_html_of(block, accent) for block in group)


def _html_of(block: Block, accent: str) -> str:
    if block.mark == "=>":
        button = _look("button", f"background:{accent};")
        return f'<p{_look("line")}><a href="{escape(block.link)}"{button}>{_inline(block)}</a></p>'
    if block.mark == ">":
        return f"<blockquote{_look('quote')}>{_inline(block)}</blockquote>"
    look = {"#": "code", "~": "small"}.get(block.mark, "line")
    return f"<p{_look(look)}>{_inline(block)}</p>"


def _fact(text: str) -> str:
    label, _, value = text.partition(": ")
    return f'<tr><th scope="row"{_look("label")}>{_strong(label)}</th><td{_look("fact")}>{_strong(value)}</td></tr>'


def _inline(block: Block) -> str:
    return _strong(block.text)


def _strong(text: str) -> str:
    parts = escape(text).split(STRONG)
    return "".join(f"<strong>{part}</strong>" if index % 2 else part for index, part in enumerate(parts))


def _look(name: str, more: str = "") -> str:
    return f' class="{name}" style="{_STYLES[name]}{more}"'
