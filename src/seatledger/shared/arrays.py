"""Arrays as statements take them, by the thousand."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID


def uuid_array(ids: Iterable[UUID]) -> str:
    """Return ids as the text of an array, for `%s::uuid[]`. As a list each would be looked at for quotes, one by one."""
    return f"{{{','.join([each.hex for each in ids])}}}"


def date_array(days: Iterable[date | None]) -> str:
    """Return days as the text of an array, for `%s::date[]`, for the same reason; None is NULL."""
    return _array_of(days)


def instant_array(instants: Iterable[datetime]) -> str:
    """Return instants as the text of an array, for `%s::timestamptz[]`, for the same reason."""
    return _array_of(instants)


def text_array(texts: Iterable[str]) -> str:
    """Return texts as the text of an array, for `%s::text[]` or `%s::jsonb[]`, for the same reason."""
    quoted = [f'"{_quotable(text)}"' for text in texts]
    return f"{{{','.join(quoted)}}}"


def _array_of(days: Iterable[date | None]) -> str:
    # Thousands are the same few, so each is written once.
    every = list(days)
    texts = {day: "NULL" if day is None else day.isoformat() for day in set(every)}
    return f"{{{','.join([texts[day] for day in every])}}}"


def _quotable(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
