"""Administration > Devices: the list, adding up to the maximum, editing and removing."""

import pytest
from django.urls import reverse

from reading import number_of_queries, rows_of, text_of
from seatledger.domain.licences.actions import assign_licence
from seatledger.domain.licences.models import Device
from seatledger.domain.people.permissions import Permission
from support import (
    LATER,
    NEXT_DAY,
    STAFF,
    administrator_of,
    given_account,
    given_device,
    given_device_type,
    given_licence_type,
    given_pool,
    given_role,
    given_user,
)

pytestmark = pytest.mark.django_db
DEVICES = "/devices/"
NEW = "/devices/new"
REMOVE = "/devices/remove"
NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def account(db):
    return given_account("Northwind")


@pytest.fixture
def screens(account):
    return given_pool(account, given_device_type(), total_licences=10)


@pytest.fixture
def visitor(visit_as, account):
    return visit_as(administrator_of(account))


def sent(pool, name="Lobby screen", user=""):
    return {"type": pool.licence_type_id, "name": name, "user": user}


def test_a_device_takes_a_licence_as_soon_as_it_is_added(visitor, account, screens):  # D17
    ben = given_user(account)
    answer = visitor.post(NEW, sent(screens, user=ben.pk), follow=True)
    assert "Lobby screen was added and holds a licence." in text_of(answer)
    assert "Wallboard 1 /10 9 available" in text_of(answer, "#pool-wallboard")
    assert rows_of(answer, "devices-table")[0][1:4] == [
        "Lobby screen",
        "Wallboard",
        "Ben Okoro",
    ]


def test_the_eleventh_of_ten_is_refused(visitor, screens):  # D18
    for number in range(10):
        given_device(screens, f"Screen {number}")
    answer = visitor.post(NEW, sent(screens, "Screen 11"))
    assert answer.status_code == 422
    assert "All 10 Wallboard licences are taken. Add licences or release one first." in text_of(answer)
    assert Device.objects.count() == 10


def test_the_kind_follows_the_licence_of_the_user(visitor, account):  # D16
    level = given_licence_type("analytics-supervisor")
    screens = given_pool(
        account, given_device_type(kinds_by_licence={"analytics-supervisor": "Analytics wallboard"})
    )
    ben = given_user(account)
    assign_licence(pool=given_pool(account, level), user=ben, at=LATER, by=STAFF)
    given_device(screens, user=ben, at=NEXT_DAY)
    assert rows_of(visitor.get(DEVICES), "devices-table")[0][3] == "Analytics wallboard"


def test_a_device_is_edited_and_keeps_its_licence(visitor, account, screens):
    device, ben = given_device(screens), given_user(account)
    assert "Lobby screen" in visitor.get(reverse("portal:edit_device", args=[device.pk])).content.decode()
    edited = visitor.post(
        reverse("portal:edit_device", args=[device.pk]), {"name": "Hall screen", "user": ben.pk}, follow=True
    )
    assert "Hall screen was saved." in text_of(edited)
    assert rows_of(edited, "devices-table")[0][3] == "Ben Okoro"
    assert "Wallboard 1 /10" in text_of(edited, "#pool-wallboard")


def test_the_same_name_twice_is_refused(visitor, screens):
    given_device(screens, "Lobby")
    answer = visitor.post(NEW, sent(screens, "LOBBY"))
    assert answer.status_code == 422
    assert "Choose another name." in text_of(answer)


def test_selected_devices_are_removed_after_asking(visitor, screens):
    devices = [given_device(screens, f"Screen {number}") for number in range(3)]
    ids = [device.pk for device in devices[:2]]
    asked = visitor.post(REMOVE, {"device": ids, "do": "remove"})
    assert "Remove 2 devices?" in text_of(asked)
    assert Device.objects.filter(removed_at=None).count() == 3
    done = visitor.post(REMOVE, {"device": ids, "do": "remove-for-good"}, follow=True)
    assert "2 devices were removed. Their licences are free." in text_of(done)
    assert "Wallboard 1 /10" in text_of(done, "#pool-wallboard")
    assert "No device is selected." in text_of(visitor.post(REMOVE, follow=True))
    assert visitor.post(REMOVE, {"device": [devices[2].pk], "do": "paint"}).status_code == 400


def test_the_list_is_narrowed_by_name_and_type(visitor, account, screens):
    tablets = given_pool(account, given_device_type("tablet"))
    given_device(screens, "Lobby screen")
    given_device(tablets, "Lobby tablet")
    given_device(tablets, "Hall tablet")

    def names(**filters):
        return [row[1] for row in rows_of(visitor.get(DEVICES, filters), "devices-table")]

    assert names(search="lobby") == ["Lobby screen", "Lobby tablet"]
    assert names(type=tablets.licence_type_id) == ["Hall tablet", "Lobby tablet"]
    assert names(search="lobby", type=tablets.licence_type_id) == ["Lobby tablet"]
    assert "No device fits" in text_of(visitor.get(DEVICES, {"search": "attic"}))


def test_empty_pages_say_what_to_do(visit_as, visitor):
    assert "This account holds no licences for devices" in text_of(visitor.get(DEVICES))
    assert "No device licences" in text_of(visitor.get(NEW))


def test_a_list_without_devices_says_what_to_do(visitor, screens):
    assert "Add the first one" in text_of(visitor.get(DEVICES))


@pytest.mark.parametrize("bad", [{"type": "x"}, {"type": NOBODY}])
def test_an_unknown_type_is_not_found(visitor, screens, bad):
    assert visitor.get(DEVICES, bad).status_code == 404


@pytest.mark.parametrize(
    "bad",
    [
        {"name": ""},
        {"name": "x" * 101},
        {"user": "x"},
        {"user": NOBODY},
        {"type": NOBODY},
        {"name": "\u202e"},
    ],
)
def test_a_form_that_makes_no_sense_is_refused(visitor, screens, bad):
    assert visitor.post(NEW, {**sent(screens), **bad}).status_code == 422
    assert not Device.objects.exists()


def test_a_neighbours_device_answers_as_none(visitor, screens):
    theirs = given_device(given_pool(given_account("Contoso"), given_device_type()))
    assert visitor.get(reverse("portal:edit_device", args=[theirs.pk])).status_code == 404
    for do in ("remove", "remove-for-good"):
        assert visitor.post(REMOVE, {"device": [theirs.pk], "do": do}).status_code == 404
    assert visitor.post(REMOVE, {"device": ["x"], "do": "remove"}).status_code == 404


def test_without_the_permission_devices_are_only_read(visit_as, account, screens):
    device = given_device(screens)
    role = given_role(account, permissions=[Permission.DEVICES_VIEW])
    reader = visit_as(given_user(account, roles=[role]))
    page = reader.get(DEVICES)
    assert "Add device" not in text_of(page)
    assert "Edit" not in text_of(page)
    assert reader.get(NEW).status_code == 403
    assert reader.post(REMOVE, {"device": [device.pk], "do": "remove-for-good"}).status_code == 403


def test_three_devices_take_as_many_queries_as_one(visit_as):
    one, three = given_account("Adventure"), given_account("Contoso")
    for account, number in ((one, 1), (three, 3)):
        pool = given_pool(account, given_device_type(kinds_by_licence={"professional-user": "Analytics"}))
        for index in range(number):
            given_device(pool, f"Screen {index}", user=given_user(account, f"User {index}"))
    few, many = visit_as(administrator_of(one)), visit_as(administrator_of(three))
    assert number_of_queries(few, DEVICES) == number_of_queries(many, DEVICES)
