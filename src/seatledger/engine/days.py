"""Instants and days: facts are instants in UTC, charges are days of a time zone."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_ONE_DAY = timedelta(days=1)


def require_instant(value: object) -> datetime:
    """Return the instant in UTC. Raises TypeError when it is no datetime, ValueError when it has no offset."""
    if not isinstance(value, datetime):
        raise TypeError(f"An instant is a datetime, not {value!r}.")
    if value.tzinfo is UTC:
        return value
    if value.utcoffset() is None:
        raise ValueError(f"{value.isoformat()} does not say its offset from UTC.")
    return value.astimezone(UTC)


def require_day(value: object) -> date:
    """Return the day. Raises TypeError for anything else; a `datetime` counts as anything else."""
    if isinstance(value, datetime) or not isinstance(value, date):
        raise TypeError(f"A day is a date without a time, not {value!r}.")
    return value


@lru_cache(maxsize=16_384)
def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the first instant of `day` in `zone`, in UTC.

    Where clocks skip midnight the day begins when they have been moved; where they show it twice the
    day begins the first time. A day a zone left out altogether begins where the next one begins.
    It is remembered: many accounts share their days, and asking a zone is slow.
    Raises OverflowError for the first and the last day of the calendar (years 1 and 9999).
    """
    # fold=0 reads a skipped midnight with the offset before the move, which is the moment of the move.
    return datetime.combine(require_day(day), time.min, tzinfo=zone).astimezone(UTC)


@lru_cache(maxsize=16_384)
def day_of(instant: datetime, zone: ZoneInfo) -> date:
    """Return the day of `zone` on which `instant` falls.

    It is the one day for which `start_of_day(day) <= instant < start_of_day(day + 1)`: a clock moved back
    across midnight does not bring the day before back. It is remembered, too.
    Raises OverflowError on the first and the last day of the calendar (years 1 and 9999).
    """
    local = require_instant(instant).astimezone(zone).date()
    if instant >= start_of_day(local + _ONE_DAY, zone):
        return local + _ONE_DAY
    return local
