"""The dates ahead of an account: which licences end, and when the subscription renews."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from seatledger.domain.accounts.models import Account
from seatledger.domain.licences.models import Terms
from seatledger.domain.subscriptions.queries import get_agreement
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
    """Return the days on which licences end."""
    return [
        ComingDate(
            line.expiry.on,
            line.name,
            "Trial ends" if line.pool.terms == Terms.TRIAL else "Licences end",
            reverse("portal:pool", args=[line.pool.pk]),
            line.expiry.words,
        )
        for line in lines
        if line.expiry.on and line.expiry.on >= today
    ]


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
