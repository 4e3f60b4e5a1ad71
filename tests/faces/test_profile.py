"""Your profile: one's own name, phone and address."""

import pytest
from django.urls import reverse
from signing_in import PASSWORD, given_person, is_signed_in, page_of, sign_in

from seatledger.domain.events.models import Event
from support import given_account, given_user, refreshed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_has_tried_yet")]


def change_address(visitor, email: str, password: str = PASSWORD):
    return visitor.post(reverse("portal:change_address"), {"email": email, "password": password}, follow=True)


def test_one_changes_ones_own_name_and_phone(anyone):
    ben = given_person()
    sign_in(anyone, ben.email)
    new = {"first_name": "Benedict", "last_name": "Okoro", "phone": "+44 20 7946 0000"}
    page = page_of(anyone.post(reverse("portal:change_details"), new, follow=True))
    assert "Your profile is saved." in page
    assert refreshed(ben).full_name == "Benedict Okoro"
    event = Event.objects.get(account=ben.account, kind="user_edited")
    assert event.actor_id == ben.pk
    assert event.payload["fields"] == ["first_name", "phone"]


def test_nothing_else_of_oneself_can_be_changed_there(anyone):
    ben = given_person()
    sign_in(anyone, ben.email)
    posted = {
        "first_name": "Ben",
        "last_name": "Okoro",
        "email": "x@x.example",
        "is_active": "",
        "account": "1",
    }
    anyone.post(reverse("portal:change_details"), posted)
    assert refreshed(ben).email == "ben.okoro@northwind.example"


def test_a_new_address_needs_the_password(anyone):
    ben = given_person()
    sign_in(anyone, ben.email)
    refused = change_address(anyone, "ben@new.example", "wrong")
    assert refused.status_code == 422
    assert "This is not your password." in page_of(refused)
    assert refreshed(ben).email == "ben.okoro@northwind.example"
    assert "From now on you sign in with your new address." in page_of(
        change_address(anyone, "Ben@New.example")
    )
    assert refreshed(ben).email == "ben@new.example"
    assert is_signed_in(anyone)


def test_the_old_address_no_longer_signs_in(anyone):
    ben = given_person()
    sign_in(anyone, ben.email)
    change_address(anyone, "ben@new.example")
    anyone.post(reverse("account_logout"))
    sign_in(anyone, "ben.okoro@northwind.example")
    assert not is_signed_in(anyone)
    sign_in(anyone, "ben@new.example")
    assert is_signed_in(anyone)


def test_an_address_in_use_anywhere_is_refused(anyone):
    ben = given_person()
    given_user(given_account("Contoso"), "Ada Hill")
    sign_in(anyone, ben.email)
    refused = change_address(anyone, "ADA.HILL@contoso.example")
    assert refused.status_code == 422
    assert "is in use already" in page_of(refused)


def test_guessing_the_password_there_is_limited_too(anyone):
    ben = given_person()
    sign_in(anyone, ben.email)
    pages = [page_of(change_address(anyone, "ben@new.example", "wrong")) for _ in range(6)]
    assert "Too many wrong passwords." in pages[5]
    assert "Too many wrong passwords." in page_of(change_address(anyone, "ben@new.example"))
    assert refreshed(ben).email == "ben.okoro@northwind.example"
