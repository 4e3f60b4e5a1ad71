"""Lists of who is to hold what: lines of an e-mail address and a licence type's key."""

from dataclasses import dataclass, field
from typing import BinaryIO

from seatledger.domain.licences.importing.lines import Flaw, LineError, read_fields
from seatledger.shared.errors import Refused
from seatledger.shared.text import clean_email, clean_name

HEADER = ["email", "licence"]
LONGEST_KEY = 64


@dataclass(frozen=True, slots=True)
class Wanted:
    """One line: this user holds a licence of this type."""

    line: int
    email: str
    licence: str


@dataclass
class WantedList:
    """What a list says, and everything wrong with it."""

    wanted: list[Wanted] = field(default_factory=list)
    errors: list[LineError] = field(default_factory=list)


def read_list(file: BinaryIO) -> WantedList:
    """Return the lines of a list, which begins with the header `email,licence`."""
    found = WantedList()
    lines = read_fields(file)
    number, header = next(lines, (1, Flaw("", "The file is empty.")))
    if header != HEADER:
        message = header.message if isinstance(header, Flaw) else "The columns are not these two."
        begin = f"Begin with the line {','.join(HEADER)}."
        found.errors.append(LineError(number, "", f"{message} {begin}"))
        return found
    first_line_of: dict[tuple[str, str], int] = {}
    for line, fields in lines:
        try:
            wanted = _wanted_of(line, fields)
            first = first_line_of.setdefault((wanted.email, wanted.licence), line)
            _check_once(line, first)
        except Flaw as flaw:
            column = HEADER[flaw.column] if flaw.column in (0, 1) else flaw.column
            found.errors.append(LineError(line, str(column), flaw.message))
        else:
            found.wanted.append(wanted)
    return found


def _check_once(line: int, first: int) -> None:
    if line != first:
        raise Flaw("", f"Line {first} says this already. Remove one of them.")


def _wanted_of(line: int, fields: list[str] | Flaw) -> Wanted:
    if isinstance(fields, Flaw):
        raise fields
    if len(fields) != len(HEADER):
        raise Flaw("", f"This line has {len(fields)} values, not an e-mail address and a licence type.")
    try:
        email = clean_email(fields[0])
    except Refused as refusal:
        raise Flaw("email", str(refusal)) from None
    try:
        return Wanted(line, email, clean_name(fields[1], LONGEST_KEY, what="The licence type's key"))
    except Refused as refusal:
        raise Flaw("licence", str(refusal)) from None
