"""Every change on the way to the end of an account."""

from seatledger.domain.closures.actions.closing import announce, claim, finish_closing, take_closing_step
from seatledger.domain.closures.actions.deciding import acknowledge, bring_forward, try_again, withdraw
from seatledger.domain.closures.actions.requesting import (
    check_confirmation,
    request_closure,
    request_for_customer,
)

__all__ = [
    "acknowledge",
    "announce",
    "bring_forward",
    "check_confirmation",
    "claim",
    "finish_closing",
    "request_closure",
    "request_for_customer",
    "take_closing_step",
    "try_again",
    "withdraw",
]
