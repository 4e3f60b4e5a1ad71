"""Adding, activating, deactivating and deleting people, and what each does to the licences they hold."""

from uuid import uuid4

import pytest
from django.contrib.auth.hashers import is_password_usable

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.models import Event
from seatledger.domain.licences.actions import (
    NewUser,
    activate_users,
    add_user,
    assign_licence,
    change_roles,
    change_user,
    deactivate_users,
    delete_users,
)
from seatledger.domain.licences.models import Assignment, Device
from seatledger.domain.licences.queries import count_active_users, list_licences_of
from seatledger.domain.people.actions import (
    ContactNotActive,
    EmailTaken,
    choose_main_contact,
    edit_user,
    invite_user,
)
from seatledger.domain.people.models import MainContact, User
from seatledger.domain.people.permissions import EVERY_PERMISSION, Permission
from seatledger.domain.people.queries import (
    UserFilter,
    find_main_contact,
    get_user,
    list_users,
    names_of_users,
    permissions_of,
    roles_of,
)
from seatledger.domain.people.refusals import (
    AdministratorRoleHeld,
    ContactStillNeeded,
    LastAdministrator,
    OwnDeletion,
)
from seatledger.shared.errors import NotFound
from support import (
    AT,
    LATER,
    STAFF,
    actor_of,
    administrator_of,
    administrator_role,
    given_account,
    given_administrator,
    given_device,
    given_device_type,
    given_pool,
    given_role,
    given_user,
    refreshed,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> Account:
    """An account beside a neighbour with people of its own."""
    given_user(given_account("Southwind"), "Ned Neighbour")
    return given_account("Northwind")


@pytest.fixture
def ben(account: Account) -> User:
    return given_user(account, "Ben Okoro")


def ned() -> User:
    return User.objects.get(first_name="Ned")


def add(account: Account, **details) -> User:
    new = NewUser(**{"first_name": "Eve", "last_name": "Moss", "email": "eve@x.example"} | details)
    return add_user(account=account, new=new, at=LATER, by=STAFF)


def deactivate(*users: User, drop_administrator: bool = False) -> int:
    return deactivate_users(
        account=users[0].account,
        user_ids=[user.pk for user in users],
        drop_administrator=drop_administrator,
        at=LATER,
        by=STAFF,
    )


def delete(*users: User, by=STAFF) -> int:
    return delete_users(account=users[0].account, user_ids=[user.pk for user in users], at=LATER, by=by)


def activate(*users: User) -> int:
    return activate_users(account=users[0].account, user_ids=[user.pk for user in users], at=LATER, by=STAFF)


# Adding


def test_an_added_user_is_active_invited_and_counted(account: Account):  # C1, C10, C19
    user = add(account, phone="+44 20 7946 0000")
    assert (user.is_active, refreshed(user).invited_at) == (True, LATER)
    assert count_active_users(account) == 2
    assert get_user(account, user.pk).phone == "+44 20 7946 0000"  # A28


def test_nobody_knows_the_first_password(account: Account):  # C11
    assert not is_password_usable(add(account).password)


def test_a_user_added_inactive_waits_for_activation(account: Account):  # C12
    user = add(account, active=False)
    assert (user.is_active, user.invited_at) == (False, None)
    assert count_active_users(account) == 1
    assert list_licences_of(account, user.pk) == []
    activate(user)
    assert (refreshed(user).is_active, user.invited_at) == (True, LATER)


def test_an_added_user_begins_with_roles_and_the_licences_they_give(account: Account):  # C13, D2
    user = add(account, role_ids=[administrator_role(account).pk])
    assert [role.name for role in roles_of(user)] == ["Administrator"]
    assert permissions_of(user) == EVERY_PERMISSION


def test_an_address_is_used_once_whatever_its_case(account: Account, ben: User):
    for taken in (ben.email, ben.email.upper(), ned().email):
        with pytest.raises(EmailTaken):
            add(account, email=taken)
    assert count_active_users(account) == 2


def test_the_address_of_a_deleted_user_is_free(account: Account, ben: User):
    delete(ben)
    assert add(account, email=ben.email).email == ben.email


def test_another_accounts_role_is_given_to_nobody(account: Account):
    with pytest.raises(NotFound):
        add(account, role_ids=[administrator_role(ned().account).pk])
    assert not User.objects.filter(first_name="Eve").exists()


# Activating and deactivating


def test_deactivating_lowers_the_count_by_one_and_activating_raises_it(account: Account, ben: User):
    # C14, C16, C18, C19, C4
    assert count_active_users(account) == 2
    assert deactivate(ben) == 1
    assert (refreshed(ben).is_active, count_active_users(account)) == (False, 1)
    assert activate(ben) == 1
    assert (refreshed(ben).is_active, count_active_users(account)) == (True, 2)


def test_repeating_changes_nothing(account: Account, ben: User):  # C24
    assert activate(ben) == 0
    deactivate(ben)
    before = Event.objects.count()
    assert deactivate(ben) == 0
    assert (count_active_users(account), Event.objects.count()) == (1, before)


def test_a_deactivated_user_stays_listed(account: Account, ben: User):  # C3, C6
    deactivate(ben)
    assert [(user.first_name, user.is_active) for user in list_users(account, UserFilter())] == [
        ("Ann", True),
        ("Ben", False),
    ]
    assert list_users(account, UserFilter(active=False)) == [ben]


def test_a_deactivated_user_may_do_nothing(ben: User):
    change_roles(user=ben, role_ids=[given_role(ben.account).pk], at=AT, by=STAFF)
    assert permissions_of(ben) == {Permission.USERS_VIEW}
    deactivate(ben)
    assert permissions_of(refreshed(ben)) == frozenset()


def test_what_a_deactivated_user_looked_after_stays_with_nobody_beside_it(account: Account, ben: User):
    device = given_device(given_pool(account, given_device_type()), user=ben)
    deactivate(ben)
    assert (refreshed(device).user, refreshed(device).removed_at) == (None, None)
    assert Assignment.objects.get(device=device).released_at is None


def test_an_administrator_is_not_deactivated_before_the_role_is_removed(account: Account):  # C15
    cleo = given_administrator(account)
    with pytest.raises(AdministratorRoleHeld, match="Remove the Administrator role first"):
        deactivate(cleo)
    assert refreshed(cleo).is_active
    assert deactivate(cleo, drop_administrator=True) == 1
    assert roles_of(cleo) == []


def test_several_are_deactivated_or_none(account: Account, ben: User):
    with pytest.raises(AdministratorRoleHeld):
        deactivate(ben, given_administrator(account))
    assert refreshed(ben).is_active
    assert count_active_users(account) == 3


@pytest.mark.parametrize("do", [activate, deactivate, delete])
def test_another_accounts_user_is_like_none(account: Account, do):
    stranger = ned()
    stranger.account = account
    with pytest.raises(NotFound):
        do(stranger)
    assert refreshed(ned()).is_active


# The last administrator


def test_the_last_administrator_stays_by_every_path(account: Account, ben: User):  # C21, C23
    ann = administrator_of(account)
    choose_main_contact(user=ben, at=AT, by=STAFF)
    with pytest.raises(LastAdministrator):
        change_roles(user=ann, role_ids=[], at=LATER, by=STAFF)
    for refused in (
        lambda: deactivate(ann),
        lambda: deactivate(ann, drop_administrator=True),
        lambda: delete(ann),
    ):
        with pytest.raises(LastAdministrator, match="only active administrator"):
            refused()
    assert permissions_of(ann) == EVERY_PERMISSION


def test_a_deactivated_administrator_does_not_count(account: Account, ben: User):  # C21
    choose_main_contact(user=ben, at=AT, by=STAFF)
    given_user(account, "Old Admin", roles=[administrator_role(account)], active=False)
    with pytest.raises(LastAdministrator):
        delete(administrator_of(account))


def test_of_several_administrators_deleted_at_once_none_goes_when_none_would_stay(
    account: Account, ben: User
):
    # C21
    choose_main_contact(user=ben, at=AT, by=STAFF)
    cleo = given_administrator(account)
    with pytest.raises(LastAdministrator):
        delete(administrator_of(account), cleo)
    assert User.objects.filter(account=account, deleted_at__isnull=False).count() == 0
    assert delete(administrator_of(account)) == 1


# Deleting


def test_deleting_an_active_user_lowers_the_count_and_a_deactivated_one_leaves_it(
    account: Account, ben: User
):
    # C22
    eve = given_user(account, "Eve Moss", active=False)
    assert delete(eve) == 1
    assert count_active_users(account) == 2
    assert delete(ben) == 1
    assert count_active_users(account) == 1


def test_a_deleted_user_is_gone_but_history_keeps_the_name(account: Account, ben: User):
    delete(ben)
    assert list_users(account, UserFilter()) == [administrator_of(account)]
    with pytest.raises(NotFound):
        get_user(account, ben.pk)
    assert names_of_users(account, [ben.pk, ned().pk]) == {ben.pk: "Ben Okoro"}


def test_a_deleted_users_licences_and_roles_are_free(account: Account, ben: User):
    pool = given_pool(account)
    assign_licence(pool=pool, user=ben, at=AT, by=STAFF)
    change_roles(user=ben, role_ids=[given_role(account).pk], at=AT, by=STAFF)
    delete(ben)
    assert (refreshed(pool).assigned_licences, roles_of(ben)) == (0, [])


def test_who_is_named_twice_is_deleted_once(account: Account, ben: User):
    assert delete_users(account=account, user_ids=[ben.pk, ben.pk], at=LATER, by=STAFF) == 1
    assert Event.objects.filter(kind="user_deleted").count() == 1


def test_nobody_deletes_himself(account: Account):
    cleo = given_administrator(account)
    with pytest.raises(OwnDeletion):
        delete(cleo, by=actor_of(cleo))
    assert refreshed(cleo).deleted_at is None


def test_the_main_contact_is_not_deleted_before_another_is_chosen(account: Account, ben: User):  # A22
    choose_main_contact(user=ben, at=AT, by=STAFF)
    with pytest.raises(ContactStillNeeded):
        delete(ben)
    choose_main_contact(user=administrator_of(account), at=AT, by=STAFF)
    assert delete(ben) == 1


def test_devices_of_a_deleted_user_stay(account: Account, ben: User):
    device = given_device(given_pool(account, given_device_type()), user=ben)
    delete(ben)
    assert Device.objects.get(pk=device.pk).user is None


# Editing


def test_details_are_changed_and_written_down_without_saying_them(ben: User):
    edit_user(user=ben, details={"last_name": "Oduya", "email": "Ben@New.example"}, at=LATER, by=STAFF)
    assert (refreshed(ben).full_name, ben.email) == ("Ben Oduya", "ben@new.example")
    event = Event.objects.filter(account=ben.account).latest("sequence")
    assert (event.kind, event.payload["fields"]) == ("user_edited", ["email", "last_name"])
    assert "Oduya" not in str(event.payload)


def test_an_edit_that_changes_nothing_writes_nothing(ben: User):
    before = Event.objects.count()
    edit_user(user=ben, details={"first_name": "Ben", "email": ben.email.upper()}, at=LATER, by=STAFF)
    assert Event.objects.count() == before


def test_an_edit_keeps_addresses_apart(ben: User):
    with pytest.raises(EmailTaken):
        edit_user(user=ben, details={"email": ned().email}, at=LATER, by=STAFF)
    assert refreshed(ben).email == "ben.okoro@northwind.example"


def test_details_and_roles_are_changed_together_or_not_at_all(account: Account):
    ann = administrator_of(account)
    with pytest.raises(LastAdministrator):
        change_user(user=ann, details={"last_name": "New"}, role_ids=[], at=LATER, by=STAFF)
    assert refreshed(ann).last_name == "Lee"


def test_who_was_deleted_is_neither_edited_nor_invited(ben: User):
    delete(ben)
    with pytest.raises(NotFound):
        edit_user(user=ben, details={"last_name": "New"}, at=LATER, by=STAFF)
    with pytest.raises(NotFound):
        invite_user(user=ben, at=LATER, by=STAFF)


# Roles of a user


def test_roles_are_set_as_a_whole(account: Account, ben: User):
    desk, office = given_role(account, "Desk"), given_role(account, "Office")
    assert change_roles(user=ben, role_ids=[desk.pk], at=LATER, by=STAFF)
    assert change_roles(user=ben, role_ids=[office.pk], at=LATER, by=STAFF)
    assert roles_of(ben) == [office]
    assert not change_roles(user=ben, role_ids=[office.pk], at=LATER, by=STAFF)


def test_unknown_roles_are_given_to_nobody(ben: User):
    for role_id in (uuid4(), administrator_role(ned().account).pk):
        with pytest.raises(NotFound):
            change_roles(user=ben, role_ids=[role_id], at=LATER, by=STAFF)
    assert roles_of(ben) == []


# The main contact


def test_an_account_has_one_main_contact(account: Account, ben: User):  # A22, A25
    assert find_main_contact(account) == administrator_of(account)
    choose_main_contact(user=ben, at=LATER, by=STAFF)
    assert find_main_contact(account) == ben
    assert MainContact.objects.filter(account=account).count() == 1
    assert find_main_contact(ned().account) == administrator_of(ned().account)


def test_the_main_contact_is_active(account: Account, ben: User):
    deactivate(ben)
    with pytest.raises(ContactNotActive):
        choose_main_contact(user=ben, at=LATER, by=STAFF)
