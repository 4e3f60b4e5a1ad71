"""A whole billing run: one transaction after the other, so that what is done stays done."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from functools import partial
from queue import SimpleQueue
from threading import Event
from typing import Final

from django.db import connection

from seatledger.domain.events.actions import Actor
from seatledger.domain.invoices.actions import Chunk, bill_chunk, runs
from seatledger.domain.invoices.due import count_due

# How many chunks a process has in hand: while the database works on one, Python works on the other.
LANES: Final = 2


def bill_in_chunks(
    *, through: date | None = None, at: datetime, by: Actor, dry_run: bool = False
) -> Iterator[Chunk]:
    """Bill chunk after chunk until no account is left that is due, and yield what each did.

    Where there is more than one chunk, two are in hand at once, each on a connection of its own, as if two workers
    shared the accounts. A dry run and a caller's transaction have one connection and take one after the other.
    """
    lane = partial(_bill_one_by_one, through=through, at=at, by=by, dry_run=dry_run)
    alone = dry_run or connection.in_atomic_block
    if alone or count_due(through=through, at=at) <= runs.LARGEST_CHUNK:
        return lane()
    return _side_by_side(lane)


def _bill_one_by_one(*, through: date | None, at: datetime, by: Actor, dry_run: bool) -> Iterator[Chunk]:
    chunk = bill_chunk(through=through, at=at, by=by, dry_run=dry_run)
    while chunk.last:
        yield chunk
        chunk = bill_chunk(through=through, at=at, by=by, after=chunk.last, dry_run=dry_run)


def _side_by_side(lane: partial[Iterator[Chunk]]) -> Iterator[Chunk]:
    """Yield what the lanes did, each in a thread. When one fails or the caller has enough, all end with their chunk."""
    done: SimpleQueue[Chunk | None] = SimpleQueue()
    enough = Event()

    def work() -> None:
        try:
            for chunk in lane():
                done.put(chunk)
                if enough.is_set():
                    return
        except BaseException:
            enough.set()
            raise
        finally:
            connection.close()
            done.put(None)

    with ThreadPoolExecutor(LANES, thread_name_prefix="billing") as threads:
        working = [threads.submit(work) for _ in range(LANES)]
        try:
            for _ in working:
                yield from iter(done.get, None)
        finally:
            enough.set()
    for each in working:
        each.result()
