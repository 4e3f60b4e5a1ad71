"""Seats over time, as the engine counts them: many pools at once, from what each ledger entry says was after it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

from django.db import connection

from seatledger.engine.targets import Seats
from seatledger.engine.timeline import Step, StepFunction
from seatledger.shared.arrays import uuid_array

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ONE_MICROSECOND = timedelta(microseconds=1)
# Instants travel as microseconds since 1970: whole numbers are read many times faster than dates.
_ENTRIES = """
SELECT wanted.pool_id, coalesce(opening.bought_after, 0), coalesce(opening.held_after, 0),
       coalesce(later.instants, '{}'), coalesce(later.sequences, '{}'),
       coalesce(later.bought, '{}'), coalesce(later.held, '{}')
FROM (SELECT pool_id, 'epoch'::timestamptz + since * interval '1 microsecond' AS since
      FROM unnest(%s::uuid[], %s::bigint[]) AS asked (pool_id, since)) wanted
LEFT JOIN LATERAL (
  SELECT bought_after, held_after FROM licences_ledgerentry entry
  WHERE entry.pool_id = wanted.pool_id AND entry.at <= wanted.since
  ORDER BY entry.at DESC, entry.sequence DESC LIMIT 1
) opening ON true
LEFT JOIN LATERAL (
  SELECT array_agg(sequence) AS sequences, array_agg((extract(epoch FROM at) * 1000000)::bigint) AS instants,
         array_agg(bought_after) AS bought, array_agg(held_after) AS held
  FROM (SELECT at, sequence, bought_after, held_after FROM licences_ledgerentry entry
        WHERE entry.pool_id = wanted.pool_id AND entry.at > wanted.since
        ORDER BY entry.at, entry.sequence) entry
) later ON true
"""
_HOLDERS = """
SELECT pool_id, array_agg(assigned_at ORDER BY assigned_at), array_agg(released_at ORDER BY assigned_at)
FROM licences_assignment WHERE pool_id = ANY(%s)
GROUP BY pool_id, coalesce(user_id, device_id)
"""


@dataclass(frozen=True, slots=True)
class PoolOverTime:
    """How many licences of a pool were bought and held: before its ledger entries, and from each of them on.

    The entries are columns of one length, in the ledger's order: instants in UTC, sequences, and the two numbers.
    """

    bought: int
    held: int
    instants: tuple[datetime, ...]
    sequences: Sequence[int]
    bought_after: Sequence[int]
    held_after: Sequence[int]

    def seats(self, counts_from: Mapping[int, datetime], holders: tuple[StepFunction, ...] = ()) -> Seats:
        """Return both numbers over time.

        `counts_from` moves what single entries did to the number bought to an earlier instant.
        """
        moved = counts_from and any(sequence in counts_from for sequence in self.sequences)
        bought = (
            self._bought_with(counts_from)
            if moved
            else steps_of(self.bought, self.instants, self.bought_after)
        )
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
        return StepFunction(opening, ())  # as of every pool of which nothing was bought meanwhile
    steps: list[Step] = []
    value = opening
    for at, after in zip(instants, values, strict=True):
        if after == value:
            continue
        if steps and steps[-1].at == at:
            # Of several at one instant the last one counts; it may lead back to what was before them.
            steps.pop()
            value = steps[-1].value if steps else opening
        if after != value:
            steps.append(Step(at, after))
            value = after
    return StepFunction(opening, tuple(steps))


def read_areas_for_operator(since: Mapping[UUID, datetime]) -> dict[UUID, PoolOverTime]:
    """Return what each pool had bought and held from an instant of its own on, by pool id, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES, [uuid_array(since), [_microseconds(at) for at in since.values()]])
        return {
            pool_id: PoolOverTime(
                bought,
                held,
                tuple([_EPOCH + timedelta(microseconds=at) for at in instants]),
                *after,
            )
            for pool_id, bought, held, instants, *after in cursor.fetchall()
        }


def _microseconds(at: datetime) -> int:
    return (at - _EPOCH) // _ONE_MICROSECOND


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
