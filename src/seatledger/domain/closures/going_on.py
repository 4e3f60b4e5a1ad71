"""Do what has come to be due of closures: what the hourly job and the command both call."""

from datetime import datetime

from seatledger.domain.closures.actions import acknowledge, announce, carry_out, claim, erase
from seatledger.domain.closures.models import Closure, ClosureState
from seatledger.domain.closures.queries import list_due_for_operator
from seatledger.domain.events.actions import Actor


def go_on(closure: Closure, *, at: datetime, by: Actor) -> Closure:
    """Take every step of one closure that is due at `at`, and return it as it is then. Done again, it changes nothing."""
    while True:
        before = closure.state
        _go_on_once(closure, at=at, by=by)
        closure = Closure.objects.select_related("account").get(pk=closure.pk)
        if closure.state == before or closure not in list_due_for_operator(at):
            return closure


def _go_on_once(closure: Closure, *, at: datetime, by: Actor) -> None:
    if closure.state == ClosureState.REQUESTED:
        acknowledge(closure=closure, at=at, by=by)
    elif closure.state == ClosureState.SCHEDULED:
        announce(closure=closure, at=at, by=by)
    elif closure.state == ClosureState.NOTIFIED:
        claim(closure=closure, at=at, by=by)
    elif closure.state == ClosureState.CLOSING:
        carry_out(closure=closure, at=at, by=by)
    elif closure.state == ClosureState.CLOSED:
        erase(closure=closure, at=at, by=by)
