"""Read what the figures of many accounts are worked out from: a few statements whatever their number."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from seatledger.domain.accounts.models import Account
from seatledger.domain.licences.queries.areas import read_areas_for_operator, read_holders_for_operator
from seatledger.domain.subscriptions.agreements import AgreedItem, Known
from seatledger.domain.subscriptions.queries import agreed_items_for_operator
from seatledger.engine.days import day_of, start_of_day
from seatledger.engine.items import Phase
from seatledger.engine.policies import CountingRule
from seatledger.engine.recurring import Recurring, find_recurring
from seatledger.engine.targets import Seats
from seatledger.shared.arrays import date_array, uuid_array

_ONE_TICK: Final = timedelta(microseconds=1)
# What terms and expiry date were is what the first change since then says they were before it.
_THEN: Final = """
LEFT JOIN LATERAL (
  SELECT entry.before FROM licences_ledgerentry entry
  WHERE entry.account_id = pool.account_id AND entry.kind = '{kind}' AND entry.pool_id = pool.id AND entry.at >= wanted.before
  ORDER BY entry.at, entry.sequence LIMIT 1
) {name} ON true"""
# The pools that were paid for and valid just before an instant, of accounts that were neither lapsed nor closed.
# `wanted` are accounts, each with that instant and with the last day before it.
PAID: Final = f"""
SELECT pool.account_id, pool.licence_type_id, pool.total_licences IS NULL, last.bought_after, last.held_after
FROM %(wanted)s AS wanted (account_id, before, last_day)
JOIN accounts_account account ON account.id = wanted.account_id
JOIN licences_pool pool ON pool.account_id = wanted.account_id
CROSS JOIN LATERAL (
  SELECT bought_after, held_after FROM licences_ledgerentry entry
  WHERE entry.pool_id = pool.id AND entry.at < wanted.before
  ORDER BY entry.at DESC, entry.sequence DESC LIMIT 1
) last
{_THEN.format(kind="terms_changed", name="terms")}
{_THEN.format(kind="expiry_changed", name="expiry")}
WHERE coalesce(terms.before, pool.terms) = 'paid'
  AND CASE WHEN expiry.before IS NULL THEN pool.expires_on IS NULL OR pool.expires_on >= wanted.last_day
           ELSE expiry.before = '' OR expiry.before::date >= wanted.last_day END
  AND (account.closed_at IS NULL OR account.closed_at >= wanted.before)
  AND NOT EXISTS (
    SELECT FROM payments_dunning dunning
    WHERE dunning.account_id = wanted.account_id AND dunning.lapsed_at < wanted.before
      AND (dunning.ended_at IS NULL OR dunning.ended_at >= wanted.before))
"""  # noqa: S608 -- names of this file
_PAID: Final = PAID % {"wanted": "unnest(%s::uuid[], %s::timestamptz[], %s::date[])"}


class PaidPool(NamedTuple):
    """A pool that was paid for and valid at an instant, of an account that was Active."""

    account_id: UUID
    licence_type_id: UUID
    is_unlimited: bool
    sold: int
    used: int


class ItemOverTime(NamedTuple):
    """What was agreed for a pool, as it came to be known, and its seats, over the instants that are looked at."""

    agreed: AgreedItem
    seats: Seats

    def recurring(self, before: datetime) -> Recurring | None:
        """Return what the item came to just before an instant, by what was known then."""
        known = _known_before(self.agreed.known, before)
        return find_recurring(known.phases, self.seats, before=before) if known else None


def read_items(first: Mapping[Account, datetime]) -> dict[UUID, list[ItemOverTime]]:
    """Return the items of accounts, by account: their seats are known for instants from the accounts' `first` on."""
    agreed = agreed_items_for_operator([account.pk for account in first])
    instants = {account.pk: before for account, before in first.items()}
    since: dict[str, datetime] = {}
    for account_id, items in agreed.items():
        for item in items:
            needed = _since(item, instants[account_id])
            since[item.pool_id] = min(needed, since.get(item.pool_id, needed))
    areas = read_areas_for_operator(since) if since else {}
    every = [item for items in agreed.values() for item in items]
    holders = read_holders_for_operator([UUID(item.pool_id) for item in every if _counts_holders(item)])
    return {
        account_id: [
            ItemOverTime(
                item,
                areas[item.pool_id].seats(item.counts_from, holders.get(UUID(item.pool_id), ())),
            )
            for item in items
        ]
        for account_id, items in agreed.items()
    }


def read_paid_pools(instants: Mapping[Account, datetime]) -> Iterator[PaidPool]:
    """Yield the pools of these accounts that were paid for and valid just before an instant of each account."""
    days = [_last_day(account, before) for account, before in instants.items()]
    befores = ",".join([f'"{before}"' for before in instants.values()])
    with connection.cursor() as cursor:
        ids = uuid_array([account.pk for account in instants])
        cursor.execute(_PAID, [ids, f"{{{befores}}}", date_array(days)])
        yield from map(PaidPool._make, cursor.fetchall())


def add_up(items: Sequence[ItemOverTime], before: datetime) -> Fraction:
    """Return what items came to a month just before an instant, exactly."""
    found = (item.recurring(before) for item in items)
    return sum((each.a_month for each in found if each), Fraction(0))


def _last_day(account: Account, before: datetime) -> date:
    return day_of(before - _ONE_TICK, ZoneInfo(account.time_zone))


def _known_before(known: Sequence[Known], before: datetime) -> Known | None:
    return next((each for each in reversed(known) if each.since < before), None)


def _since(item: AgreedItem, before: datetime) -> datetime:
    """Return from when seats have to be known to say what an item came to from an instant on."""
    phases = (phase for known in item.known for phase in known.phases if phase.starts_at < before)
    return min((_period_before(phase, before) for phase in phases), default=before)


def _period_before(phase: Phase, before: datetime) -> datetime:
    """Return the start of the last full period that is over by an instant, or by the end of the phase."""
    last = before if phase.ends_at is None else min(before, phase.ends_at)
    period = phase.schedule.period(phase.schedule.index_of(day_of(last, phase.zone)) - 1)
    return start_of_day(period.starts_on, phase.zone)


def _counts_holders(item: AgreedItem) -> bool:
    return any(phase.tariff.counting is CountingRule.EVER for phase in item.phases)
