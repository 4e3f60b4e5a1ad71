"""Arrays as statements take them, by the thousand."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID


def uuid_array(ids: Iterable[UUID]) -> str:
    """Return ids as the text of an array, for `%s::uuid[]`. As a list each would be looked at for quotes, one by one."""
    return f"{{{','.join([each.hex for each in ids])}}}"


def date_array(days: Iterable[date | None]) -> str:
    """Return days as the text of an array, for `%s::date[]`, for the same reason; None is NULL."""
    return f"{{{','.join(['NULL' if day is None else day.isoformat() for day in days])}}}"


def text_array(texts: Iterable[str]) -> str:
    """Return texts as the text of an array, for `%s::text[]` or `%s::jsonb[]`, for the same reason."""
    quoted = [f'"{_quotable(text)}"' for text in texts]
    return f"{{{','.join(quoted)}}}"


def _quotable(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
