"""Tables as files that spreadsheets read, and take for nothing but text and numbers."""

import csv
import io
from collections.abc import Sequence
from typing import Final

from seatledger.shared.text import defused

BYTE_ORDER_MARK: Final = "\ufeff"  # so that spreadsheets read the file as UTF-8


def as_csv(rows: Sequence[Sequence[str | int]]) -> str:
    """Return rows as lines of a file. A whole number stays one, whatever it begins with."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([cell if isinstance(cell, int) else defused(cell) for cell in row] for row in rows)
    return text.getvalue()
