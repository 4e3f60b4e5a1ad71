"""Until when licences may be used: the vendor's days of grace, for pages, actions and statements alike.

`engine.access` decides. `usable` says the same as a condition of a statement over many accounts; a test holds the two
together.
"""

from datetime import date

from django.conf import settings

from seatledger.domain.accounts.models import Account
from seatledger.engine.access import Grace, Holding


def grace() -> Grace:
    """Return for how many days licences may be used after their last day, as the vendor set it."""
    return Grace(settings.SEATLEDGER_GRACE_AFTER_TRIAL, settings.SEATLEDGER_GRACE_AFTER_EXPIRY)


def grace_values() -> dict[str, int]:
    """Return the values that a statement with `usable` needs."""
    days = grace()
    return {"trial_grace": days.trial_days, "paid_grace": days.paid_days}


def usable(pool: str, account: str) -> str:
    """Return the condition that the licences of a pool may be used at `%(at)s`, under these names of the two tables."""
    return (
        f"({pool}.expires_on IS NULL OR {pool}.expires_on"
        f" + CASE {pool}.terms WHEN 'trial' THEN %(trial_grace)s ELSE %(paid_grace)s END"
        f" >= (%(at)s AT TIME ZONE {account}.time_zone)::date)"
    )


def is_stopped(account: Account) -> bool:
    """Say whether an account is Expired whatever it holds, and has no grace: it does not pay, or it is closed."""
    return account.lapsed_at is not None or account.closed_at is not None


def grace_of(account: Account) -> Grace:
    """Return the days of grace of an account."""
    return Grace() if is_stopped(account) else grace()


def access_ends_on(account: Account, terms: str, expires_on: date | None) -> date | None:
    """Return the last day on which licences of an account may be used, or None while no end is known."""
    return Holding(terms, expires_on).access_until(grace_of(account))
