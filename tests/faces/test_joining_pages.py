"""Join your organisation: the public pages, their mails, and the domains in the account's settings."""

from uuid import uuid4

import pytest
from django.core import mail
from django.urls import reverse
from signing_in import NEW_PASSWORD, choose_password, is_signed_in, page_of

from conftest import Visitor
from seatledger.domain.events.models import Event
from seatledger.domain.notifications.models import Message
from seatledger.domain.people.models import User
from seatledger.domain.subscriptions.actions import (
    NewUserRules,
    ask_for_domain,
    change_preferences,
    remove_domain,
    verify_domain,
)
from seatledger.domain.subscriptions.domains import code_of, joining_token
from seatledger.domain.subscriptions.models import EmailDomain, OnJoining, OnNoneLeft
from seatledger.faces.jobs.tasks import deliver_event, deliver_joining, send_message
from selling import given_subscription
from support import AT, STAFF, administrator_of, given_account, given_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_has_tried_yet")]

EVE = "eve.moss@northwind.example"


def given_joinable(name="Northwind"):
    account = given_account(name)
    asked = ask_for_domain(account=account, domain=f"{name.lower()}.example", at=AT, by=STAFF)
    verify_domain(domain=asked, code=code_of(asked), at=AT, by=STAFF)
    return account


def letters_after_asking(email):
    """Return what is mailed after somebody asked to join with this address."""
    mail.outbox.clear()
    deliver_joining(email=email, request_id=str(uuid4()))
    for message in Message.objects.filter(sent_at=None, recipient=email):
        send_message(message_id=str(message.pk))
    return list(mail.outbox)


def link_in(letter):
    [line] = [line for line in letter.body.splitlines() if "/accounts/join/" in line]
    return "/accounts/join/" + line.partition("/accounts/join/")[2]


def join(visitor, link, name="Eve Moss"):
    first_name, _, last_name = name.partition(" ")
    return visitor.post(link, {"first_name": first_name, "last_name": last_name})


def test_who_has_an_address_of_the_organisation_joins_it_by_a_link(anyone):  # E15
    given_joinable()
    [letter] = letters_after_asking(EVE)
    assert (letter.subject, letter.to) == ("Join Northwind", [EVE])
    link = link_in(letter)
    page = page_of(anyone.get(link))
    assert "<h1>Join Northwind</h1>" in " ".join(page.split()).replace("<h1> ", "<h1>").replace(
        " </h1>", "</h1>"
    )
    assert EVE in page
    answer = join(anyone, link)
    user = User.objects.get(email=EVE)
    assert (user.full_name, user.is_active) == ("Eve Moss", True)
    choose_password(anyone, answer.url, NEW_PASSWORD)
    assert is_signed_in(anyone)


def test_a_link_joins_once(anyone):
    given_joinable()
    link = reverse("join", kwargs={"token": joining_token(EVE)})
    join(anyone, link)
    again = join(Visitor(), link, "Mallory Grey")
    assert again.status_code == 422
    assert f"{EVE} is in use already." in page_of(again)
    assert User.objects.get(email=EVE).first_name == "Eve"


def test_asking_answers_every_address_alike_and_only_queues_a_job(anyone):
    given_joinable()
    answers = {
        (answer.status_code, answer.url)
        for answer in (
            anyone.post(reverse("join_ask"), {"email": email}) for email in (EVE, "who@contoso.example")
        )
    }
    assert answers == {(302, reverse("join_asked"))}
    assert anyone.get(reverse("join_asked")).status_code == 200
    assert Message.objects.count() == 0


def test_what_is_no_address_is_asked_for_again(anyone):
    assert anyone.post(reverse("join_ask"), {"email": "eve"}).status_code == 422


def test_nothing_is_mailed_where_there_is_nothing_to_join():
    ask_for_domain(account=given_account(), domain="waiting.example", at=AT, by=STAFF)
    assert letters_after_asking("eve@waiting.example") == []
    assert letters_after_asking("eve@nowhere.example") == []


def test_who_is_a_user_already_is_sent_a_link_to_choose_a_password():
    account = given_joinable()
    given_user(account, "Eve Moss")
    [letter] = letters_after_asking(EVE)
    assert letter.subject == "Choose a new password for Northwind"


def test_who_cannot_join_reads_what_to_do(anyone):  # E14
    account = given_joinable()
    given_subscription(account, quantities={"professional-user": 0})
    rules = NewUserRules(OnJoining.ASSIGN, OnNoneLeft.REFUSE)
    change_preferences(account=account, new=rules, at=AT, by=STAFF)
    answer = join(anyone, reverse("join", kwargs={"token": joining_token(EVE)}))
    assert answer.status_code == 422
    assert "Every subscription of Northwind is taken." in page_of(answer)
    assert not User.objects.filter(email=EVE).exists()


def test_a_link_that_is_not_ours_or_of_a_domain_given_up_does_not_work(anyone):
    account = given_joinable()
    link = reverse("join", kwargs={"token": joining_token(EVE)})
    assert anyone.get(link[:-2] + "/").status_code == 404
    assert (
        anyone.get(reverse("join", kwargs={"token": joining_token("eve@contoso.example")})).status_code == 404
    )
    remove_domain(domain=EmailDomain.objects.get(account=account), at=AT, by=STAFF)
    answer = anyone.get(link)
    assert (answer.status_code, "This link does not work" in page_of(answer)) == (404, True)


def test_somebody_else_who_is_signed_in_sees_the_organisation_of_the_link(visit_as):
    given_joinable()
    visitor = visit_as(administrator_of(given_account("Contoso")))
    page = page_of(visitor.get(reverse("join", kwargs={"token": joining_token(EVE)})))
    assert ("Join Northwind" in page, "Contoso" in page) == (True, False)


# The settings


def post(visitor, name, *arguments, **form):
    return page_of(visitor.post(reverse(f"portal:{name}", args=arguments), form, follow=True))


def test_an_administrator_proves_a_domain(visit_as):  # E15
    account = given_account()
    visitor = visit_as(administrator_of(account))
    page = post(visitor, "add_domain", domain="northwind.example", mailbox="admin")
    assert "A code is on its way to admin@northwind.example." in page
    mail.outbox.clear()
    deliver_event(event_id=Event.objects.get(kind="domain_asked").pk)
    send_message(message_id=str(Message.objects.get(kind="domain_code").pk))
    [letter] = mail.outbox
    domain = EmailDomain.objects.get()
    assert (letter.to, code_of(domain) in letter.body) == (["admin@northwind.example"], True)
    assert "This is not the code" in post(visitor, "prove_domain", domain.pk, code="AAAAA-AAAAA")
    page = post(visitor, "prove_domain", domain.pk, code=code_of(domain))
    assert "Whoever has an address at northwind.example can join from now on." in page
    assert "Nobody joins from northwind.example any more." in post(visitor, "drop_domain", domain.pk)
    assert EmailDomain.objects.count() == 0


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"domain": "gmail.com", "mailbox": "admin"}, "Anybody can have an address at gmail.com."),
        ({"domain": "northwind.example", "mailbox": "eve"}, "Write a domain, and choose where"),
        ({"domain": "", "mailbox": "admin"}, "Write a domain, and choose where"),
    ],
)
def test_what_is_no_domain_is_refused_in_words(visit_as, form, words):
    visitor = visit_as(administrator_of(given_account()))
    assert words in post(visitor, "add_domain", **form)
    assert EmailDomain.objects.count() == 0


def test_who_may_not_change_the_settings_sees_the_domains_and_changes_none(visit_as):
    account = given_joinable()
    visitor = visit_as(given_user(account))
    page = page_of(visitor.get(reverse("portal:settings")))
    assert ("northwind.example" in page, "Send the code" in page) == (True, False)
    domain = EmailDomain.objects.get()
    assert visitor.post(reverse("portal:drop_domain", args=[domain.pk])).status_code == 403
    assert visitor.post(reverse("portal:add_domain"), {"domain": "x.example"}).status_code == 403


def test_a_neighbours_domain_is_none_of_this_account(visit_as):
    domain = EmailDomain.objects.get(account=given_joinable())
    visitor = visit_as(administrator_of(given_account("Contoso")))
    assert "northwind.example" not in page_of(visitor.get(reverse("portal:settings")))
    assert visitor.post(reverse("portal:drop_domain", args=[domain.pk])).status_code == 404
    assert EmailDomain.objects.count() == 1
