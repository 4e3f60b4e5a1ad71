"""Who writes to a chain at one moment writes one after the other."""

import pytest

from seatledger.domain.events.actions import Happening, record
from seatledger.domain.events.models import Event
from seatledger.domain.events.queries import find_broken_links
from seatledger.domain.people.actions import UserInvited, invite_user
from support import LATER, STAFF, administrator_of, given_account, run_together

pytestmark = pytest.mark.django_db(transaction=True)


class Tolled(Happening):
    """Something that happens often."""


def test_writers_of_one_moment_are_chained_one_after_the_other():
    account = given_account()
    before = Event.objects.filter(account=account).count()
    for _ in range(5):
        run_together(*[lambda: record(Tolled(), account=account, at=LATER, by=STAFF)] * 8)
    sequences = Event.objects.filter(account=account).order_by("sequence").values_list("sequence", flat=True)
    assert list(sequences) == list(range(1, before + 41))
    assert list(find_broken_links(account, chain=Event)) == []


def test_invitations_of_one_moment_are_all_written():
    user = administrator_of(given_account())
    run_together(*[lambda: invite_user(user=user, at=LATER, by=STAFF)] * 8)
    assert Event.objects.filter(kind=UserInvited.kind(), at=LATER).count() == 8
