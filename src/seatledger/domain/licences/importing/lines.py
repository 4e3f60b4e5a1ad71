"""Comma-separated lines, strictly: bytes in, fields out, and every flaw with its line and column.

One line of the file is one record. Quoted values may hold commas and quotation marks, but no line breaks, so a
quoting error spoils its own line and no other.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

LONGEST_LINE = 10_000
_OTHER_ENCODINGS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_QUOTED = re.compile(r'"((?:[^"]|"")*)"(?=,|\Z)')
# Where `surrogateescape` puts the bytes that are no UTF-8.
_FIRST_ESCAPED, _LAST_ESCAPED = 0xDC80, 0xDCFF


@dataclass(frozen=True, slots=True, order=True)
class LineError:
    """What is wrong, and where. `column` is a name of the header, or empty where the whole line is wrong."""

    line: int
    column: str
    message: str

    def __str__(self) -> str:
        place = f"line {self.line}" + (f", column {self.column}" if self.column else "")
        return f"{place}: {self.message}"


class Flaw(Exception):
    """Something in one line is wrong; `column` as in `LineError`, or the number of the field from 0."""

    def __init__(self, column: str | int, message: str) -> None:
        super().__init__(message)
        self.column = column
        self.message = message


def read_fields(file: BinaryIO) -> Iterator[tuple[int, list[str] | Flaw]]:
    """Yield each line's number and its fields, or what is wrong with it. Empty lines are left out.

    A file in another encoding than UTF-8 (with or without its mark) ends with its first line.
    """
    for number, raw in _lines(file):
        if number == 1 and raw is not None:
            if raw.startswith(_OTHER_ENCODINGS):
                yield number, Flaw("", "This file is UTF-16. Save it as UTF-8.")
                return
            raw = raw.removeprefix(codecs.BOM_UTF8)  # noqa: PLW2901 -- the mark is no part of the first field
        if raw is None:
            yield number, Flaw("", f"This line is longer than {LONGEST_LINE:,} bytes. Shorten it.")
        elif raw:
            yield number, _fields_of(raw)


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Yield each line without its end; None for one that is too long, of which no more is kept in memory."""
    number = 0
    while raw := file.readline(LONGEST_LINE + 2):
        number += 1
        too_long = len(raw.rstrip(b"\r\n")) > LONGEST_LINE
        while not raw.endswith(b"\n") and len(raw) == LONGEST_LINE + 2:
            too_long = True
            raw = file.readline(LONGEST_LINE + 2)
        yield number, None if too_long else raw.removesuffix(b"\n").removesuffix(b"\r")


def _fields_of(raw: bytes) -> list[str] | Flaw:
    try:
        fields = split_fields(raw.decode("utf-8", "surrogateescape"))
    except Flaw as flaw:
        return flaw
    for position, field in enumerate(fields):
        for character in "" if field.isascii() else field:
            if _FIRST_ESCAPED <= ord(character) <= _LAST_ESCAPED:
                byte = ord(character) - _FIRST_ESCAPED + 0x80
                return Flaw(position, f"The byte {byte:#04X} is no UTF-8 here. Save the file as UTF-8.")
    return fields


def split_fields(line: str) -> list[str]:
    """Return the fields of one line. Raises Flaw with the field's number for wrong quotation marks."""
    if '"' not in line:
        return line.split(",")
    fields: list[str] = []
    position = 0
    while True:
        field, position = _field_at(line, position, number=len(fields))
        fields.append(field)
        if position == len(line):
            return fields
        position += 1


def _field_at(line: str, position: int, *, number: int) -> tuple[str, int]:
    """Return the field that begins at `position`, and where it ends."""
    if line.startswith('"', position):
        quoted = _QUOTED.match(line, position)
        if quoted is None:
            raise Flaw(
                number,
                "A quotation mark is opened and not closed before the next comma or the line's end. "
                "Double the marks inside a value; a value has no line breaks.",
            )
        return quoted[1].replace('""', '"'), quoted.end()
    end = line.find(",", position)
    end = len(line) if end < 0 else end
    if '"' in line[position:end]:
        raise Flaw(
            number,
            "A quotation mark stands inside a value. Put the whole value in marks and double this one.",
        )
    return line[position:end], end
