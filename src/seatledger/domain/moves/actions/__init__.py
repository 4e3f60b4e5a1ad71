"""Changes that a move is made of. `leaving` is what the region does that an account leaves, `arriving` the other one."""

from seatledger.domain.moves.actions.arriving import drop_arrival, open_arrival, receive
from seatledger.domain.moves.actions.leaving import (
    begin_move,
    check_other_region,
    erase_here,
    forget_old_forwarding,
    give_up,
    note_receipt,
    switch,
)

__all__ = [
    "begin_move",
    "check_other_region",
    "drop_arrival",
    "erase_here",
    "forget_old_forwarding",
    "give_up",
    "note_receipt",
    "open_arrival",
    "receive",
    "switch",
]
