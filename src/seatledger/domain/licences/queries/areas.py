"""Seats over time, as the engine counts them: many pools at once, from what each ledger entry says was after it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import groupby, pairwise
from operator import eq, itemgetter
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from psycopg.types.datetime import TimestamptzLoader

from seatledger.engine.targets import Seats
from seatledger.engine.timeline import Step, StepFunction

# What `Step(*pair)` makes, thousands of times without a call into Python.
_STEP = partial(tuple.__new__, Step)
# A row without an instant for what was before, and one for each entry since.
_ENTRIES = """
SELECT wanted.pool_id::text, entry.at, entry.sequence, entry.bought_after, entry.held_after
FROM unnest(%s::uuid[], %s::timestamptz[]) AS wanted (pool_id, since)
CROSS JOIN LATERAL (
  (SELECT NULL::timestamptz AS at, sequence, bought_after, held_after FROM licences_ledgerentry entry
   WHERE entry.pool_id = wanted.pool_id AND entry.at <= wanted.since
   ORDER BY entry.at DESC, entry.sequence DESC LIMIT 1)
  UNION ALL
  (SELECT at, sequence, bought_after, held_after FROM licences_ledgerentry entry
   WHERE entry.pool_id = wanted.pool_id AND entry.at > wanted.since
   ORDER BY entry.at, entry.sequence)
) entry
"""
_HOLDERS = """
SELECT pool_id, array_agg(assigned_at ORDER BY assigned_at), array_agg(released_at ORDER BY assigned_at)
FROM licences_assignment WHERE pool_id = ANY(%s)
GROUP BY pool_id, coalesce(user_id, device_id)
"""


class PoolOverTime(NamedTuple):
    """How many licences of a pool were bought and held: before its ledger entries, and from each of them on.

    The entries are columns of one length, in the ledger's order: instants in UTC, sequences, and the two numbers.
    """

    bought: int = 0
    held: int = 0
    instants: Sequence[datetime] = ()
    sequences: Sequence[int] = ()
    bought_after: Sequence[int] = ()
    held_after: Sequence[int] = ()

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
        return StepFunction(opening)  # as of every pool of which nothing was bought meanwhile
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


def read_areas_for_operator(since: Mapping[str, datetime]) -> dict[str, PoolOverTime]:
    """Return what each pool had bought and held from an instant of its own on, by pool id, in one statement."""
    pool_ids, instants = ",".join(since), ",".join([f'"{at}"' for at in since.values()])
    with connection.cursor() as cursor:
        # The driver's own reader of instants, because Django's takes ten times as long; either way they are in UTC.
        cursor.adapters.register_loader("timestamptz", TimestamptzLoader)
        cursor.execute(_ENTRIES, [f"{{{pool_ids}}}", f"{{{instants}}}"])
        rows = cursor.fetchall()
    found = dict.fromkeys(since, PoolOverTime())
    for pool_id, entries in groupby(rows, key=itemgetter(0)):
        found[pool_id] = _over_time(list(entries))
    return found


def _over_time(entries: Sequence[tuple[str, datetime | None, int, int, int]]) -> PoolOverTime:
    bought = held = 0
    if entries[0][1] is None:
        _, _, _, bought, held = entries[0]
        entries = entries[1:]
    if not entries:
        return PoolOverTime(bought, held)
    _, instants, sequences, bought_after, held_after = zip(*entries, strict=True)
    return PoolOverTime(bought, held, instants, sequences, bought_after, held_after)


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
