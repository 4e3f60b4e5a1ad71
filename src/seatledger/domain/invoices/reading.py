"""Read what is known of many accounts, for the rating: a few statements whatever their number."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.models import AccountBilling
from seatledger.domain.invoices.rating import AccountFacts, ItemFacts
from seatledger.domain.invoices.workings import read_charged
from seatledger.domain.licences.queries.areas import read_areas_for_operator, read_holders_for_operator
from seatledger.domain.subscriptions.agreements import AgreedItem
from seatledger.domain.subscriptions.queries import agreed_items_for_operator
from seatledger.engine.days import start_of_day
from seatledger.engine.items import Phase
from seatledger.engine.lines import Line
from seatledger.engine.periods import Period
from seatledger.engine.policies import CountingRule
from seatledger.shared.arrays import date_array, uuid_array

# Item by item, by the index that keeps a period from being billed twice: all lines there are would be too many to look at.
_CHARGED = """
SELECT line.item_id, line.rate::text, line.shape, line.period_starts_on, line.period_ends_on, line.revision,
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


@dataclass(slots=True)
class Charged:
    """What an item was charged for in periods that are not settled, and how often each was billed."""

    lines: list[Line] = field(default_factory=list)
    revisions: dict[date, int] = field(default_factory=dict)


def read_facts(accounts: Mapping[Account, AccountBilling | None]) -> list[AccountFacts]:
    """Return the facts of accounts, given with the row that says when each was billed, in the same order."""
    agreed = agreed_items_for_operator([account.pk for account in accounts])
    bare = [_without_items(account, billing) for account, billing in accounts.items()]
    first_days = _FirstDays()
    items = {facts.account_id: list(_open_items(facts, agreed, first_days)) for facts in bare}
    found = _read_items(bare, items)
    return [
        AccountFacts(
            facts.account_id,
            facts.currency,
            facts.zone,
            tuple(found[item.agreed.item_id] for item in items[facts.account_id]),
            facts.billed_on,
            facts.reopened_on,
        )
        for facts in bare
    ]


def _without_items(account: Account, billing: AccountBilling | None) -> AccountFacts:
    return AccountFacts(
        account.pk,
        account.currency,
        ZoneInfo(account.time_zone),
        (),
        billing.billed_on if billing else None,
        billing.reopened_on if billing else None,
    )


class _FirstDays(dict[tuple[int, date], date | None]):
    """The first open day of a phase, found once: thousands of items share theirs, known by their identity."""

    def of(self, phase: Phase, settled_on: date) -> date | None:
        key = id(phase), settled_on
        if key not in self:
            self[key] = _first_open_day(phase, settled_on)
        return self[key]


def _open_items(
    facts: AccountFacts, agreed: Mapping[UUID, Iterable[AgreedItem]], first_days: _FirstDays
) -> Iterator[Open]:
    """Yield the items of which a period is not settled."""
    settled_on = facts.settled_on
    for item in agreed.get(facts.account_id, ()):
        days = [day for phase in item.phases if (day := first_days.of(phase, settled_on))]
        if days:
            yield Open(item, min(days))


def _first_open_day(phase: Phase, settled_on: date) -> date | None:
    first = max(phase.first_day, settled_on)
    period = next(phase.periods(through=first, since=first), None)
    return period.starts_on if period else None


def _read_items(bare: Iterable[AccountFacts], items: Mapping[UUID, list[Open]]) -> dict[UUID, ItemFacts]:
    charged = _read_charged((item, facts.settled_on) for facts in bare for item in items[facts.account_id])
    areas = read_areas_for_operator(_first_instants(bare, items))
    every = [item.agreed for of_account in items.values() for item in of_account]
    holders = read_holders_for_operator([item.pool_id for item in every if _counts_holders(item)])
    return {
        item.item_id: ItemFacts(
            item.item_id,
            item.pool_id,
            item.licence_name,
            item.known,
            areas[item.pool_id].seats(item.counts_from, holders.get(item.pool_id, ())),
            tuple(charged[item.item_id].lines),
            charged[item.item_id].revisions,
        )
        for item in every
    }


def _first_instants(
    bare: Iterable[AccountFacts], items: Mapping[UUID, Iterable[Open]]
) -> dict[UUID, datetime]:
    """Return the start of what is not settled, by pool: of several items of one pool, the oldest."""
    found: dict[UUID, datetime] = {}
    for facts in bare:
        for item in items[facts.account_id]:
            starts_at = start_of_day(item.first_on, facts.zone)
            pool_id = item.agreed.pool_id
            found[pool_id] = min(starts_at, found.get(pool_id, starts_at))
    return found


def _counts_holders(item: AgreedItem) -> bool:
    return any(phase.tariff.counting is CountingRule.EVER for phase in item.phases)


def _read_charged(wanted: Iterable[tuple[Open, date]]) -> defaultdict[UUID, Charged]:
    """Return what was charged in periods that are not settled, by item. Of what is void only the revision counts."""
    columns = [(item.agreed.item_id, item.first_on, settled_on) for item, settled_on in wanted]
    if not columns:
        return defaultdict(Charged)
    item_ids, first_days, settled_days = zip(*columns, strict=True)
    found: defaultdict[UUID, Charged] = defaultdict(Charged)
    with connection.cursor() as cursor:
        cursor.execute(_CHARGED, [uuid_array(item_ids), date_array(first_days), date_array(settled_days)])
        for item_id, rate, shape, starts_on, ends_on, revision, is_void in cursor.fetchall():
            charged = found[item_id]
            charged.revisions[starts_on] = revision + 1
            if not is_void:
                charged.lines.append(read_charged(str(item_id), rate, shape, Period(starts_on, ends_on)))
    return found
