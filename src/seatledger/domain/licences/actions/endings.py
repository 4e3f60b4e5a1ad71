"""Record what time brings: licences whose last day is past, and of which access has ended after days of grace."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.accounts.models import Account, AccountType
from seatledger.domain.events.actions import Actor, Happening, record
from seatledger.domain.events.models import Event
from seatledger.domain.licences.access import access_ends_on, is_stopped
from seatledger.domain.licences.models import Pool
from seatledger.domain.licences.queries.endings import TOLD_WITHIN_DAYS
from seatledger.domain.licences.queries.pools import get_account_type, today_of
from seatledger.engine.days import start_of_day


@dataclass(frozen=True)
class LicencesEnded(Happening):
    """The last day of a pool is past. `access_until` is the last day on which it may be used, the same without grace."""

    pool_id: UUID
    terms: str
    last_day: date
    access_until: date


@dataclass(frozen=True)
class AccessEnded(Happening):
    """A pool may not be used any more. `account_type` is what the account is since then."""

    pool_id: UUID
    terms: str
    last_day: date
    access_until: date
    account_type: AccountType


@transaction.atomic
def note_endings(*, account: Account, at: datetime, by: Actor) -> list[Happening]:
    """Record what of the account's licences has ended, each once; returns what was recorded now.

    An event counts from the instant at which the day was over in the account's zone, however late this is done.
    """
    account = lock_account(account)
    if is_stopped(account) or account.moving_to:
        return []
    zone, noted = ZoneInfo(account.time_zone), []
    for pool in Pool.objects.filter(account=account, expires_on__lt=today_of(account, at)).order_by("id"):
        for last_day, what in _endings_of(account, pool, at):
            over_at = start_of_day(last_day + timedelta(days=1), zone)
            if not _is_told(account, what, over_at):
                record(what, account=account, at=over_at, by=by)
                noted.append(what)
    return noted


def _endings_of(account: Account, pool: Pool, at: datetime) -> Iterator[tuple[date, Happening]]:
    """Yield what has ended of a pool lately, each with its last day."""
    today, last_day = today_of(account, at), pool.expires_on
    until = access_ends_on(account, pool.terms, last_day)
    assert last_day is not None, "it has ended"
    assert until is not None, "it has ended"
    told_since = today - timedelta(days=TOLD_WITHIN_DAYS)
    if last_day >= told_since:
        yield last_day, LicencesEnded(pool.pk, pool.terms, last_day, until)
    if told_since <= until < today:
        since = start_of_day(until + timedelta(days=1), ZoneInfo(account.time_zone))
        yield until, AccessEnded(pool.pk, pool.terms, last_day, until, get_account_type(account, since))


def _is_told(account: Account, what: Happening, over_at: datetime) -> bool:
    told = Event.objects.filter(account=account, kind=what.kind(), at=over_at)
    same = "last_day" if isinstance(what, LicencesEnded) else "access_until"
    facts = vars(what)
    return told.filter(payload__contains={"pool_id": str(facts["pool_id"]), same: str(facts[same])}).exists()
