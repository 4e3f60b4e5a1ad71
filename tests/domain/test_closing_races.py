"""A withdrawal against the claim, at one moment: one of them wins, and nothing is done by halves."""

import pytest

from seatledger.domain.closures.actions import claim, withdraw
from seatledger.domain.closures.models import Closure, ClosureState, ClosureStep
from seatledger.domain.closures.refusals import TooLate
from support import AT, LATER, STAFF, SYSTEM, given_account, racers

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 1000


def test_a_withdrawal_and_the_claim_never_both_succeed():
    account = given_account()
    won = {"claimed": 0, "withdrawn": 0}
    with racers(2) as race:
        for _ in range(ROUNDS):
            closure = Closure.objects.create(
                account=account, state=ClosureState.NOTIFIED, requested_at=AT, takes_effect_at=AT
            )
            claimed, withdrawn = race(
                lambda closure=closure: claim(closure=closure, at=LATER, by=SYSTEM),
                lambda closure=closure: withdraw(closure=closure, reason="Race", at=LATER, by=STAFF),
            )
            state = Closure.objects.get(pk=closure.pk).state
            steps = set(ClosureStep.objects.filter(closure=closure).values_list("kind", flat=True))
            if claimed is True:
                assert isinstance(withdrawn, TooLate)
                assert (state, steps) == (ClosureState.CLOSING, {"begun"})
                won["claimed"] += 1
            else:
                assert withdrawn is None
                assert (state, steps) == (ClosureState.WITHDRAWN, {"withdrawn"})
                won["withdrawn"] += 1
            Closure.objects.filter(pk=closure.pk).update(state=ClosureState.WITHDRAWN)
    assert sum(won.values()) == ROUNDS
    assert min(won.values()) > 0, "both orders happened, or nothing raced"
