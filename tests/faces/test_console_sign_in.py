"""Signing in to the console: apart from customers, with a second step, and nothing before it."""

import re

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from staff_visits import code_now, give_password, sign_in_staff

from commands import run_command
from reading import text_of
from seatledger.domain.staff.codes import code_at
from seatledger.domain.staff.models import StaffAct, StaffMember, StaffSession
from seatledger.domain.staff.permissions import StaffRole
from seatledger.domain.staff.queries import secret_of
from seatledger.faces.console.boundary import COOKIE
from seatledger.faces.console.urls import urlpatterns
from staffing import PASSWORD, given_member
from support import administrator_of, given_account

pytestmark = pytest.mark.django_db

PUBLIC = {"sign_in", "code", "sign_out", "set_up"}
ROUTES = {route.name: route for route in urlpatterns}
OVERVIEW = "/console/"


def address_of(name: str) -> str:
    ids = dict.fromkeys(ROUTES[name].pattern.converters, "00000000-0000-4000-8000-000000000000")
    return reverse(f"console:{name}", kwargs=ids)


def test_every_page_but_those_for_signing_in_is_for_staff():
    assert {name for name, route in ROUTES.items() if getattr(route.callback, "public", False)} == PUBLIC
    assert [
        name
        for name, route in ROUTES.items()
        if name not in PUBLIC and not hasattr(route.callback, "required_permission")
    ] == []


@pytest.mark.parametrize("name", sorted(set(ROUTES) - PUBLIC))
def test_who_is_not_signed_in_is_asked_to(anyone, name):
    for answer in (anyone.get(address_of(name)), anyone.post(address_of(name))):
        assert answer.status_code == 302
        assert answer.url.startswith("/console/sign-in/")


@pytest.mark.parametrize("name", sorted(set(ROUTES) - PUBLIC))
def test_a_customers_administrator_is_nobody_here(visit_as, name):
    visitor = visit_as(administrator_of(given_account()))
    assert visitor.get(address_of(name)).url.startswith("/console/sign-in/")


def test_a_customers_session_is_worth_nothing_as_the_consoles(visit_as):
    visitor = visit_as(administrator_of(given_account()))
    visitor.cookies[COOKIE] = visitor.cookies["sessionid"].value
    assert visitor.get(OVERVIEW).url.startswith("/console/sign-in/")


def test_a_session_of_the_console_is_worth_nothing_as_a_customers():
    visitor = sign_in_staff(given_member())
    visitor.cookies["sessionid"] = visitor.cookies[COOKIE].value
    assert visitor.get("/").url.startswith("/accounts/login/")


def test_a_member_of_staff_signs_in_with_password_and_code(anyone):
    ada = given_member("Ada Quist")
    first = give_password(anyone, ada)
    assert first.url == reverse("console:code")
    assert anyone.get(OVERVIEW).url.startswith("/console/sign-in/"), "a password alone opens nothing"
    second = anyone.post(reverse("console:code"), {"code": code_now(ada)})
    assert second.url == OVERVIEW
    page = anyone.get(OVERVIEW)
    assert page.status_code == 200
    assert "You are signed in as Administrator." in text_of(page)
    assert page.headers["Cache-Control"] == "no-store"


def test_the_cookie_goes_to_the_console_alone():
    morsel = sign_in_staff(given_member()).cookies[COOKIE]
    assert (morsel["path"], morsel["httponly"], morsel["samesite"]) == ("/console/", True, "Lax")


def test_the_session_gets_a_new_key_with_the_second_step(anyone):
    ada = given_member("Ada Quist")
    give_password(anyone, ada)
    before = anyone.cookies[COOKIE].value
    anyone.post(reverse("console:code"), {"code": code_now(ada)})
    assert anyone.cookies[COOKIE].value != before
    assert StaffSession.objects.count() == 1


def test_the_page_that_was_asked_for_is_shown_afterwards(anyone):
    ada = given_member("Ada Quist")
    asked = anyone.get(reverse("console:staff"))
    assert asked.url == "/console/sign-in/?next=%2Fconsole%2Fstaff%2F"
    give_password(anyone, ada, next="/console/staff/")
    assert anyone.post(reverse("console:code"), {"code": code_now(ada)}).url == "/console/staff/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/console/", "//evil.example/console/", "/users/"])
def test_nobody_is_led_out_of_the_console(anyone, elsewhere):
    ada = given_member("Ada Quist")
    give_password(anyone, ada, next=elsewhere)
    assert anyone.post(reverse("console:code"), {"code": code_now(ada)}).url == OVERVIEW


def test_an_unknown_address_and_a_wrong_password_read_the_same(anyone, nobody_has_tried_yet):
    ada = given_member("Ada Quist")
    wrong = give_password(anyone, ada, "wrong-horse-battery")
    for _ in range(5):
        give_password(anyone, ada, "wrong-horse-battery")
    locked = give_password(anyone, ada)
    unknown = anyone.post(reverse("console:sign_in"), {"email": "eve@vendor.example", "password": PASSWORD})
    pages = [text_of(answer) for answer in (wrong, locked, unknown)]
    assert {answer.status_code for answer in (wrong, locked, unknown)} == {422}
    assert all("After five wrong tries, wait five minutes." in page for page in pages)


def test_tries_from_one_place_are_limited_whoever_is_tried(anyone, nobody_has_tried_yet):
    given_member("Ada Quist")
    answers = [
        anyone.post(reverse("console:sign_in"), {"email": f"eve{n}@vendor.example", "password": "x"})
        for n in range(31)
    ]
    assert [answer.status_code for answer in answers] == [422] * 30 + [429]


def test_a_wrong_code_is_refused_and_too_many_lock(anyone, nobody_has_tried_yet):
    ada = given_member("Ada Quist")
    give_password(anyone, ada)
    answers = [anyone.post(reverse("console:code"), {"code": "000000"}) for _ in range(6)]
    assert "This code is not right" in text_of(answers[0])
    assert "Too many wrong passwords or codes." in text_of(answers[5])
    assert anyone.get(OVERVIEW).status_code == 302


def test_signing_out_ends_the_session():
    visitor = sign_in_staff(given_member())
    assert visitor.post(reverse("console:sign_out")).url == reverse("console:sign_in")
    assert StaffSession.objects.count() == 0
    assert visitor.get(OVERVIEW).status_code == 302


def test_who_lost_access_is_out_with_the_next_request():
    ada, bram = given_member("Ada Quist"), given_member("Bram Olsen")
    theirs, ours = sign_in_staff(bram), sign_in_staff(ada)
    ours.post(reverse("console:end_access", args=[bram.pk]))
    assert theirs.get(OVERVIEW).status_code == 302


# Setting up


def test_the_command_prints_a_link_that_sets_up_password_app_and_codes(anyone):
    code, printed = run_command("staff", "add", "ada@vendor.example", "--role", "administrator")
    assert code == 0
    [link] = re.findall(rf"{re.escape(settings.SEATLEDGER_ADDRESS)}(/console/set-up/\S+)", printed)
    member = StaffMember.objects.get()
    page = anyone.get(link)
    assert secret_of(member) in text_of(page)
    typed = {"password": PASSWORD, "again": PASSWORD, "code": code_at(secret_of(member), timezone.now())}
    assert anyone.post(link, typed | {"again": "other"}).status_code == 422
    assert anyone.post(link, typed | {"code": "000000"}).status_code == 422
    done = anyone.post(link, typed)
    assert len(re.findall(r"<code>[0-9a-z]{5}-[0-9a-z]{5}</code>", done.content.decode())) == 10
    assert anyone.get(link).status_code == 404
    assert anyone.get(OVERVIEW).status_code == 302, "setting up signs nobody in"
    assert run_command("staff", "list")[1].split() == ["Administrator", "set", "up", "ada@vendor.example"]


def test_the_command_makes_new_links_and_ends_access():
    given_member("Ada Quist")
    given_member("Bram Olsen", StaffRole.SUPPORT)
    assert "/console/set-up/" in run_command("staff", "link", "bram.olsen@vendor.example")[1]
    assert run_command("staff", "end", "bram.olsen@vendor.example")[0] == 0
    code, said = run_command("staff", "end", "ada.quist@vendor.example")
    assert (code, said.startswith("seatledger: Ada Quist is the only administrator")) == (2, True)


# Looking after staff


def test_an_administrator_adds_changes_and_ends_staff():
    visitor = sign_in_staff(given_member("Ada Quist"))
    typed = {"name": "Bram Olsen", "email": "bram@vendor.example", "role": "support"}
    added = visitor.post(reverse("console:new_member"), typed)
    assert "/console/set-up/" in text_of(added)
    assert visitor.post(reverse("console:new_member"), typed).status_code == 422
    bram = StaffMember.objects.get(email="bram@vendor.example")
    visitor.post(reverse("console:member", args=[bram.pk]), {"role": "billing"})
    assert "/console/set-up/" in text_of(visitor.post(reverse("console:new_link", args=[bram.pk])))
    visitor.post(reverse("console:end_access", args=[bram.pk]))
    page = text_of(visitor.get(reverse("console:staff")))
    assert "Billing" in page
    assert "No access since" in page
    kinds = StaffAct.objects.filter(member=bram).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["added", "role_changed", "invited", "ended"]


def test_the_last_administrator_stays_one():
    ada = given_member("Ada Quist")
    answer = sign_in_staff(ada).post(reverse("console:member", args=[ada.pk]), {"role": "support"})
    assert answer.status_code == 422
    assert "is the only administrator of the console" in text_of(answer)


@pytest.mark.parametrize("role", [StaffRole.SUPPORT, StaffRole.BILLING])
def test_others_do_not_look_after_staff(role):
    given_member("Ada Quist")
    visitor = sign_in_staff(given_member("Bram Olsen", role))
    for name in ("staff", "new_member", "member", "new_link", "end_access"):
        assert visitor.get(address_of(name)).status_code == 403, name
        assert visitor.post(address_of(name)).status_code == 403, name
    assert reverse("console:staff") not in visitor.get(OVERVIEW).content.decode()


def test_new_recovery_codes_are_shown_once():
    visitor = sign_in_staff(given_member())
    page = visitor.post(reverse("console:new_recovery_codes")).content.decode()
    [code, *_] = re.findall(r"<code>([0-9a-z]{5}-[0-9a-z]{5})</code>", page)
    assert code not in visitor.get(reverse("console:profile")).content.decode()


def test_the_demos_code_is_shown_to_nobody_with_a_secret_of_his_own(anyone):
    ada = given_member("Ada Quist")
    give_password(anyone, ada)
    assert "This is the demo" not in text_of(anyone.get(reverse("console:code")))
