"""Every change on the way to the end of an account."""

from seatledger.domain.closures.actions.closing import announce, carry_out, claim
from seatledger.domain.closures.actions.deciding import acknowledge, bring_forward, withdraw
from seatledger.domain.closures.actions.erasing import erase
from seatledger.domain.closures.actions.requesting import check_confirmation, request_closure

__all__ = [
    "acknowledge",
    "announce",
    "bring_forward",
    "carry_out",
    "check_confirmation",
    "claim",
    "erase",
    "request_closure",
    "withdraw",
]
