"""A table as CSV for people and as JSON for programs, written side by side while its rows are read once."""

import csv
import io
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from seatledger.domain.exports.packing import FileWriter
from seatledger.shared.text import defused

BYTE_ORDER_MARK: Final = "\ufeff"  # so that spreadsheets read the file as UTF-8
BATCH: Final = 1_000


class TableWriter:
    """The two files of one table."""

    def __init__(self, headings: Sequence[str], *, as_csv: FileWriter, as_json: FileWriter) -> None:
        self._headings, self._csv, self._json = list(headings), as_csv, as_json
        self._csv.write(f"{BYTE_ORDER_MARK}{_line(self._headings)}".encode())
        self.rows = 0

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        lines, objects = [], []
        for row in rows:
            values = [plain(value) for value in row]
            lines.append(_line([cell(value) for value in values]))
            objects.append(json.dumps(dict(zip(self._headings, values, strict=True)), ensure_ascii=False))
        if not objects:
            return
        self._csv.write("".join(lines).encode())
        self._json.write((("[\n" if self.rows == 0 else ",\n") + ",\n".join(objects)).encode())
        self.rows += len(objects)

    def close(self) -> None:
        self._json.write(b"\n]\n" if self.rows else b"[]\n")
        self._csv.close(rows=self.rows)
        self._json.close(rows=self.rows)


def plain(value: object) -> object:
    """Return a value as JSON has it: instants in UTC, amounts exactly, hashes in hexadecimal."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value


def cell(value: object) -> str:
    """Return a plain value as a cell: nothing for none, lists and objects as JSON, nothing a spreadsheet would run."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return defused(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _line(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue()
