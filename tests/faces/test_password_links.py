"""Choosing a password: by a link from an e-mail, and when signed in."""

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from signing_in import (
    NEW_PASSWORD,
    PASSWORD,
    choose_password,
    given_person,
    is_signed_in,
    link_of,
    page_of,
    sign_in,
)

from conftest import Visitor
from delivery import do_the_jobs, forget_the_jobs, jobs_named
from seatledger.domain.licences.actions import deactivate_users, delete_users
from support import LATER, STAFF, given_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_has_tried_yet")]


def test_a_link_chooses_a_password_signs_in_and_works_once(anyone):  # C10
    ben = given_person()
    link = link_of(ben)
    assert choose_password(anyone, link).url == settings.LOGIN_REDIRECT_URL
    assert is_signed_in(anyone)
    assert "This link does not work" in page_of(choose_password(Visitor(), link))
    assert sign_in(Visitor(), ben.email, NEW_PASSWORD).status_code == 302


def test_a_link_expires_after_three_days(anyone):
    link = link_of(given_person())
    assert settings.PASSWORD_RESET_TIMEOUT == 3 * 24 * 60 * 60
    with override_settings(PASSWORD_RESET_TIMEOUT=-1):
        assert "This link does not work" in page_of(choose_password(anyone, link))


@pytest.mark.parametrize("end", [deactivate_users, delete_users])
def test_a_link_of_who_may_not_sign_in_does_not_work(anyone, end):
    ben = given_person()
    link = link_of(ben)
    end(account=ben.account, user_ids=[ben.pk], at=LATER, by=STAFF)
    assert "This link does not work" in page_of(choose_password(anyone, link))


def test_the_log_holds_no_link_that_works(anyone, caplog):
    link = link_of(given_person())
    with caplog.at_level("INFO", logger="django_structlog"):
        anyone.get(link)
    assert "/accounts/password/reset/key/" in caplog.text
    assert link.rstrip("/").rpartition("-")[2] not in caplog.text


@pytest.mark.parametrize("damage", ["x", "/../", "%00"])
def test_a_damaged_link_does_not_work(anyone, damage):
    answer = anyone.get(link_of(given_person()).rstrip("/") + damage + "/", follow=True)
    assert answer.status_code in {200, 400, 404}
    assert "Choose a password" not in page_of(answer)


def test_a_weak_password_is_refused_with_what_to_do(anyone):
    page = page_of(choose_password(anyone, link_of(given_person()), "short"))
    assert "at least 12 characters" in page


def test_a_link_opens_where_someone_of_another_account_is_signed_in(anyone):
    sign_in(anyone, given_person("Mal Lory", "Contoso").email)
    assert choose_password(anyone, link_of(given_person())).status_code == 302
    assert "Ben Okoro" in page_of(anyone.get(reverse("portal:profile")))


def test_asking_for_a_link_tells_nobody_who_exists(anyone):
    given_person()
    anyone.post(reverse("account_reset_password"), {"email": "first@northwind.example"})
    forget_the_jobs()
    asked = []
    for email in ("ben.okoro@northwind.example", "nobody@northwind.example"):
        with CaptureQueriesContext(connection) as queries:
            answer = anyone.post(reverse("account_reset_password"), {"email": email})
        assert answer.url == reverse("account_reset_password_done")
        asked.append([query["sql"] for query in queries])
    assert [sql.split()[0] for sql in asked[0]] == [sql.split()[0] for sql in asked[1]]
    assert not any("people_user" in sql for sql in asked[0])
    assert len(jobs_named("deliver_password_reset")) == 2
    assert "If an active user has this address" in page_of(anyone.get(answer.url))


@pytest.mark.django_db(transaction=True)
def test_only_an_active_user_gets_the_link(anyone, mailoutbox):
    ben = given_person()
    given_user(ben.account, "Ada Gone", active=False)
    forget_the_jobs()
    for email in ("ada.gone@northwind.example", "nobody@x.example", "BEN.okoro@northwind.example"):
        anyone.post(reverse("account_reset_password"), {"email": email})
    do_the_jobs()
    [letter] = mailoutbox
    assert letter.to == [ben.email]
    [link] = [
        line for line in letter.body.splitlines() if line.startswith(settings.SEATLEDGER_ADDRESS + "/acc")
    ]
    assert choose_password(anyone, link.removeprefix(settings.SEATLEDGER_ADDRESS)).status_code == 302


def test_changing_the_password_ends_the_other_sessions_and_keeps_this_one(anyone):
    ben, elsewhere = given_person(), Visitor()
    sign_in(anyone, ben.email)
    sign_in(elsewhere, ben.email)
    change = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert anyone.post(reverse("account_change_password"), change).url == reverse("portal:profile")
    assert is_signed_in(anyone)
    assert not is_signed_in(elsewhere)
