"""Sign up: the public pages, from the form to the first page of the new account."""

import pytest
from django.core import mail
from django.test import override_settings
from django.urls import reverse
from signing_in import is_signed_in, page_of

from conftest import Visitor
from delivery import jobs_named
from seatledger.config.regions import Region
from seatledger.domain.accounts.models import Account
from seatledger.domain.notifications.models import Message
from seatledger.domain.signups.links import proof_of
from seatledger.domain.signups.models import Signup
from seatledger.faces.jobs.tasks import deliver_signup, send_message
from seatledger.shared.boundary import unbind
from selling import business
from signing_up import MOSS, PASSWORD, given_offer, given_signup
from support import administrator_of, given_account, given_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_has_tried_yet")]

URL = "/accounts/signup/"


def work_off():
    """Do what the pages have queued; returns the letters."""
    mail.outbox.clear()
    for job in jobs_named("deliver_signup"):
        deliver_signup(**job.args)
    for message in Message.objects.filter(sent_at=None, given_up_at=None).order_by("queued_at"):
        send_message(message_id=str(message.pk))
    return list(mail.outbox)


def link_in(letter):
    [line] = [line for line in letter.body.splitlines() if URL in line]
    return URL + line.partition(URL)[2]


def test_from_the_form_to_the_first_page(anyone):  # A8 A10 A11
    given_offer()
    page = page_of(anyone.get(URL, headers={"Accept-Language": "de-DE,de;q=0.9"}))
    assert "EU/EEA (Germany West Central)" in page
    assert '<option value="de-DE" selected>' in page
    assert 'value="Europe/Berlin"' in page
    answer = anyone.post(URL, MOSS)
    waiting = page_of(anyone.get(answer.url))
    assert (answer.status_code, "eve.moss@fabrikam.example" in waiting) == (302, True)
    [letter] = work_off()
    link = link_in(letter)
    looked_at = anyone.get(link)
    assert (looked_at.status_code, Account.objects.count()) == (200, 0)
    opened = anyone.post(link, {"password": PASSWORD})
    assert (opened.status_code, opened.url) == (302, "/")
    first = page_of(anyone.get("/"))
    account = Account.objects.get()
    assert f"Fabrikam GmbH has an account now: {account.serial_number}." in first
    assert ("Buy now" in first, "You are using a trial account." in first) == (True, True)
    assert is_signed_in(anyone)


def test_who_signed_up_signs_in_with_his_password_afterwards(anyone):
    signup = given_signup()
    anyone.post(reverse("signup_confirm", args=[proof_of(signup.pk)]), {"password": PASSWORD})
    visitor = Visitor()
    visitor.post(reverse("account_login"), {"login": MOSS["email"].upper(), "password": PASSWORD})
    assert is_signed_in(visitor)


def test_an_address_of_a_user_gets_the_same_answer(anyone):
    given_offer()
    user = given_user(given_account("Fabrikam"), "Eve Moss")
    assert user.email == MOSS["email"]
    answers = [anyone.post(URL, MOSS), Visitor().post(URL, MOSS | {"email": "new@fabrikam.example"})]
    assert [answer.status_code for answer in answers] == [302, 302]
    pages = [page_of(anyone.get(answer.url)) for answer in answers]
    neutral = [
        page.replace("new@fabrikam.example", MOSS["email"]).split("<main")[1].split("</main")[0]
        for page in pages
    ]
    first, second = [
        "".join(part for part in page.split() if "csrf" not in part and "value=" not in part)
        for page in neutral
    ]
    assert first == second
    subjects = sorted(letter.subject for letter in work_off())
    assert subjects == ["Ihr Konto eröffnen: Fabrikam GmbH", "You already have an account"]


def test_the_letter_is_sent_again_when_asked_for(anyone):
    given_offer()
    asked = anyone.post(URL, MOSS).url
    assert anyone.post(asked, follow=True).status_code == 200
    assert [letter.to for letter in work_off()] == [[MOSS["email"]]] * 2


def test_asking_is_limited_by_address(anyone):
    given_offer()
    statuses = [anyone.post(URL, MOSS).status_code for _ in range(4)]
    assert statuses == [302, 302, 302, 429]
    assert anyone.post(URL, MOSS | {"email": "other@fabrikam.example"}).status_code == 302


def test_who_mistypes_is_not_counted_and_loses_nothing(anyone):
    given_offer()
    weak = [anyone.post(URL, MOSS | {"password": "password1234"}).status_code for _ in range(12)]
    assert weak == [422] * 12
    assert [anyone.post(URL, MOSS).status_code for _ in range(3)] == [302] * 3
    limited = anyone.post(URL, MOSS)
    assert limited.status_code == 429
    assert "A link was sent to this address several times." in page_of(limited)
    assert f'value="{MOSS["organisation"]}"' in page_of(limited)


def test_the_password_is_limited_too(anyone):
    link = reverse("signup_confirm", args=[proof_of(given_signup().pk)])
    statuses = [anyone.post(link, {"password": f"wrong-{index}"}).status_code for index in range(6)]
    assert statuses == [422] * 5 + [429]
    assert Account.objects.count() == 0


def test_what_is_wrong_is_said_beside_its_field_and_no_password_is_shown_again(anyone):
    given_offer()
    answer = anyone.post(URL, MOSS | {"password": "password1234"})
    assert (answer.status_code, "This password is too common." in page_of(answer)) == (422, True)
    assert "password1234" not in page_of(answer)
    for said in ({"organisation": ""}, {"email": "eve"}, {"time_zone": "Mars/Olympus"}, {"plan": "gold"}):
        assert anyone.post(URL, MOSS | said).status_code == 422
    assert not Signup.objects.exists()


def test_a_plan_is_chosen_where_there_are_several(anyone):
    given_offer()
    assert 'type="radio"' not in page_of(anyone.get(URL))
    business()
    assert page_of(anyone.get(URL)).count('type="radio"') == 2


def test_a_link_that_was_used_or_is_not_ours_does_not_work(anyone):
    link = reverse("signup_confirm", args=[proof_of(given_signup().pk)])
    anyone.post(link, {"password": PASSWORD})
    for address in (link, link[:-2] + "/", "/accounts/signup/asked/x/"):
        answer = Visitor().get(address)
        assert (answer.status_code, "This link does not work any more" in page_of(answer)) == (404, True)
    assert Visitor().post(link, {"password": PASSWORD}).status_code == 404


def test_an_address_that_was_taken_meanwhile_is_refused(anyone):
    signup = given_signup()
    given_user(given_account("Fabrikam"), "Eve Moss")
    answer = anyone.post(reverse("signup_confirm", args=[proof_of(signup.pk)]), {"password": PASSWORD})
    assert (answer.status_code, "is in use already" in page_of(answer)) == (422, True)
    assert Account.objects.count() == 1


def test_somebody_else_who_is_signed_in_follows_a_link_into_the_new_account(visit_as):
    signup = given_signup()
    visitor = visit_as(administrator_of(given_account("Contoso")))
    visitor.post(reverse("signup_confirm", args=[proof_of(signup.pk)]), {"password": PASSWORD})
    page = page_of(visitor.get("/"))
    assert ("Fabrikam GmbH" in page, "Contoso" in page) == (True, False)


def test_who_is_signed_in_has_no_need_to_sign_up(visit_as):
    given_offer()
    assert visit_as(administrator_of(given_account())).get(URL).url == "/"


def test_a_vendor_who_switched_it_off_is_written_to_instead(anyone):
    signup = given_signup()
    assert "Sign up" in page_of(anyone.get("/accounts/login/"))
    with override_settings(SEATLEDGER_SIGNUP=False):
        page = page_of(anyone.get(URL))
        assert ("licences@vendor.example" in page, "<form" in page.split("<main")[1].split("</main")[0]) == (
            True,
            False,
        )
        assert anyone.post(URL, MOSS).status_code == 403
        assert anyone.post(reverse("signup_confirm", args=[proof_of(signup.pk)])).status_code == 403
    unbind()
    assert (Signup.objects.count(), Account.objects.count()) == (1, 0)


def test_nothing_to_try_is_like_switched_off(anyone):
    assert "Accounts are opened by us" in page_of(anyone.get(URL))


def test_other_regions_are_links_to_their_own_cells(anyone):  # A11
    given_offer()
    regions = {
        "eu": Region("eu", "EU/EEA (Germany West Central)"),
        "uk": Region("uk", "United Kingdom (UK South)", "https://uk.licences.example"),
    }
    with override_settings(SEATLEDGER_REGIONS=regions):
        page = page_of(anyone.get(URL))
    assert 'href="https://uk.licences.example/accounts/signup/"' in page
