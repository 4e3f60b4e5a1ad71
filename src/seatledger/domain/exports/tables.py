"""A table as CSV for people and as JSON for programs, written side by side while its rows are read once."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from seatledger.domain.exports.packing import FileWriter
from seatledger.shared.text import defused

BYTE_ORDER_MARK: Final = "\ufeff"  # so that spreadsheets read the file as UTF-8
BATCH: Final = 1_000
_ENCODE: Final = json.JSONEncoder(ensure_ascii=False).encode


class TableWriter:
    """The two files of one table."""

    def __init__(self, headings: Sequence[str], *, as_csv: FileWriter, as_json: FileWriter) -> None:
        self._headings, self._csv, self._json = list(headings), as_csv, as_json
        self._csv.write(f"{BYTE_ORDER_MARK}{_lines([self._headings])}".encode())
        self.rows = 0

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        table = [[plain(value) for value in row] for row in rows]
        if not table:
            return
        objects = [_ENCODE(dict(zip(self._headings, values, strict=True))) for values in table]
        self._csv.write(_lines([cell(value) for value in values] for values in table).encode())
        self._json.write((("[\n" if self.rows == 0 else ",\n") + ",\n".join(objects)).encode())
        self.rows += len(table)

    def close(self) -> None:
        self._json.write(b"\n]\n" if self.rows else b"[]\n")
        self._csv.close(rows=self.rows)
        self._json.close(rows=self.rows)


def plain(value: object) -> object:
    """Return a value as JSON has it: instants in UTC, amounts exactly, hashes in hexadecimal."""
    how = _PLAIN.get(type(value))
    return value if how is None else how(value)


def cell(value: object) -> str:
    """Return a plain value as a cell: nothing for none, lists and objects as JSON, nothing a spreadsheet would run."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return defused(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _lines(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _hexadecimal(content: bytes | memoryview) -> str:
    return bytes(content).hex()


# By type and not by `isinstance`: a million rows have twenty values each.
_PLAIN: Final[dict[type, Callable[[Any], str]]] = {
    datetime: _instant,
    date: lambda day: str(day.isoformat()),
    Decimal: str,
    UUID: str,
    bytes: _hexadecimal,
    memoryview: _hexadecimal,
}
