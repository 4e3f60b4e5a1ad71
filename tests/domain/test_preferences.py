"""How new users are treated: what the account prefers is kept and told."""

import pytest

from seatledger.domain.events.models import Event
from seatledger.domain.licences.limits import UnlikelyNumber
from seatledger.domain.subscriptions.actions import NewUserRules, change_preferences
from seatledger.domain.subscriptions.models import OnJoining, OnNoneLeft, Preferences
from support import LATER, NEXT_DAY, STAFF, given_account

pytestmark = pytest.mark.django_db


def test_preferences_are_kept_and_told_once():  # E13, E14
    account, neighbour = given_account(), given_account("Contoso")
    rules = NewUserRules(OnJoining.ASSIGN, OnNoneLeft.INCREASE, 50)
    assert change_preferences(account=account, new=rules, at=LATER, by=STAFF)
    assert not change_preferences(account=account, new=rules, at=NEXT_DAY, by=STAFF)
    kept = Preferences.objects.get(account=account)
    assert (kept.on_joining, kept.on_none_left, kept.most_licences) == ("assign", "increase", 50)
    told = Event.objects.get(account=account, kind="preferences_changed")
    assert told.payload == {"on_joining": "assign", "on_none_left": "increase", "most_licences": 50}
    assert not Preferences.objects.filter(account=neighbour).exists()


def test_what_is_so_without_saying_is_not_told():
    account = given_account()
    rules = NewUserRules(OnJoining.LEAVE, OnNoneLeft.REFUSE)
    assert not change_preferences(account=account, new=rules, at=LATER, by=STAFF)


@pytest.mark.parametrize("most", [-1, 10**9])
def test_an_unlikely_limit_is_refused(most):
    rules = NewUserRules(OnJoining.ASSIGN, OnNoneLeft.INCREASE, most)
    with pytest.raises(UnlikelyNumber):
        change_preferences(account=given_account(), new=rules, at=LATER, by=STAFF)
    assert not Preferences.objects.exists()
