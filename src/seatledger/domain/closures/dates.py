"""When the end of an account takes effect: plain Python on days of the account's zone."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

# Licences without an end and without a period leave nothing to wait for: so much notice is given.
NOTICE_WITHOUT_PERIOD: Final = timedelta(days=30)
# Told so long before the closing begins, or at once where that has passed.
TOLD_BEFORE: Final = timedelta(days=7)
# A request nobody looked at goes on by itself: it is the customer's right.
ACKNOWLEDGED_WITHIN: Final = timedelta(days=3)
# Personal data is gone so soon after the closing, and never later than the second.
ERASED_AFTER: Final = timedelta(days=1)
ERASED_WITHIN: Final = timedelta(days=30)


def first_day_without(*, today: date, period_ends_on: date | None, last_days: Iterable[date | None]) -> date:
    """Return the first day on which the account is closed: the day after the latest that is paid for or granted.

    `period_ends_on` is the first day after the subscription's period; `last_days` are those of pools outside a
    subscription, None for one without an end. Never sooner than tomorrow.
    """
    days = list(last_days)
    known = [day + timedelta(days=1) for day in days if day is not None]
    if period_ends_on is not None:
        known.append(period_ends_on)
    if not known and None in days:
        known.append(today + NOTICE_WITHOUT_PERIOD)
    return max([today + timedelta(days=1), *known])
