"""Take the statements of a file in, and book what is certain: each transfer whole, in a transaction of its own.

It may be cut off anywhere: what was stored and not booked is looked at again the next time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from seatledger.domain.events.actions import Actor
from seatledger.domain.payments.actions.transfers import book_transfer, import_statement
from seatledger.domain.payments.queries.transfers import list_transfers_for_operator, propose_for_operator
from seatledger.domain.payments.statements import ReadStatement
from seatledger.shared.errors import Refused

_AT_ONCE = 200


@dataclass(frozen=True)
class TakenIn:
    """What became of a file: statements that were known, credits that are new, and how many of them were booked."""

    statements_known: int
    new: int
    known: int
    booked: int
    left_out: tuple[str, ...]


def take_in(statements: Sequence[ReadStatement], *, at: datetime, by: Actor) -> TakenIn:
    """Import statements and book what is certain, of this file and of those before it."""
    imported = [import_statement(read=one, at=at, by=by) for one in statements]
    return TakenIn(
        statements_known=sum(not one.is_new for one in imported),
        new=sum(one.new for one in imported),
        known=sum(one.known for one in imported),
        booked=book_what_is_certain(at=at),
        left_out=tuple(line for one in statements for line in one.left_out),
    )


def book_what_is_certain(*, at: datetime) -> int:
    """Book every transfer whose match is certain, by the system, and return how many that were."""
    booked, before = 0, None
    while transfers := list_transfers_for_operator(before=before, limit=_AT_ONCE):
        before = (transfers[-1].booked_on, transfers[-1].pk)
        proposed = propose_for_operator(transfers)
        for transfer in transfers:
            sure = [one for one in proposed[transfer.pk] if one.match.is_certain]
            if not sure:
                continue
            try:
                book_transfer(
                    transfer=transfer,
                    account=sure[0].account,
                    parts=sure[0].match.parts,
                    at=at,
                    by=Actor.system(),
                )
            except Refused:
                continue  # somebody was quicker, or two transfers name one invoice: a person looks at it
            booked += 1
    return booked
