"""One field of a file, read as what it means. Every function raises Flaw for anything else."""

import re
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from seatledger.domain.licences.importing.lines import Flaw
from seatledger.domain.licences.limits import LAST_YEAR, check_total
from seatledger.shared.errors import Refused

# Older than any licence that is still of interest; an earlier year is a slip of the pen.
FIRST_YEAR = 1990
NEVER = "never"
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"[0-9]{1,10}")


def read_instant(text: str, zone: ZoneInfo) -> datetime:
    """Return an instant in UTC. One without an offset is a time of `zone`, if the clock showed it once."""
    if not _INSTANT.fullmatch(text):
        raise Flaw("at", "This is no instant. Write it as 2026-03-01T09:30:00+00:00.")
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise Flaw("at", "There is no such day or time.") from None
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise Flaw("at", f"The year is not between {FIRST_YEAR} and {LAST_YEAR}.")
    if instant.utcoffset() is None:
        instant = _local(instant, zone)
    return instant.astimezone(UTC)


def says_offset(text: str) -> bool:
    """Tell whether an instant says its offset from UTC."""
    return text.endswith("Z") or text[-6:-5] in {"+", "-"}


def _local(naive: datetime, zone: ZoneInfo) -> datetime:
    first, second = naive.replace(tzinfo=zone, fold=0), naive.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first
    shown = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == naive
    how_often = "twice" if shown else "never"
    raise Flaw(
        "at", f"Clocks in {zone.key} showed this time {how_often}. Add the offset from UTC, such as +01:00."
    )


def read_day_or_never(text: str) -> date | None:
    """Return a day, or None for the word `never`."""
    if text.lower() == NEVER:
        return None
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise Flaw("expires_on", f"This is no day. Write it as 2026-12-31, or write {NEVER}.")
    return day


def read_total(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise Flaw("total", "This is no whole number from 0. Write digits alone.")
    total = int(text)
    try:
        check_total(total)
    except Refused as refusal:
        raise Flaw("total", str(refusal)) from None
    return total


def read_choice(text: str, choices: tuple[str, ...], *, column: str) -> str:
    chosen = text.lower()
    if chosen not in choices:
        raise Flaw(column, f"Write {' or '.join(choices)}.")
    return chosen


@lru_cache(maxsize=50_000)
def read_names(text: str) -> tuple[str, ...]:
    """Return names that are separated by semicolons, each once."""
    names = [name.strip() for name in text.split(";")]
    if not all(names):
        raise Flaw("roles", "A name is missing beside a semicolon.")
    if len({name.lower() for name in names}) != len(names):
        raise Flaw("roles", "A role is named twice.")
    return tuple(names)
