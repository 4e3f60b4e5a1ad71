"""Roles: what they allow, the licences they give, and the two that stay as they are."""

import pytest

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.models import Event
from seatledger.domain.licences.actions import (
    activate_users,
    assign_licence,
    change_role_licences,
    change_roles,
    deactivate_users,
    delete_users,
)
from seatledger.domain.licences.models import Assignment, LedgerEntry, Pool, RoleLicence, Source
from seatledger.domain.licences.queries import licence_types_given_by
from seatledger.domain.licences.refusals import (
    BaseLicenceMissing,
    GivenByActivation,
    NoLicenceAvailable,
    NoSuchPool,
    StillNeeded,
    WrongHolder,
)
from seatledger.domain.people.actions import (
    BuiltInRoleFixed,
    RoleInUse,
    RoleNameTaken,
    UnknownPermission,
    delete_role,
    edit_role,
)
from seatledger.domain.people.models import BuiltInRole, Role, User
from seatledger.domain.people.permissions import Permission
from seatledger.domain.people.queries import get_built_in_role, get_role, list_roles, permissions_of
from seatledger.shared.errors import NotFound
from support import (
    AT,
    LATER,
    STAFF,
    given_account,
    given_device_type,
    given_licence_type,
    given_pool,
    given_role,
    given_user,
    refreshed,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> Account:
    """An account beside a neighbour with a role of the same name that gives a licence."""
    theirs = given_pool(given_account("Southwind"))
    role = given_role(theirs.account, "Desk")
    given_user(theirs.account, "Ned Neighbour", roles=[role])
    give(role, theirs)
    return given_account("Northwind")


@pytest.fixture
def desk(account: Account) -> Role:
    return given_role(account, "Desk")


@pytest.fixture
def ben(account: Account, desk: Role) -> User:
    """A user who has the role Desk."""
    return given_user(account, "Ben Okoro", roles=[desk])


def give(role: Role, *pools: Pool) -> int:
    types = [pool.licence_type_id for pool in pools]
    return change_role_licences(role=role, licence_type_ids=types, at=AT, by=STAFF)


def edit(role: Role, **details) -> Role:
    stated = {"name": role.name, "description": "", "permissions": role.permissions}
    return edit_role(role=role, **(stated | details), at=LATER, by=STAFF)


def test_a_custom_role_allows_what_it_says(desk: Role, ben: User):
    assert permissions_of(ben) == {Permission.USERS_VIEW}
    edit(desk, permissions=[Permission.DEVICES_VIEW, Permission.USERS_VIEW])
    assert permissions_of(ben) == {Permission.USERS_VIEW, Permission.DEVICES_VIEW}
    kinds = Event.objects.filter(account=ben.account, kind__startswith="role_").values_list("kind", flat=True)
    assert list(kinds.order_by("sequence")) == ["role_created", "role_changed"]


def test_a_name_is_used_once_in_an_account_whatever_its_case(account: Account, desk: Role):
    with pytest.raises(RoleNameTaken):
        given_role(account, "DESK")
    with pytest.raises(RoleNameTaken):
        edit(given_role(account, "Office"), name="desk")
    assert edit(desk, name="DESK").name == "DESK"


def test_a_permission_that_does_not_exist_is_given_to_nobody(account: Account, desk: Role):
    with pytest.raises(UnknownPermission):
        given_role(account, "Office", permissions=["users.view", "everything"])
    with pytest.raises(UnknownPermission):
        edit(desk, permissions=["everything"])
    assert refreshed(desk).permissions == ["users.view"]


@pytest.mark.parametrize("which", [BuiltInRole.ADMINISTRATOR, BuiltInRole.BILLING])
def test_built_in_roles_stay_as_they_are(account: Account, which: BuiltInRole):
    role = get_built_in_role(account, which)
    with pytest.raises(BuiltInRoleFixed):
        edit(role, name="Other")
    with pytest.raises(BuiltInRoleFixed):
        delete_role(role=role, at=LATER, by=STAFF)


def test_a_role_is_deleted_once_nobody_has_it(account: Account, desk: Role, ben: User):
    with pytest.raises(RoleInUse, match="Remove it from them first"):
        delete_role(role=desk, at=LATER, by=STAFF)
    change_roles(user=ben, role_ids=[], at=LATER, by=STAFF)
    delete_role(role=desk, at=LATER, by=STAFF)
    with pytest.raises(NotFound):
        get_role(account, desk.pk)


def test_a_role_deleted_in_the_meantime_is_neither_edited_nor_deleted(desk: Role):
    delete_role(role=desk, at=LATER, by=STAFF)
    gone = Role(pk=Event.objects.get(kind="role_deleted").payload["role_id"], account=desk.account)
    for attempt in (
        lambda: edit_role(role=gone, name="Desk", description="", permissions=[], at=LATER, by=STAFF),
        lambda: delete_role(role=gone, at=LATER, by=STAFF),
        lambda: give(gone),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_roles_of_the_own_account_alone_are_listed(account: Account, desk: Role, ben: User):
    assert [(role.name, role.users) for role in list_roles(account)] == [
        ("Administrator", 1),
        ("Billing", 0),
        ("Desk", 1),
    ]
    with pytest.raises(NotFound):
        get_role(account, Role.objects.get(account__name="Southwind", name="Desk").pk)


# Licences that roles give


# D2
def test_licences_follow_the_role_at_once(account: Account, desk: Role, ben: User):
    pool = given_pool(account)
    assert give(desk, pool) == 1
    assert refreshed(pool).assigned_licences == 1
    assert Assignment.objects.get(pool=pool).source == Source.RULE
    eve = given_user(account, "Eve Moss", roles=[desk])
    assert refreshed(pool).assigned_licences == 2
    change_roles(user=eve, role_ids=[], at=LATER, by=STAFF)
    assert refreshed(pool).assigned_licences == 1
    give_later = change_role_licences(role=desk, licence_type_ids=[], at=LATER, by=STAFF)
    assert (give_later, refreshed(pool).assigned_licences) == (1, 0)


def test_giving_the_same_again_changes_nothing(account: Account, desk: Role, ben: User):
    pool = given_pool(account)
    give(desk, pool)
    before = LedgerEntry.objects.count(), Event.objects.count()
    assert give(desk, pool) == 0
    assert (LedgerEntry.objects.count(), Event.objects.count()) == before


def test_what_a_role_gives_is_written_down(account: Account, desk: Role):
    pool = given_pool(account)
    give(desk, pool)
    event = Event.objects.filter(account=account).latest("sequence")
    assert (event.kind, event.payload["licence_type_ids"]) == (
        "role_licences_changed",
        [str(pool.licence_type_id)],
    )
    assert licence_types_given_by(account) == {desk.pk: {pool.licence_type_id}}


def test_a_licence_held_by_hand_stays_by_hand(account: Account, desk: Role, ben: User):
    pool = given_pool(account)
    by_hand = assign_licence(pool=pool, user=ben, at=AT, by=STAFF)
    give(desk, pool)
    change_roles(user=ben, role_ids=[], at=LATER, by=STAFF)
    assert refreshed(by_hand).released_at is None
    assert refreshed(pool).assigned_licences == 1


def test_a_change_that_one_user_cannot_follow_is_refused_whole(account: Account, desk: Role, ben: User):
    given_user(account, "Eve Moss", roles=[desk])
    pool = given_pool(account, total_licences=1)
    with pytest.raises(NoLicenceAvailable):
        give(desk, pool)
    assert refreshed(pool).assigned_licences == 0
    assert not RoleLicence.objects.filter(role=desk).exists()


def test_a_user_who_cannot_be_given_what_a_role_gives_is_not_given_the_role(account: Account, desk: Role):
    pool = given_pool(account, total_licences=1)
    give(desk, pool)
    given_user(account, "Eve Moss", roles=[desk])
    cleo = given_user(account, "Cleo Marsh")
    with pytest.raises(NoLicenceAvailable):
        change_roles(user=cleo, role_ids=[desk.pk], at=LATER, by=STAFF)
    assert permissions_of(cleo) == frozenset()


def test_roles_give_bases_before_add_ons_and_take_them_after(account: Account, desk: Role, ben: User):
    base_type = given_licence_type("base")
    base = given_pool(account, base_type)
    add_on = given_pool(account, given_licence_type("add-on", needs=[base_type]))
    with pytest.raises(BaseLicenceMissing):
        give(desk, add_on)
    give(desk, add_on, base)
    assert [refreshed(pool).assigned_licences for pool in (base, add_on)] == [1, 1]
    with pytest.raises(StillNeeded):
        give(desk, add_on)
    give(desk)
    assert [refreshed(pool).assigned_licences for pool in (base, add_on)] == [0, 0]


def test_inactive_users_follow_when_they_are_activated(account: Account, desk: Role, ben: User):
    deactivate_users(account=account, user_ids=[ben.pk], at=AT, by=STAFF)
    pool = given_pool(account)
    assert give(desk, pool) == 0
    activate_users(account=account, user_ids=[ben.pk], at=LATER, by=STAFF)
    assert refreshed(pool).assigned_licences == 1
    delete_users(account=account, user_ids=[ben.pk], at=LATER, by=STAFF)
    assert refreshed(pool).assigned_licences == 0


def test_a_role_gives_what_users_hold_and_the_account_has(account: Account, desk: Role):
    with pytest.raises(WrongHolder):
        give(desk, given_pool(account, given_device_type()))
    with pytest.raises(GivenByActivation):
        give(desk, Pool.objects.get(account=account, counts_active_users=True))
    with pytest.raises(NoSuchPool):
        give(desk, given_pool(given_account("Eastwind"), given_licence_type("rare")))


def test_the_neighbour_keeps_what_his_role_gives(account: Account, desk: Role, ben: User):
    give(desk, given_pool(account))
    give(desk)
    theirs = Pool.objects.get(account__name="Southwind", counts_active_users=False)
    assert theirs.assigned_licences == 1
