"""The dates ahead of an account: which licences end, and when the subscription renews."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from seatledger.domain.accounts.models import Account
from seatledger.domain.licences.models import Terms
from seatledger.domain.subscriptions.queries import get_agreement
from seatledger.faces.portal.expiry import left_in_words
from seatledger.faces.portal.pool_lines import PoolLine

MOST = 5


@dataclass(frozen=True)
class ComingDate:
    """What happens on a day to come, where to read of it, and how far off it is in words."""

    on: date
    name: str
    what: str
    url: str
    words: str


def ends_to_come(lines: Iterable[PoolLine], *, today: date) -> list[ComingDate]:
    """Return the days on which licences end, and of what has ended those on which access does."""
    found = []
    for line in lines:
        url, expiry = reverse("portal:pool", args=[line.pool.pk]), line.expiry
        if expiry.on and expiry.on >= today:
            what = "Trial ends" if line.pool.terms == Terms.TRIAL else "Licences end"
            found.append(ComingDate(expiry.on, line.name, what, url, expiry.words))
        elif expiry.until and expiry.until >= today:
            words = left_in_words((expiry.until - today).days)
            found.append(ComingDate(expiry.until, line.name, "Access ends", url, words))
    return found


def renewals_to_come(account: Account, *, today: date, at: datetime) -> list[ComingDate]:
    """Return the day on which the account's subscription renews, if it does."""
    agreement = get_agreement(account, at=at)
    if agreement is None or agreement.renews_on is None:
        return []
    days = (agreement.renews_on - today).days
    words = "Renews tomorrow" if days == 1 else f"Renews in {days:,} days"
    url = reverse("portal:account_summary")
    return [ComingDate(agreement.renews_on, agreement.plan_name, "Subscription renews", url, words)]


def soonest(dates: Iterable[ComingDate]) -> list[ComingDate]:
    """Return the next few dates, the soonest first."""
    return sorted(dates, key=lambda coming: (coming.on, coming.name))[:MOST]
