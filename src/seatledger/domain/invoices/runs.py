"""A whole billing run: one transaction after the other, so that what is done stays done."""

from collections.abc import Iterator
from datetime import date, datetime

from seatledger.domain.events.actions import Actor
from seatledger.domain.invoices.actions import Chunk, bill_chunk


def bill_in_chunks(
    *, through: date | None = None, at: datetime, by: Actor, dry_run: bool = False
) -> Iterator[Chunk]:
    """Bill chunk after chunk until no account is left that is due, and yield what each did."""
    chunk = bill_chunk(through=through, at=at, by=by, dry_run=dry_run)
    while chunk.last:
        yield chunk
        chunk = bill_chunk(through=through, at=at, by=by, after=chunk.last, dry_run=dry_run)
