"""A sign-in from a device that was not known is an event; its key stays in the browser."""

import pytest
from signing_in import given_person, sign_in

from conftest import Visitor
from seatledger.domain.events.models import Event
from seatledger.domain.people.models import KnownDevice
from seatledger.faces.portal.known_devices import describe_device

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_has_tried_yet")]

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def count_of_new(person) -> int:
    return Event.objects.filter(account=person.account, kind="signed_in_from_new_device").count()


def test_the_first_device_is_known_and_the_next_one_is_told(anyone):
    ben = given_person()
    sign_in(anyone, ben.email)
    sign_in(anyone, ben.email)
    assert count_of_new(ben) == 0
    key = anyone.cookies["device"]
    assert key["httponly"]
    assert key["samesite"] == "Lax"
    assert key.value not in repr(list(KnownDevice.objects.values()))
    sign_in(Visitor(headers={"User-Agent": FIREFOX}), ben.email)
    assert count_of_new(ben) == 1
    assert set(KnownDevice.objects.values_list("label", flat=True)) == {"A browser", "Firefox on Linux"}


def test_a_made_up_key_is_not_taken(anyone):
    ben = given_person()
    anyone.cookies["device"] = "x" * 5000
    sign_in(anyone, ben.email)
    assert len(anyone.cookies["device"].value) == 43


def test_a_wrong_password_makes_no_device_known(anyone):
    ben = given_person()
    sign_in(anyone, ben.email, "wrong")
    assert not KnownDevice.objects.exists()


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537 Edg/140", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Safari/604", "Safari on iPhone"),
        ("curl/8", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_device_is_described_by_its_browser_and_system(user_agent, words):
    assert describe_device(user_agent) == words
