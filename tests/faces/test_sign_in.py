"""Signing in and out, asked as a browser does and through the wall."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import connection
from django.test import override_settings
from django.urls import NoReverseMatch, get_resolver, reverse
from signing_in import PASSWORD, given_person, is_signed_in, page_of, sign_in

from conftest import Visitor
from seatledger.domain.licences.actions import deactivate_users, delete_users
from seatledger.domain.people.models import User
from seatledger.faces.portal.sign_in import PUBLIC_PAGES
from support import LATER, STAFF, run_together

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_has_tried_yet")]

WRONG_WORDS = "The email address or the password is not right."
DEACTIVATED_WORDS = "Your user is deactivated. Ask an administrator of your account."
THROTTLED_WORDS = "Too many wrong passwords. Wait five minutes and try again, or choose a new password."


def test_a_user_signs_in_and_out(anyone):
    ben = given_person()
    assert sign_in(anyone, "Ben.Okoro@NORTHWIND.example").url == settings.LOGIN_REDIRECT_URL
    assert is_signed_in(anyone)
    ben.refresh_from_db()
    assert ben.last_login is not None
    assert anyone.get(reverse("account_logout")).status_code == 200
    assert is_signed_in(anyone)
    assert anyone.post(reverse("account_logout")).url == reverse("account_login")
    assert not is_signed_in(anyone)


def test_signing_in_and_out_never_touches_the_librarys_own_addresses(anyone):
    sign_in(anyone, given_person().email)
    anyone.post(reverse("account_logout"))
    assert EmailAddress.objects.count() == 0


@pytest.mark.parametrize("who", ["wrong password", "nobody", "deleted", "deactivated with a wrong password"])
def test_who_does_not_get_in_is_told_the_same(anyone, who):
    ben = given_person(active="deactivated" not in who)
    if who == "deleted":
        delete_users(account=ben.account, user_ids=[ben.pk], at=LATER, by=STAFF)
    email = "nobody@northwind.example" if who == "nobody" else ben.email
    page = page_of(sign_in(anyone, email, PASSWORD if who == "deleted" else "wrong"))
    assert WRONG_WORDS in page
    assert DEACTIVATED_WORDS not in page
    assert not is_signed_in(anyone)


def test_a_deactivated_user_with_the_right_password_is_told_why(anyone):  # C12
    answer = sign_in(anyone, given_person(active=False).email)
    assert answer.url == reverse("account_inactive")
    assert DEACTIVATED_WORDS in page_of(anyone.get(answer.url))
    assert not is_signed_in(anyone)


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("ann\x00@x.example", "x"),
        ("ann@x.example", "\x00"),
        ("\ud800@x.example", "\udfff"),
        ("a" * 10_000 + "@x.example", "b" * 100_000),
        ("\u202eann@x.example", "x"),
        ("' OR 1=1 --@x.example", "x"),
        ("", ""),
    ],
)
def test_what_makes_no_sense_signs_nobody_in(anyone, email, password):
    body = urlencode({"login": email, "password": password}, errors="surrogatepass")
    answer = anyone.generic("POST", reverse("account_login"), body, "application/x-www-form-urlencoded")
    assert answer.status_code in {200, 400}
    assert not is_signed_in(anyone)


@pytest.mark.parametrize("end", [deactivate_users, delete_users])
def test_a_session_ends_with_the_next_request(anyone, end):
    ben = given_person()
    sign_in(anyone, ben.email)
    assert is_signed_in(anyone)
    end(account=ben.account, user_ids=[ben.pk], at=LATER, by=STAFF)
    assert not is_signed_in(anyone)


def test_someone_else_can_sign_in_where_a_session_was_ended(anyone):
    ben, mallory = given_person(), given_person("Mal Lory", "Contoso")
    sign_in(anyone, ben.email)
    deactivate_users(account=ben.account, user_ids=[ben.pk], at=LATER, by=STAFF)
    sign_in(anyone, mallory.email)
    assert "Mal Lory" in page_of(anyone.get(reverse("portal:profile")))


def test_the_session_changes_as_one_signs_in(anyone):
    ben = given_person()
    anyone.get(reverse("account_login"))
    anyone.session.save()
    session = anyone.session
    session["seen"] = "before"
    session.save()
    anyone.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    sign_in(anyone, ben.email)
    assert anyone.cookies[settings.SESSION_COOKIE_NAME].value != session.session_key


@pytest.mark.parametrize(
    "where",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "http:///x"],
)
def test_nobody_is_led_elsewhere_after_signing_in(anyone, where):
    assert sign_in(anyone, given_person().email, next=where).url == settings.LOGIN_REDIRECT_URL


def test_one_is_led_back_to_the_page_one_asked_for(anyone):
    asked = anyone.get(reverse("portal:users"))
    assert asked.url == reverse("account_login") + "?next=/users/"
    assert sign_in(anyone, given_person().email, next="/users/").url == "/users/"


def test_the_sixth_wrong_password_in_five_minutes_is_refused_and_so_is_the_right_one(anyone):
    ben = given_person()
    pages = [page_of(sign_in(anyone, ben.email, "wrong")) for _ in range(6)]
    assert [WRONG_WORDS in page for page in pages] == [True] * 5 + [False]
    assert THROTTLED_WORDS in pages[5]
    assert THROTTLED_WORDS in page_of(sign_in(Visitor(), ben.email))


def test_another_name_of_the_portal_gives_no_further_guesses(anyone):
    ben = given_person()
    credentials = {"login": ben.email, "password": "wrong"}
    for port in range(6):
        page = page_of(
            anyone.post(reverse("account_login"), credentials, headers={"host": f"testserver:{port + 80}"})
        )
    assert THROTTLED_WORDS in page


def test_who_asks_very_often_is_told_to_wait(anyone):
    for _ in range(30):
        anyone.post(reverse("account_login"))
    answer = anyone.post(reverse("account_login"))
    assert answer.status_code == 429
    assert "Try again in a few minutes." in page_of(answer)


@pytest.mark.django_db(transaction=True)
def test_wrong_passwords_at_one_moment_are_counted_all():
    ben = given_person()
    pages = run_together(*[lambda: page_of(sign_in(Visitor(), ben.email, "wrong"))] * 8)
    assert sum(WRONG_WORDS in str(page) for page in pages) <= 5
    assert THROTTLED_WORDS in page_of(sign_in(Visitor(), ben.email))


GUESS = """
import django
django.setup()
from django.test import Client
for _ in range(3):
    page = Client(SERVER_NAME="localhost").post("/accounts/login/", {"login": "ben.okoro@northwind.example", "password": "wrong"})
    assert b"is not right" in page.content
"""


@pytest.mark.django_db(transaction=True)
def test_wrong_passwords_are_counted_across_processes(anyone):
    ben = given_person()
    where = connection.settings_dict
    server = urlencode({key.lower(): where[key] for key in ("HOST", "USER", "PORT") if where[key]})
    environment = os.environ | {
        "DATABASE_URL": f"postgresql:///{where['NAME']}?{server}",
        "PYTHONPATH": str(Path(__file__).parent.parent),
    }
    subprocess.run([sys.executable, "-c", GUESS], env=environment, check=True, timeout=300)
    pages = [page_of(sign_in(anyone, ben.email, "wrong")) for _ in range(3)]
    assert [WRONG_WORDS in page for page in pages] == [True, True, False]


def test_passwords_are_kept_with_argon2():
    from seatledger.config.settings import PASSWORD_HASHERS  # noqa: PLC0415 -- the tests run with a quicker one

    with override_settings(PASSWORD_HASHERS=PASSWORD_HASHERS):
        user = User(email="ann@x.example")
        user.set_password(PASSWORD)
        assert user.password.startswith("argon2$argon2id$")
        assert user.check_password(PASSWORD)


def test_where_nothing_is_on_offer_nobody_signs_himself_up(anyone):
    for method in (anyone.get, anyone.post):
        assert "Accounts are opened by us" in method(reverse("account_signup")).content.decode()


@pytest.mark.parametrize(
    "address", ["", "email/", "confirm-email/", "3rdparty/", "social/signup/", "password/set/"]
)
def test_what_the_library_has_besides_has_no_address(anyone, address):
    assert anyone.get("/accounts/" + address).status_code == 404


@pytest.mark.parametrize("name", ["account_email", "account_set_password", "socialaccount_connections"])
def test_what_the_library_has_besides_has_no_name(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_the_public_pages_are_those_of_the_list():
    below = {
        entry.name: entry.callback
        for resolver in get_resolver().url_patterns
        if str(resolver.pattern) == "accounts/"
        for entry in resolver.url_patterns
    }
    assert {name for name, view in below.items() if getattr(view, "public", False)} == set(PUBLIC_PAGES)
    assert {name for name, view in below.items() if not hasattr(view, "required_permission")} == set(
        PUBLIC_PAGES
    )
