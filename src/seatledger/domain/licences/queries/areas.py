"""Seats over time, as the engine counts them: many pools at once, from what each ledger entry says was after it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache, partial
from itertools import pairwise
from operator import eq
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from seatledger.engine.targets import Seats
from seatledger.engine.timeline import Step, StepFunction
from seatledger.shared.arrays import instant_array
from seatledger.shared.instants import read_instants_quickly

# What `Step(*pair)` makes, thousands of times without a call into Python.
_STEP = partial(tuple.__new__, Step)
# A row for each pool: what was before, and its entries since. Of those that bought nothing, two columns are left out.
_ENTRIES = """
SELECT wanted.pool_id::text, coalesce(before.bought_after, 0), coalesce(before.held_after, 0), since.*
FROM unnest(%s::uuid[], %s::timestamptz[]) AS wanted (pool_id, since)
LEFT JOIN LATERAL (
  SELECT bought_after, held_after FROM licences_ledgerentry entry
  WHERE entry.pool_id = wanted.pool_id AND entry.at <= wanted.since
  ORDER BY entry.at DESC, entry.sequence DESC LIMIT 1
) before ON true
CROSS JOIN LATERAL (
  SELECT array_agg(at), array_agg(held_after),
         CASE WHEN bool_or(bought) THEN array_agg(sequence) END,
         CASE WHEN bool_or(bought) THEN array_agg(bought_after) END
  FROM (
    SELECT at, sequence, bought_after, held_after, bought_after <> coalesce(before.bought_after, 0) AS bought
    FROM licences_ledgerentry entry WHERE entry.pool_id = wanted.pool_id AND entry.at > wanted.since
    ORDER BY entry.at, entry.sequence
  ) entry
) since
"""
_HOLDERS = """
SELECT pool_id, array_agg(assigned_at ORDER BY assigned_at), array_agg(released_at ORDER BY assigned_at)
FROM licences_assignment WHERE pool_id = ANY(%s)
GROUP BY pool_id, coalesce(user_id, device_id)
"""


class PoolOverTime(NamedTuple):
    """How many licences of a pool were bought and held: before its ledger entries, and from each of them on.

    The entries are columns of one length, in the ledger's order: instants in UTC, and the number held from each on. Where
    the number bought changed meanwhile, there are the entries' sequences and the number bought from each on as well.
    """

    bought: int = 0
    held: int = 0
    instants: Sequence[datetime] = ()
    held_after: Sequence[int] = ()
    sequences: Sequence[int] = ()
    bought_after: Sequence[int] = ()

    def seats(self, counts_from: Mapping[int, datetime], holders: tuple[StepFunction, ...] = ()) -> Seats:
        """Return both numbers over time.

        `counts_from` moves what single entries did to the number bought to an earlier instant.
        """
        if not self.bought_after:
            bought = _constant(self.bought)
        elif counts_from and any(sequence in counts_from for sequence in self.sequences):
            bought = self._bought_with(counts_from)
        else:
            bought = steps_of(self.bought, self.instants, self.bought_after)
        return Seats(bought, steps_of(self.held, self.instants, self.held_after), holders)

    def _bought_with(self, counts_from: Mapping[int, datetime]) -> StepFunction:
        rows = zip(self.sequences, self.instants, pairwise((self.bought, *self.bought_after)), strict=True)
        return StepFunction.from_changes(
            ((counts_from.get(sequence, at), after - before) for sequence, at, (before, after) in rows),
            opening=self.bought,
        )


def steps_of(opening: int, instants: Sequence[datetime], values: Sequence[int]) -> StepFunction:
    """Return the function that is `opening`, and then each value from its instant on; instants are in order, in UTC."""
    if values.count(opening) == len(values):
        return _constant(opening)
    if not any(map(eq, values, (opening, *values))) and not any(map(eq, instants, instants[1:])):
        return StepFunction(opening, tuple(map(_STEP, zip(instants, values, strict=True))))
    steps: list[Step] = []
    value, since = opening, None
    for at, after in zip(instants, values, strict=True):
        if after == value:
            continue
        if at == since:
            # Of several at one instant the last one counts; it may lead back to what was before them.
            steps.pop()
            value, since = (steps[-1].value, steps[-1].at) if steps else (opening, None)
        if after != value:
            steps.append(Step(at, after))
            value, since = after, at
    return StepFunction(opening, tuple(steps))


# Most pools have the same few numbers, for ever.
_constant = lru_cache(maxsize=4096)(StepFunction.constant)


def read_areas_for_operator(since: Mapping[str, datetime]) -> dict[str, PoolOverTime]:
    """Return what each pool had bought and held from an instant of its own on, by pool id, in one statement."""
    with connection.cursor() as cursor:
        read_instants_quickly(cursor)
        cursor.execute(_ENTRIES, [f"{{{','.join(since)}}}", instant_array(since.values())])
        return {
            pool_id: PoolOverTime(
                bought, held, at or (), held_after or (), sequences or (), bought_after or ()
            )
            for pool_id, bought, held, at, held_after, sequences, bought_after in cursor.fetchall()
        }


def read_holders_for_operator(pool_ids: Collection[UUID]) -> dict[UUID, tuple[StepFunction, ...]]:
    """Return, for each user or device that ever held a licence of these pools, when it did."""
    found: dict[UUID, list[StepFunction]] = {pool_id: [] for pool_id in pool_ids}
    if pool_ids:
        with connection.cursor() as cursor:
            cursor.execute(_HOLDERS, [list(pool_ids)])
            for pool_id, assigned_at, released_at in cursor.fetchall():
                found[pool_id].append(_held(assigned_at, released_at))
    return {pool_id: tuple(holders) for pool_id, holders in found.items()}


def _held(assigned_at: Sequence[datetime], released_at: Sequence[datetime | None]) -> StepFunction:
    taken = [(at, +1) for at in assigned_at]
    return StepFunction.from_changes([*taken, *((at, -1) for at in released_at if at is not None)])
