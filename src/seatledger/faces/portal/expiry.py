"""When a pool's licences end, in words."""

from dataclasses import dataclass
from datetime import date

SOON_DAYS = 60


@dataclass(frozen=True)
class Expiry:
    """`on` is the last valid day. `state` is empty, `expiring` or `expired`; `words` say how far off it is."""

    on: date | None
    state: str
    words: str


def expiry_of(on: date | None, *, today: date) -> Expiry:
    """Return when licences end as seen from `today`; they are valid to the end of their last day."""
    if on is None:
        return Expiry(None, "", "No expiry date")
    days = (on - today).days
    if days < 0:
        return Expiry(on, "expired", "Expired yesterday" if days == -1 else f"Expired {-days:,} days ago")
    state = "expiring" if days <= SOON_DAYS else ""
    if days <= 1:
        return Expiry(on, state, "Ends today" if days == 0 else "Ends tomorrow")
    return Expiry(on, state, f"{days:,} days left")
