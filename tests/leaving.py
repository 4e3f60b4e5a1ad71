"""Setup for tests of accounts that are closed: carried out by the real steps."""

from datetime import datetime

from seatledger.domain.accounts.models import Account
from seatledger.domain.closures.actions import request_closure
from seatledger.domain.closures.going_on import go_on
from seatledger.domain.closures.models import Closure, ClosureState
from support import LATER, SYSTEM, actor_of, administrator_of


def close(account: Account, *, at: datetime = LATER) -> Closure:
    """Let an account's administrator ask for its deletion, and carry it out; what was held is not erased yet."""
    closure = request_closure(account=account, at=at, by=actor_of(administrator_of(account)))
    closure = go_on(closure, at=closure.takes_effect_at, by=SYSTEM)
    assert closure.state == ClosureState.CLOSED, closure.held_up_by
    account.refresh_from_db()
    return closure
