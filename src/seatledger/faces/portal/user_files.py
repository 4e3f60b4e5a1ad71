"""Lists of users as CSV text: one user a line, read strictly, every mistake told with its line."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from seatledger.domain.licences.actions import NewUser

MANDATORY = ("first name", "last name", "email")
COLUMNS = (*MANDATORY, "phone", "roles", "active")
MOST_USERS = 500
EXAMPLE = """First name,Last name,Email,Phone,Roles,Active
Ann,Lee,ann.lee@example.com,+44 20 7946 0001,Administrator; Billing,yes
Chidi,Okafor,chidi.okafor@example.com,,,no
"""


@dataclass(frozen=True)
class Mistake:
    """What is wrong in a line of the text; line 1 is the header."""

    line: int
    text: str


@dataclass
class UserList:
    """The users a text describes, each with its line, and what is wrong with the text."""

    users: list[NewUser] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)


class _Wrong(Exception):
    """A line cannot be understood; the message says why."""


def read_users(text: str, roles: Mapping[str, UUID]) -> UserList:
    """Read CSV text with a header line. `roles` are the account's role ids by name in lower case."""
    found = UserList()
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), strict=True)
    try:
        header = _read_header(next(reader, []))
        for cells in _filled(reader):
            _read_line(found, header, cells, reader.line_num, roles)
    except _Wrong as wrong:
        found.mistakes.append(Mistake(1, str(wrong)))
    except csv.Error as error:
        found.mistakes.append(Mistake(reader.line_num, f"This line is no valid CSV: {error}."))
    if len(found.users) > MOST_USERS:
        found.mistakes.append(
            Mistake(found.lines[MOST_USERS], f"A list has at most {MOST_USERS} users. Split it.")
        )
    if not found.users and not found.mistakes:
        found.mistakes.append(
            Mistake(1, "There is no user in the list. Write one user a line below the header.")
        )
    return found


def _filled(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    return (cells for cells in reader if any(cell.strip() for cell in cells))


def _read_header(cells: list[str]) -> list[str]:
    header = [cell.strip().lower() for cell in cells]
    if missing := [column for column in MANDATORY if column not in header]:
        raise _Wrong(f"The header lacks the column {missing[0].capitalize()}.")
    if unknown := [column for column in header if column not in COLUMNS]:
        raise _Wrong(f"The header has an unknown column “{unknown[0]}”. Columns are: {', '.join(COLUMNS)}.")
    if len(set(header)) != len(header):
        raise _Wrong("The header names a column twice.")
    return header


def _read_line(
    found: UserList, header: list[str], cells: list[str], line: int, roles: Mapping[str, UUID]
) -> None:
    try:
        found.users.append(_user_of(header, cells, roles))
        found.lines.append(line)
    except _Wrong as wrong:
        found.mistakes.append(Mistake(line, str(wrong)))


def _user_of(header: list[str], row: list[str], roles: Mapping[str, UUID]) -> NewUser:
    if len(row) != len(header):
        raise _Wrong("This line has more or fewer cells than the header.")
    cells = {name: cell.strip() for name, cell in zip(header, row, strict=True)}
    active = cells.get("active", "").lower() or "yes"
    if active not in ("yes", "no"):
        raise _Wrong(f"Active is “{active}”. Write yes or no.")
    names = [name.strip() for name in cells.get("roles", "").split(";") if name.strip()]
    if unknown := [name for name in names if name.lower() not in roles]:
        raise _Wrong(f"There is no role “{unknown[0]}”.")
    return NewUser(
        first_name=cells["first name"],
        last_name=cells["last name"],
        email=cells["email"],
        phone=cells.get("phone", ""),
        active=active == "yes",
        role_ids=tuple({roles[name.lower()] for name in names}),
    )
