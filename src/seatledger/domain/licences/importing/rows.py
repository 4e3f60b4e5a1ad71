"""The lines of a history: what changed, when, and for whom, as typed rows."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from seatledger.domain.licences.importing import values
from seatledger.domain.licences.importing.lines import Flaw, LineError, read_fields
from seatledger.domain.licences.limits import LONGEST_DEVICE_NAME, clean_reason
from seatledger.domain.people.actions import clean_user_details
from seatledger.shared.errors import Refused
from seatledger.shared.text import clean_email, clean_name, clean_text

LONGEST_KEY = 64
LONGEST_ROLES = 2_000
MOST_LINES = 1_000_000


class ChangeKind(StrEnum):
    """What a line says has happened."""

    USER_ADDED = "user_added"
    USER_ACTIVATED = "user_activated"
    USER_DEACTIVATED = "user_deactivated"
    USER_DELETED = "user_deleted"
    ROLE_GIVEN = "role_given"
    ROLE_TAKEN = "role_taken"
    DEVICE_ADDED = "device_added"
    DEVICE_USER_CHANGED = "device_user_changed"
    DEVICE_REMOVED = "device_removed"
    LICENCE_ASSIGNED = "licence_assigned"
    LICENCE_RELEASED = "licence_released"
    LICENCE_MOVED = "licence_moved"
    LEVEL_CHANGED = "level_changed"
    TOTAL_CHANGED = "total_changed"
    EXPIRY_CHANGED = "expiry_changed"


@dataclass(frozen=True, slots=True)
class Shape:
    """Which columns a kind of line fills, beside `at` and `change`; all others are empty."""

    needs: frozenset[str]
    may: frozenset[str] = frozenset()


def _shape(needs: str, may: str = "") -> Shape:
    return Shape(frozenset(needs.split()), frozenset(may.split()))


SHAPES = {
    ChangeKind.USER_ADDED: _shape("email first_name last_name", "phone active roles"),
    ChangeKind.USER_ACTIVATED: _shape("email"),
    ChangeKind.USER_DEACTIVATED: _shape("email"),
    ChangeKind.USER_DELETED: _shape("email"),
    ChangeKind.ROLE_GIVEN: _shape("email roles"),
    ChangeKind.ROLE_TAKEN: _shape("email roles"),
    ChangeKind.DEVICE_ADDED: _shape("device licence", "email"),
    ChangeKind.DEVICE_USER_CHANGED: _shape("device licence", "email"),
    ChangeKind.DEVICE_REMOVED: _shape("device licence"),
    ChangeKind.LICENCE_ASSIGNED: _shape("email licence", "source"),
    ChangeKind.LICENCE_RELEASED: _shape("email licence"),
    ChangeKind.LICENCE_MOVED: _shape("email licence to_email"),
    ChangeKind.LEVEL_CHANGED: _shape("email licence to_licence"),
    ChangeKind.TOTAL_CHANGED: _shape("licence total", "reason"),
    ChangeKind.EXPIRY_CHANGED: _shape("licence expires_on", "reason"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a history, understood. What a kind does not fill is empty."""

    line: int
    at: datetime
    change: ChangeKind
    email: str = ""
    first_name: str = ""
    last_name: str = ""
    phone: str = ""
    active: str = ""
    roles: tuple[str, ...] = ()
    licence: str = ""
    device: str = ""
    to_email: str = ""
    to_licence: str = ""
    source: str = ""
    total: int = 0
    expires_on: date | None = None
    reason: str = ""


@dataclass
class HistoryFile:
    """What a file says. `local_times` counts the instants without an offset, read in the account's zone.

    The unread ones are in lines that would have added them: what follows about them is not their own mistake.
    """

    rows: list[Row] = field(default_factory=list)
    errors: list[LineError] = field(default_factory=list)
    local_times: int = 0
    unread_users: set[str] = field(default_factory=set)
    unread_devices: set[str] = field(default_factory=set)


Reader = Callable[[str], Any]
READERS: dict[str, Reader] = {
    "email": lru_cache(50_000)(clean_email),
    "to_email": lru_cache(50_000)(clean_email),
    "first_name": lambda text: clean_user_details({"first_name": text})["first_name"],
    "last_name": lambda text: clean_user_details({"last_name": text})["last_name"],
    "phone": lambda text: clean_user_details({"phone": text})["phone"],
    "active": lambda text: values.read_choice(text, ("yes", "no"), column="active"),
    "roles": lambda text: values.read_names(clean_text(text, LONGEST_ROLES, what="The list of roles")),
    "licence": lru_cache(1_000)(lambda text: clean_name(text, LONGEST_KEY, what="The licence type's key")),
    "to_licence": lru_cache(1_000)(lambda text: clean_name(text, LONGEST_KEY, what="The licence type's key")),
    "device": lru_cache(50_000)(lambda text: clean_name(text, LONGEST_DEVICE_NAME)),
    "source": lambda text: values.read_choice(text, ("manual", "synced"), column="source"),
    "total": values.read_total,
    "expires_on": values.read_day_or_never,
    "reason": clean_reason,
}
COLUMNS = ("at", "change", *READERS)


def read_history(file: BinaryIO, *, zone: ZoneInfo) -> HistoryFile:
    """Return a file's rows by time (those of one instant in the file's order), and everything wrong with it.

    Instants without an offset are times of `zone`.
    """
    found = HistoryFile()
    lines = read_fields(file)
    number, header = next(lines, (1, Flaw("", "The file is empty. Begin with a line of column names.")))
    try:
        check_header(header)
    except Flaw as flaw:
        found.errors.append(_error(number, flaw, header if isinstance(header, list) else []))
        return found
    assert isinstance(header, list), "a flawed header was refused"
    for line, fields in lines:
        if line > MOST_LINES:
            found.errors.append(LineError(line, "", f"A file has at most {MOST_LINES:,} lines. Split it."))
            break
        row = _Reading(line, header, zone)
        row.read(fields)
        row.add_to(found)
    found.rows.sort(key=lambda row: row.at)
    return found


def check_header(header: list[str] | Flaw) -> None:
    """Raise Flaw unless the header names known columns once each, `at` and `change` among them."""
    if isinstance(header, Flaw):
        raise header
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        raise Flaw("", "The columns are not separated by commas. Save the file with commas.")
    for position, column in enumerate(header):
        if column not in COLUMNS:
            raise Flaw(position, f"There is no column of this name. The columns are: {', '.join(COLUMNS)}.")
        if column in header[:position]:
            raise Flaw(column, "This column is there twice.")
    if missing := [column for column in ("at", "change") if column not in header]:
        raise Flaw(missing[0], "The header lacks this column.")


def _error(line: int, flaw: Flaw, header: list[str]) -> LineError:
    if isinstance(flaw.column, str):
        return LineError(line, flaw.column, flaw.message)
    known = flaw.column < len(header) and header[flaw.column] in COLUMNS
    return LineError(line, header[flaw.column] if known else str(flaw.column + 1), flaw.message)


class _Reading:
    """One line while it is read: its cells, and every flaw in them."""

    def __init__(self, line: int, header: list[str], zone: ZoneInfo) -> None:
        self.line = line
        self.header = header
        self.zone = zone
        self.cells: dict[str, str] = {}
        self.flaws: list[Flaw] = []
        self.row: Row | None = None

    def read(self, fields: list[str] | Flaw) -> None:
        if isinstance(fields, Flaw):
            self.flaws.append(fields)
        elif len(fields) != len(self.header):
            message = f"This line has {len(fields)} values; the header has {len(self.header)} columns."
            self.flaws.append(Flaw("", message))
        else:
            filled = ((column, text.strip()) for column, text in zip(self.header, fields, strict=True))
            self.cells = {column: text for column, text in filled if text}
            self._understand()

    def add_to(self, found: HistoryFile) -> None:
        if self.row and not self.flaws:
            found.rows.append(self.row)
            found.local_times += not values.says_offset(self.cells["at"])
            return
        found.errors += (_error(self.line, flaw, self.header) for flaw in self.flaws)
        if self.cells.get("change") == ChangeKind.USER_ADDED:
            found.unread_users.add(self.cells.get("email", "").lower())
        if self.cells.get("change") == ChangeKind.DEVICE_ADDED:
            found.unread_devices.add(self.cells.get("device", "").lower())

    def _understand(self) -> None:
        at = self._try("at", lambda text: values.read_instant(text, self.zone))
        change = self._try("change", _read_change)
        if change is None:
            return
        shape = SHAPES[change]
        filled = self.cells.keys() - {"at", "change"}
        for column in sorted(shape.needs - filled):
            self.flaws.append(Flaw(column, f"This is empty. {change} needs it."))
        for column in sorted(filled - shape.needs - shape.may):
            self.flaws.append(Flaw(column, f"This has a value. {change} has none here."))
        read = {column: self._try(column, READERS[column]) for column in filled}
        if at and not self.flaws:
            self.row = Row(self.line, at, change, **read)

    def _try(self, column: str, read: Reader) -> Any:  # noqa: ANN401 -- each column has a type of its own
        try:
            return read(self.cells.get(column, ""))
        except Flaw as flaw:
            self.flaws.append(flaw)
        except Refused as refusal:
            self.flaws.append(Flaw(column, str(refusal)))
        return None


def _read_change(text: str) -> ChangeKind:
    try:
        return ChangeKind(text)
    except ValueError:
        raise Flaw("change", f"There is no such change. Write one of: {', '.join(ChangeKind)}.") from None
