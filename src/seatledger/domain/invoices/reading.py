"""Read what is known of many accounts, for the rating: a few statements whatever their number."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from seatledger.domain.invoices.models import AccountBilling
from seatledger.domain.invoices.rating import AccountFacts, ItemFacts
from seatledger.domain.invoices.workings import read_charged
from seatledger.domain.licences.queries.areas import read_areas_for_operator, read_holders_for_operator
from seatledger.domain.subscriptions.agreements import AgreedItem, Known
from seatledger.domain.subscriptions.queries import agreed_items_for_operator
from seatledger.engine.days import start_of_day
from seatledger.engine.items import Phase
from seatledger.engine.lines import Line
from seatledger.engine.periods import Period
from seatledger.engine.policies import CountingRule
from seatledger.shared.arrays import date_array

# Item by item, by the index that keeps a period from being billed twice: all lines there are would be too many to look at.
_CHARGED = """
SELECT line.item_id::text, line.rate::text, line.shape, line.period_starts_on, line.period_ends_on, line.revision,
       EXISTS (SELECT FROM invoices_void void WHERE void.document_id = line.document_id)
FROM unnest(%s::uuid[], %s::date[], %s::date[]) AS wanted (item_id, first_on, settled_on)
CROSS JOIN LATERAL (
  SELECT * FROM invoices_line line
  WHERE line.item_id = wanted.item_id AND line.period_starts_on >= wanted.first_on
    AND line.period_ends_on > wanted.settled_on
  ORDER BY line.period_starts_on, line.revision, line.part
) line
"""


class Since(NamedTuple):
    """From when the facts of an item are read: the first day of its oldest period that ends after `settled_on`."""

    settled_on: date
    first_on: date
    starts_at: datetime


class Open(NamedTuple):
    """An item of which a period is not settled."""

    agreed: AgreedItem
    since: Since


class Charged(NamedTuple):
    """What an item was charged for in periods that are not settled, and how often each was billed."""

    lines: list[Line]
    revisions: dict[date, int]


def read_facts(held: Sequence[AccountBilling]) -> list[AccountFacts]:
    """Return the facts of accounts, given by the rows that say when each was billed, in the same order."""
    agreed = agreed_items_for_operator([billing.account_id for billing in held])
    starts = _Starts()
    bare = [_without_items(billing) for billing in held]
    items = [_open_items(facts, agreed.get(facts.account_id, ()), starts) for facts in bare]
    found = _read_items([item for own in items for item in own])
    return [
        facts._replace(items=tuple(islice(found, len(own)))) for facts, own in zip(bare, items, strict=True)
    ]


def _without_items(billing: AccountBilling) -> AccountFacts:
    account = billing.account
    zone = ZoneInfo(account.time_zone)
    return AccountFacts(account.pk, account.currency, zone, (), billing.billed_on, billing.reopened_on)


class _Starts(dict[tuple[int, date, str], Since | None]):
    """From when the facts of an item are read, found once: thousands of items share theirs, known by their identity."""

    def of(self, agreed: AgreedItem, settled_on: date, zone: ZoneInfo) -> Since | None:
        key = id(agreed.known), settled_on, zone.key
        if key not in self:
            days = [_first_open_day(phase, settled_on) for phase in agreed.phases]
            first_on = min([day for day in days if day], default=None)
            self[key] = Since(settled_on, first_on, start_of_day(first_on, zone)) if first_on else None
        return self[key]


def _open_items(facts: AccountFacts, agreed: Iterable[AgreedItem], starts: _Starts) -> list[Open]:
    """Return the items of which a period is not settled."""
    settled_on, zone = facts.settled_on, facts.zone
    return [Open(item, since) for item in agreed if (since := starts.of(item, settled_on, zone))]


def _first_open_day(phase: Phase, settled_on: date) -> date | None:
    first = max(phase.first_day, settled_on)
    period = next(phase.periods(through=first, since=first), None)
    return period.starts_on if period else None


def _read_items(items: Sequence[Open]) -> Iterator[ItemFacts]:
    """Yield the facts of items, in their order."""
    charged = _read_charged(items)
    areas = read_areas_for_operator(_first_instants(items))
    everyone = {
        id(known)
        for known in {id(item.agreed.known): item.agreed.known for item in items}.values()
        if _counts_holders(known)
    }
    counted = [item.agreed.pool_id for item in items if id(item.agreed.known) in everyone] if everyone else []
    holders = read_holders_for_operator([UUID(pool_id) for pool_id in counted])
    nothing = Charged([], {})
    for (item_id, pool_id, _, licence_name, known, counts_from), _ in items:
        seats = areas[pool_id].seats(counts_from, holders.get(UUID(pool_id), ()) if holders else ())
        before = charged.get(item_id, nothing)
        yield ItemFacts(item_id, pool_id, licence_name, known, seats, tuple(before.lines), before.revisions)


def _first_instants(items: Iterable[Open]) -> dict[str, datetime]:
    """Return the start of what is not settled, by pool: of several items of one pool, the oldest."""
    found: dict[str, datetime] = {}
    for agreed, since in items:
        starts_at = since.starts_at
        other = found.setdefault(agreed.pool_id, starts_at)
        if starts_at < other:
            found[agreed.pool_id] = starts_at
    return found


def _counts_holders(known: tuple[Known, ...]) -> bool:
    return any(phase.tariff.counting is CountingRule.EVER for phase in known[-1].phases)


def _read_charged(wanted: Sequence[Open]) -> dict[str, Charged]:
    """Return what was charged in periods that are not settled, by item. Of what is void only the revision counts."""
    if not wanted:
        return {}
    found: defaultdict[str, Charged] = defaultdict(lambda: Charged([], {}))
    item_ids = ",".join([item.agreed.item_id for item in wanted])
    first_days = date_array([item.since.first_on for item in wanted])
    settled_days = date_array([item.since.settled_on for item in wanted])
    with connection.cursor() as cursor:
        cursor.execute(_CHARGED, [f"{{{item_ids}}}", first_days, settled_days])
        for item_id, rate, shape, starts_on, ends_on, revision, is_void in cursor.fetchall():
            charged = found[item_id]
            charged.revisions[starts_on] = revision + 1
            if not is_void:
                charged.lines.append(read_charged(item_id, rate, shape, Period(starts_on, ends_on)))
    return found
