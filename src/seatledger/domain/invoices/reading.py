"""Read what is known of many accounts, for the rating: a few statements whatever their number."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
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


class Open(NamedTuple):
    """An item with the first day of the oldest period that is not settled."""

    agreed: AgreedItem
    first_on: date


class Charged(NamedTuple):
    """What an item was charged for in periods that are not settled, and how often each was billed."""

    lines: list[Line]
    revisions: dict[date, int]


def read_facts(held: Sequence[AccountBilling]) -> list[AccountFacts]:
    """Return the facts of accounts, given by the rows that say when each was billed, in the same order."""
    agreed = agreed_items_for_operator([billing.account_id for billing in held])
    first_days = _FirstDays()
    bare = [_without_items(billing) for billing in held]
    items = [list(_open_items(facts, agreed.get(facts.account_id, ()), first_days)) for facts in bare]
    found = _read_items(list(zip(bare, items, strict=True)))
    return [
        facts._replace(items=tuple([next(found) for _ in own]))
        for facts, own in zip(bare, items, strict=True)
    ]


def _without_items(billing: AccountBilling) -> AccountFacts:
    account = billing.account
    zone = ZoneInfo(account.time_zone)
    return AccountFacts(account.pk, account.currency, zone, (), billing.billed_on, billing.reopened_on)


class _FirstDays(dict[tuple[int, date], date | None]):
    """The first open day of what is agreed, found once: thousands of items share theirs, known by their identity."""

    def of(self, agreed: AgreedItem, settled_on: date) -> date | None:
        key = id(agreed.known), settled_on
        if key not in self:
            days = [_first_open_day(phase, settled_on) for phase in agreed.phases]
            self[key] = min([day for day in days if day], default=None)
        return self[key]


def _open_items(facts: AccountFacts, agreed: Iterable[AgreedItem], first_days: _FirstDays) -> Iterator[Open]:
    """Yield the items of which a period is not settled."""
    settled_on = facts.settled_on
    for item in agreed:
        first_on = first_days.of(item, settled_on)
        if first_on:
            yield Open(item, first_on)


def _first_open_day(phase: Phase, settled_on: date) -> date | None:
    first = max(phase.first_day, settled_on)
    period = next(phase.periods(through=first, since=first), None)
    return period.starts_on if period else None


def _read_items(accounts: Sequence[tuple[AccountFacts, Sequence[Open]]]) -> Iterator[ItemFacts]:
    """Yield the facts of the accounts' items, in their order."""
    charged = _read_charged([(item, facts.settled_on) for facts, items in accounts for item in items])
    areas = read_areas_for_operator(_first_instants(accounts))
    every = [item.agreed for _, items in accounts for item in items]
    everyone = {
        id(known)
        for known in {id(item.known): item.known for item in every}.values()
        if _counts_holders(known)
    }
    holders = read_holders_for_operator([UUID(item.pool_id) for item in every if id(item.known) in everyone])
    nothing = Charged([], {})
    for item_id, pool_id, _, licence_name, known, counts_from in every:
        seats = areas[pool_id].seats(counts_from, holders.get(UUID(pool_id), ()) if holders else ())
        before = charged.get(item_id, nothing)
        yield ItemFacts(item_id, pool_id, licence_name, known, seats, tuple(before.lines), before.revisions)


def _first_instants(accounts: Iterable[tuple[AccountFacts, Iterable[Open]]]) -> dict[str, datetime]:
    """Return the start of what is not settled, by pool: of several items of one pool, the oldest."""
    found: dict[str, datetime] = {}
    for facts, items in accounts:
        for agreed, first_on in items:
            starts_at = start_of_day(first_on, facts.zone)
            other = found.setdefault(agreed.pool_id, starts_at)
            if starts_at < other:
                found[agreed.pool_id] = starts_at
    return found


def _counts_holders(known: tuple[Known, ...]) -> bool:
    return any(phase.tariff.counting is CountingRule.EVER for phase in known[-1].phases)


def _read_charged(wanted: Sequence[tuple[Open, date]]) -> dict[str, Charged]:
    """Return what was charged in periods that are not settled, by item. Of what is void only the revision counts."""
    if not wanted:
        return {}
    found: defaultdict[str, Charged] = defaultdict(lambda: Charged([], {}))
    item_ids = ",".join([item.agreed.item_id for item, _ in wanted])
    first_days = date_array([item.first_on for item, _ in wanted])
    settled_days = date_array([settled_on for _, settled_on in wanted])
    with connection.cursor() as cursor:
        cursor.execute(_CHARGED, [f"{{{item_ids}}}", first_days, settled_days])
        for item_id, rate, shape, starts_on, ends_on, revision, is_void in cursor.fetchall():
            charged = found[item_id]
            charged.revisions[starts_on] = revision + 1
            if not is_void:
                charged.lines.append(read_charged(item_id, rate, shape, Period(starts_on, ends_on)))
    return found
