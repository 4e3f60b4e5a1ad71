"""What a number, a day and a reason may be, whoever writes them."""

from datetime import date

from seatledger.shared.errors import Refused
from seatledger.shared.text import clean_text

# Postgres and every calendar we format with end before this; a licence "for ever" has no expiry date instead.
LAST_YEAR = 2999


class UnlikelyDate(Refused):
    """The date is out of every sensible range."""

    code = "unlikely_date"


class UnlikelyNumber(Refused):
    """The number is out of every sensible range."""

    code = "unlikely_number"


# More than anyone sells, and small enough that sums of it stay within the ledger's columns.
MOST_LICENCES = 10_000_000
LONGEST_REASON = 300
LONGEST_DEVICE_NAME = 100


def check_total(total: int) -> None:
    """Raise UnlikelyNumber for what nobody sells."""
    if not 0 <= total <= MOST_LICENCES:
        raise UnlikelyNumber(f"The number must be from 0 to {MOST_LICENCES:,}.")


def check_expiry(expires_on: date | None, *, first_year: int) -> None:
    """Raise UnlikelyDate for a day before `first_year` or after the last year that is thought of."""
    if expires_on is not None and not first_year <= expires_on.year <= LAST_YEAR:
        raise UnlikelyDate(f"The expiry date must be between {first_year} and {LAST_YEAR}.")


def clean_reason(reason: str) -> str:
    """Return what staff or the provider wrote beside a change. Raises UnfitText."""
    return clean_text(reason, LONGEST_REASON, what="The reason")
