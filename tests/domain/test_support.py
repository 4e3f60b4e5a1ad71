"""The setup that every other test stands on does what it says."""

import pytest

from seatledger.domain.licences.actions import assign_licence
from seatledger.domain.licences.models import Assignment
from seatledger.domain.licences.refusals import AlreadyHeld
from support import LATER, STAFF, count_of, given_pool, given_user, refreshed, run_together


@pytest.mark.django_db(transaction=True)
def test_calls_run_together_each_on_a_connection_of_its_own():
    pool = given_pool(total_licences=10)
    user = given_user(pool.account)
    outcomes = run_together(*[lambda: assign_licence(pool=pool, user=user, at=LATER, by=STAFF)] * 4)
    assert count_of(Assignment, outcomes) == 1
    assert count_of(AlreadyHeld, outcomes) == 3
    assert refreshed(pool).assigned_licences == 1
