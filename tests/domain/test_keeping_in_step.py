"""Licences kept in step with an outside list."""

from io import BytesIO
from uuid import uuid4

import pytest

from seatledger.domain.events.actions import Actor
from seatledger.domain.licences.actions import (
    SyncRefused,
    SyncResult,
    assign_licence,
    deactivate_users,
    release_licences,
    sync_licences,
    sync_list,
)
from seatledger.domain.licences.importing.lists import read_list
from seatledger.domain.licences.models import Assignment, LedgerEntry, Pool, Source
from seatledger.domain.licences.refusals import KeptInStep, NoLicenceAvailable, NotActive
from seatledger.domain.people.models import User
from seatledger.shared.errors import NotFound
from support import (
    AT,
    LATER,
    STAFF,
    given_account,
    given_licence_type,
    given_pool,
    given_user,
    given_users,
    refreshed,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def pool() -> Pool:
    """The Agent User add-on, kept in step with a telephone system; the neighbour has one such agent."""
    agents = given_licence_type("agent-user", sync_source="pbx")
    theirs = given_pool(given_account("Southwind"), agents)
    sync(theirs, given_user(theirs.account, "Ned Neighbour"))
    return given_pool(given_account("Northwind"), agents, total_licences=3)


def sync(pool: Pool, *users: User, dry_run: bool = False) -> SyncResult:
    return sync_licences(
        account=pool.account,
        wanted={(user.pk, pool.licence_type_id) for user in users},
        source="pbx",
        dry_run=dry_run,
        at=LATER,
        by=Actor.sync("pbx"),
    )


def holders(pool: Pool) -> set[User]:
    return {row.user for row in Assignment.objects.filter(pool=pool, released_at__isnull=True)}


def test_the_list_is_followed_and_a_second_run_changes_nothing(pool: Pool):  # D7
    ben, eve, cleo = given_users(pool.account, 3)
    assert sync(pool, ben, eve) == SyncResult(assigned=2, released=0, unchanged=0)
    assert sync(pool, ben, eve) == SyncResult(assigned=0, released=0, unchanged=2)
    assert sync(pool, eve, cleo) == SyncResult(assigned=1, released=1, unchanged=1)
    assert holders(pool) == {eve, cleo}
    entry = LedgerEntry.objects.filter(pool=pool).latest("sequence")
    assert (entry.source, entry.cause, entry.actor_label) == ("synced", "sync", "PBX")


def test_a_dry_run_counts_and_changes_nothing(pool: Pool):
    [ben] = given_users(pool.account, 1)
    assert sync(pool, ben, dry_run=True) == SyncResult(assigned=1, released=0, unchanged=0)
    assert (holders(pool), refreshed(pool).assigned_licences) == (set(), 0)


def test_what_is_assigned_by_hand_stays(pool: Pool):  # D7
    ben, eve = given_users(pool.account, 2)
    by_hand = assign_licence(pool=pool, user=ben, at=AT, by=STAFF)
    sync(pool, eve)
    sync(pool)
    assert (holders(pool), refreshed(by_hand).source) == ({ben}, Source.MANUAL)


def test_what_a_list_gives_is_not_released_by_hand(pool: Pool):
    sync(pool, *given_users(pool.account, 1))
    [assignment] = Assignment.objects.filter(pool=pool)
    with pytest.raises(KeptInStep):
        release_licences(account=pool.account, assignment_ids=[assignment.pk], at=LATER, by=STAFF)


def test_a_list_that_cannot_be_followed_is_refused_whole(pool: Pool):
    ben, *others = given_users(pool.account, 4)
    with pytest.raises(NoLicenceAvailable):
        sync(pool, ben, *others)
    deactivate_users(account=pool.account, user_ids=[ben.pk], at=AT, by=STAFF)
    with pytest.raises(NotActive):
        sync(pool, ben, others[0])
    with pytest.raises(NotFound):
        sync(pool, others[0], User.objects.get(first_name="Ned"))
    assert (holders(pool), refreshed(pool).assigned_licences) == (set(), 0)


def test_only_types_of_that_source_are_kept_in_step(pool: Pool):
    other = given_pool(pool.account, given_licence_type("by-hand"))
    with pytest.raises(NotFound):
        sync(other, *given_users(pool.account, 1))


def test_unknown_users_are_refused(pool: Pool):
    with pytest.raises(NotFound):
        sync(pool, User(pk=uuid4(), account=pool.account))


def test_a_list_of_addresses_is_refused_with_every_error(pool: Pool):
    [ben] = given_users(pool.account, 1)
    ned = User.objects.get(first_name="Ned")
    text = f"email,licence\n{ben.email},agent-user\n{ned.email},agent-user\n{ben.email},rare\n"
    with pytest.raises(SyncRefused) as refused:
        sync_list(
            account=pool.account,
            wanted=read_list(BytesIO(text.encode())),
            source="pbx",
            at=LATER,
            by=Actor.sync("pbx"),
        )
    assert [(error.line, error.column) for error in refused.value.errors] == [(3, "email"), (4, "licence")]
    assert holders(pool) == set()


def test_the_neighbours_agents_stay(pool: Pool):
    sync(pool)
    assert Pool.objects.get(account__name="Southwind", licence_type=pool.licence_type).assigned_licences == 1
