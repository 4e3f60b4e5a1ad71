"""Keyset pages: the link to the next page carries the key of the last row, not a number of rows to skip."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.core.exceptions import BadRequest

Row = TypeVar("Row")

PAGE = 50


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows to show, and the keys with which the links of a page are made. An empty `next_key` ends the list."""

    rows: Sequence[Row]
    next_key: str
    is_first: bool


def page_of(rows: Sequence[Row], *, key_of: Callable[[Row], Sequence[object]], after: str) -> Page[Row]:
    """Cut `rows`, read one longer than a page, into a page."""
    shown = rows[:PAGE]
    more = len(rows) > PAGE
    return Page(shown, encode_key(key_of(shown[-1])) if more else "", is_first=not after)


def encode_key(parts: Sequence[object]) -> str:
    """Return a key as text that is safe in a link."""
    text = json.dumps([str(part) for part in parts], separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_key(text: str, kinds: Sequence[Callable[[str], object]]) -> tuple[object, ...] | None:
    """Return the parts of a key, each made by its kind; None for an empty text. Raises BadRequest."""
    if not text:
        return None
    try:
        parts = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        clean = [str(part) for part in parts if "\x00" not in part]
        for part in clean:
            part.encode()  # half of a surrogate pair is no text, and no database takes it
        return tuple(kind(part) for kind, part in zip(kinds, clean, strict=True))
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise BadRequest("This link to a page is damaged. Go back to the first page.") from None
