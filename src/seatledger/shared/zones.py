"""The names of time zones. Asking for them walks through hundreds of files, so they are asked for once."""

from functools import cache
from zoneinfo import available_timezones


@cache
def zone_names() -> frozenset[str]:
    """Return the names in the IANA database of this machine, without the one that means this machine's own zone."""
    return frozenset(available_timezones() - {"localtime"})
