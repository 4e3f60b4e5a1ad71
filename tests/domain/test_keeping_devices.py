"""Devices hold a licence from the moment they are configured until they are removed."""

import pytest

from seatledger.domain.accounts.models import Account
from seatledger.domain.licences.actions import add_device, assign_licence, edit_device, remove_devices
from seatledger.domain.licences.models import Assignment, Device, Pool
from seatledger.domain.licences.queries import (
    count_device_kinds,
    get_device,
    get_licence_metrics,
    list_device_kinds,
    list_devices,
)
from seatledger.domain.licences.refusals import (
    DeviceNameTaken,
    LicencesExpired,
    NoLicenceAvailable,
    NotActive,
    WrongHolder,
)
from seatledger.domain.people.models import User
from seatledger.shared.errors import NotFound
from support import (
    AT,
    LATER,
    STAFF,
    given_account,
    given_device,
    given_device_type,
    given_licence_type,
    given_pool,
    given_user,
    refreshed,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> Account:
    """An account beside a neighbour with a device of the same name."""
    neighbour = given_account("Southwind")
    given_device(
        given_pool(neighbour, given_device_type()), "Lobby", user=given_user(neighbour, "Ned Neighbour")
    )
    return given_account("Northwind")


@pytest.fixture
def screens(account: Account) -> Pool:
    return given_pool(account, given_device_type(), total_licences=10)


def add(pool: Pool, name: str, user: User | None = None) -> Device:
    return add_device(pool=pool, name=name, user=user, at=LATER, by=STAFF)


def edit(device: Device, name: str, user: User | None = None) -> Device:
    return edit_device(device=device, name=name, user=user, at=LATER, by=STAFF)


def remove(account: Account, *devices: Device) -> int:
    return remove_devices(account=account, device_ids=[device.pk for device in devices], at=LATER, by=STAFF)


def test_each_configured_device_takes_a_licence_and_the_eleventh_is_refused(screens: Pool):  # D17, D18
    for number in range(2):
        add(screens, f"Screen {number}")
    assert (refreshed(screens).assigned_licences, screens.total_licences) == (2, 10)
    for number in range(2, 10):
        add(screens, f"Screen {number}")
    with pytest.raises(NoLicenceAvailable):
        add(screens, "Screen 10")
    assert (
        refreshed(screens).assigned_licences == Device.objects.filter(account=screens.account).count() == 10
    )


def test_a_removed_device_frees_its_licence_and_its_name(account: Account, screens: Pool):
    device = add(screens, "Lobby")
    assert remove(account, device) == 1
    assert (refreshed(screens).assigned_licences, refreshed(device).removed_at) == (0, LATER)
    assert add(screens, "lobby").name == "lobby"
    with pytest.raises(NotFound):
        get_device(account, device.pk)


def test_a_device_is_removed_once(account: Account, screens: Pool):
    device = add(screens, "Lobby")
    remove(account, device)
    with pytest.raises(NotFound):
        remove(account, device)
    assert refreshed(screens).assigned_licences == 0


def test_several_are_removed_or_none(account: Account, screens: Pool):
    device, theirs = add(screens, "Lobby"), Device.objects.get(account__name="Southwind")
    with pytest.raises(NotFound):
        remove(account, device, theirs)
    assert (refreshed(device).removed_at, refreshed(theirs).removed_at) == (None, None)


def test_a_name_is_used_once_whatever_its_case(screens: Pool):
    add(screens, "Lobby")
    with pytest.raises(DeviceNameTaken):
        add(screens, "LOBBY")
    with pytest.raises(DeviceNameTaken):
        edit(add(screens, "Hall"), "lobby")
    assert refreshed(screens).assigned_licences == 2


def test_a_device_is_renamed_and_given_a_user_with_its_licence_kept(account: Account, screens: Pool):
    device, ben = add(screens, "Lobby"), given_user(account, at=LATER)
    edited = edit(device, "Hall", ben)
    assert (edited.name, edited.user) == ("Hall", ben)
    assert Assignment.objects.get(device=device).assigned_at == LATER


@pytest.mark.parametrize(("name", "refusal"), [("Eve", NotActive), ("Ned", NotFound)])
def test_nobody_who_is_away_or_a_stranger_stands_beside_a_device(
    account: Account, screens: Pool, name: str, refusal: type[Exception]
):
    given_user(account, "Eve Moss", active=False)
    device = given_device(screens)
    with pytest.raises(refusal):
        add(screens, "Hall", User.objects.get(first_name=name))
    with pytest.raises(refusal):
        edit(device, "Hall", User.objects.get(first_name=name))
    assert refreshed(device).user is None


def test_who_was_deactivated_a_moment_ago_is_refused_too(account: Account, screens: Pool):
    ben = given_user(account)
    User.objects.filter(pk=ben.pk).update(is_active=False)
    assert ben.is_active  # as the page has loaded it
    with pytest.raises(NotActive):
        add(screens, "Hall", ben)


def test_a_removed_device_is_not_edited(account: Account, screens: Pool):
    device = add(screens, "Lobby")
    remove(account, device)
    with pytest.raises(NotFound):
        edit(device, "Hall")


def test_users_licences_are_not_for_devices(account: Account):
    with pytest.raises(WrongHolder):
        add(given_pool(account), "Lobby")


def test_expired_licences_are_not_for_new_devices(account: Account):
    expired = given_pool(account, given_device_type("tv"), expires_on=AT.date().replace(day=1))
    with pytest.raises(LicencesExpired):
        add(expired, "Lobby")


# D16
def test_a_devices_kind_follows_from_the_licence_of_its_user(account: Account):
    analytics, live = given_licence_type("analytics"), given_licence_type("live")
    kinds = {"analytics": "Analytics", "live": "Live Analytics"}
    wall = given_pool(account, given_device_type("wall", kinds_by_licence=kinds))
    users = [given_user(account, name) for name in ("Ben Okoro", "Eve Moss", "Cleo Marsh")]
    for kind, user in zip((analytics, live), users, strict=False):
        assign_licence(pool=given_pool(account, kind), user=user, at=AT, by=STAFF)
    devices = [given_device(wall, f"Wall {user}", user=user) for user in [*users, None]]
    assert dict(list_device_kinds(account, wall)) == dict(
        zip([device.pk for device in devices], ["Analytics", "Live Analytics", "", ""], strict=True)
    )
    assert count_device_kinds(account, [wall, *Pool.objects.filter(account=account)])[wall.pk] == (
        ("Analytics", 1),
        ("Live Analytics", 1),
        ("without a kind", 2),
    )
    [metric] = [
        metric for group in get_licence_metrics(account) for metric in group.metrics if metric.pool == wall
    ]
    assert (metric.used, metric.kinds[:2]) == (4, (("Analytics", 1), ("Live Analytics", 1)))


def test_devices_are_listed_by_name_and_of_the_own_account_alone(account: Account, screens: Pool):
    for name in ("zoo", "Bar", "attic"):
        add(screens, name)
    assert [device.name for device in list_devices(account)] == ["attic", "Bar", "zoo"]
    first = list_devices(account, limit=1)[0]
    assert [row.name for row in list_devices(account, after=(first.name.lower(), first.pk))] == ["Bar", "zoo"]
    assert [row.name for row in list_devices(account, search="BA")] == ["Bar"]
    assert list_devices(account, search="Lobby") == []
    with pytest.raises(NotFound):
        get_device(account, Device.objects.get(name="Lobby").pk)
