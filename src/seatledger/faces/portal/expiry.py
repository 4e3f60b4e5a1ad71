"""When a pool's licences end, in words."""

from dataclasses import dataclass
from datetime import date

from seatledger.domain.accounts.models import Account
from seatledger.domain.licences.access import access_ends_on
from seatledger.domain.licences.models import Pool
from seatledger.faces.ui import formats

SOON_DAYS = 60


@dataclass(frozen=True)
class Expiry:
    """`on` is the last valid day, `until` the last day of access where that is later.

    `state` is empty, `expiring`, `grace` or `expired`; `words` say how far off it is.
    """

    on: date | None
    state: str
    words: str
    until: date | None = None


def expiry_of(pool: Pool, account: Account, *, today: date) -> Expiry:
    """Return when licences end as seen from `today`; they are valid to the end of their last day."""
    on, until = pool.expires_on, access_ends_on(account, pool.terms, pool.expires_on)
    if on is None or until is None:
        return Expiry(None, "", "No expiry date")
    days = (on - today).days
    later = until if until > on else None
    if days < 0 and today <= until:
        return Expiry(on, "grace", f"Ended; access goes on until {day_in_words(until)}", later)
    if days < 0:
        return Expiry(
            on, "expired", "Expired yesterday" if days == -1 else f"Expired {-days:,} days ago", later
        )
    state = "expiring" if days <= SOON_DAYS else ""
    return Expiry(on, state, left_in_words(days), later)


def left_in_words(days: int) -> str:
    """Return how far off a last day is."""
    return {0: "Ends today", 1: "Ends tomorrow"}.get(days, f"{days:,} days left")


def day_in_words(day: date) -> str:
    """Return a day as the reader writes it in a sentence."""
    return formats.day_text(day, locale=formats.reader_locale(), style="long")
