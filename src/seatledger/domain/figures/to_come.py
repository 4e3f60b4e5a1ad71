"""What accounts are charged ahead in the days to come, if nothing more happens."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection

from seatledger.domain.figures.reading import ItemOverTime
from seatledger.domain.invoices.rating import ItemFacts
from seatledger.engine.billing import bill_item
from seatledger.engine.items import Item, Phase
from seatledger.engine.periods import Period
from seatledger.shared.arrays import uuid_array

AHEAD: Final = timedelta(days=90)
# The numbers of licences that are agreed for an instant to come, by themselves or with a plan.
_NUMBERS: Final = """
SELECT item.id::text, change.effective_at, coalesce(change.quantity, (change.quantities ->> kind.key)::integer) AS number
FROM subscriptions_change change
JOIN subscriptions_subscriptionitem item ON item.subscription_id = change.subscription_id
JOIN licences_pool pool ON pool.id = item.pool_id
JOIN catalogue_licencetype kind ON kind.id = pool.licence_type_id
WHERE change.account_id = ANY(%s::uuid[]) AND change.applied_at IS NULL
  AND (change.item_id = item.id OR change.kind = 'plan' AND change.quantities ? kind.key)
ORDER BY change.effective_at, change.asked_at, change.number
"""


def read_numbers_agreed(account_ids: Sequence[UUID]) -> dict[str, list[tuple[datetime, int]]]:
    """Return the numbers agreed for instants to come, in their order, by item."""
    found: defaultdict[str, list[tuple[datetime, int]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS, [uuid_array(account_ids)])
        for item_id, effective_at, number in cursor.fetchall():
            found[item_id].append((effective_at, number))
    return found


def find_renewals(
    items: Sequence[ItemOverTime], numbers: Mapping[str, list[tuple[datetime, int]]], *, today: date
) -> dict[date, int]:
    """Return what is charged ahead for the items in the days after `today`, in minor units, by the day it begins.

    The first period of an item is no renewal; one that is charged nothing is left out.
    """
    found: Counter[date] = Counter()
    for item in items:
        facts = ItemFacts(
            item.agreed.item_id,
            item.agreed.pool_id,
            item.agreed.licence_name,
            item.agreed.known,
            item.seats,
        )
        for effective_at, number in numbers.get(item.agreed.item_id, ()):
            facts = facts.with_bought(number, effective_at)
        for phase, period in _periods_to_come(facts.phases, today):
            whole = Item(facts.item_id, facts.seats, (phase,))
            lines = bill_item(whole, on=period.starts_on, charged=(), since=period.starts_on)
            found[period.starts_on] += sum(line.amount_minor for line in lines if line.scale.period == period)
    return {day: amount for day, amount in found.items() if amount}


def _periods_to_come(phases: Sequence[Phase], today: date) -> Iterator[tuple[Phase, Period]]:
    """Yield the periods paid ahead that begin in the days after `today`, the first of all left out."""
    last = today + AHEAD
    for phase in phases:
        if phase.tariff.charge_model.in_arrears:
            continue
        for period in phase.periods(through=last, since=today + timedelta(days=1)):
            is_first = period.starts_on <= phases[0].first_day
            if today < period.starts_on <= last and phase.first_day <= period.starts_on and not is_first:
                yield phase, period
