"""Different changes of one moment: whichever comes first, what is left fits together."""

import pytest

from seatledger.domain.events.actions import Actor
from seatledger.domain.events.models import Event
from seatledger.domain.events.queries import find_broken_links
from seatledger.domain.licences.actions import (
    activate_users,
    add_device,
    assign_licence,
    change_role_licences,
    change_roles,
    deactivate_users,
    release_licences,
    remove_devices,
    sync_licences,
)
from seatledger.domain.licences.models import Assignment, Device, LedgerEntry, Pool
from seatledger.domain.people.actions import delete_role
from seatledger.domain.people.models import RoleGrant
from support import (
    LATER,
    STAFF,
    given_account,
    given_device_type,
    given_licence_type,
    given_pool,
    given_role,
    given_user,
    given_users,
    racers,
    refreshed,
)

ROUNDS = 10

pytestmark = pytest.mark.django_db(transaction=True)


def assert_counters_fit() -> None:
    """Each counter equals the rows and the ledger, and both chains are whole."""
    for pool in Pool.objects.all():
        held = Assignment.objects.filter(pool=pool, released_at__isnull=True).count()
        written = sum(LedgerEntry.objects.filter(pool=pool).values_list("held_change", flat=True))
        assert pool.assigned_licences == held == written, pool
    assert find_broken_links(None, chain=LedgerEntry) == find_broken_links(None, chain=Event) == []


def test_a_device_never_keeps_a_user_who_is_deactivated():
    pool = given_pool(licence_type=given_device_type())
    account = pool.account
    ben = given_user(account)
    with racers(2) as run_round:
        for number in range(ROUNDS):
            device, _ = run_round(
                lambda number=number: add_device(
                    pool=pool, name=f"Screen {number}", user=ben, at=LATER, by=STAFF
                ),
                lambda: deactivate_users(account=account, user_ids=[ben.pk], at=LATER, by=STAFF),
            )
            assert not Device.objects.filter(user=ben).exists()
            if isinstance(device, Device):
                remove_devices(account=account, device_ids=[device.pk], at=LATER, by=STAFF)
            activate_users(account=account, user_ids=[ben.pk], at=LATER, by=STAFF)
    assert_counters_fit()


def test_a_list_is_followed_while_people_come_and_go():
    agents = given_licence_type("agent-user", sync_source="pbx")
    pool = given_pool(licence_type=agents)
    account = pool.account
    users = given_users(account, 4)
    everyone = {(user.pk, agents.pk) for user in users}

    def sync(wanted: set) -> object:
        return sync_licences(account=account, wanted=wanted, source="pbx", at=LATER, by=Actor.sync("pbx"))

    with racers(4) as run_round:
        for _ in range(ROUNDS):
            run_round(
                lambda: sync(everyone),
                lambda: sync(set()),
                lambda: assign_licence(pool=pool, user=users[0], at=LATER, by=STAFF),
                lambda: deactivate_users(account=account, user_ids=[users[1].pk], at=LATER, by=STAFF),
            )
            activate_users(account=account, user_ids=[users[1].pk], at=LATER, by=STAFF)
            sync(set())
            by_hand = Assignment.objects.filter(pool=pool, released_at__isnull=True)
            ids = list(by_hand.values_list("pk", flat=True))
            release_licences(account=account, assignment_ids=ids, at=LATER, by=STAFF)
    assert refreshed(pool).assigned_licences == 0
    assert_counters_fit()


def test_who_is_given_a_role_while_it_begins_to_give_a_licence_has_the_licence():
    pool = given_pool()
    account, role = pool.account, given_role(pool.account)
    users = given_users(account, 3)

    def give(types: list) -> object:
        return change_role_licences(role=role, licence_type_ids=types, at=LATER, by=STAFF)

    with racers(4) as run_round:
        for _ in range(ROUNDS):
            run_round(
                lambda: give([pool.licence_type_id]),
                *[
                    lambda user=user: change_roles(user=user, role_ids=[role.pk], at=LATER, by=STAFF)
                    for user in users
                ],
            )
            assert refreshed(pool).assigned_licences == 3
            give([])
            for user in users:
                change_roles(user=user, role_ids=[], at=LATER, by=STAFF)
    assert_counters_fit()


def test_a_role_is_not_deleted_while_it_is_given():
    account = given_account()
    user = given_user(account)
    with racers(2) as run_round:
        for number in range(ROUNDS):
            role = given_role(account, f"Desk {number}")
            run_round(
                lambda role=role: change_roles(user=user, role_ids=[role.pk], at=LATER, by=STAFF),
                lambda role=role: delete_role(role=role, at=LATER, by=STAFF),
            )
            held = RoleGrant.objects.filter(role_id=role.pk).exists()
            assert held == type(role).objects.filter(pk=role.pk).exists()
            change_roles(user=user, role_ids=[], at=LATER, by=STAFF)
