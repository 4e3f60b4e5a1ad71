"""What is recorded of a move, in the account's own chain, where it goes on."""

from dataclasses import dataclass

from seatledger.domain.events.actions import Happening


@dataclass(frozen=True)
class AccountMoved(Happening):
    from_region: str
    to_region: str
