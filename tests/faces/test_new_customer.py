"""A provider opens an account for a customer: the plan first, then who it is."""

import pytest
from django.urls import reverse

from reading import text_of
from seatledger.domain.accounts.models import Account
from seatledger.domain.accounts.queries import list_customers
from seatledger.domain.events.models import Event
from seatledger.domain.licences.models import LedgerEntry, Pool
from seatledger.domain.licences.queries import list_pools
from seatledger.domain.notifications.actions import write_messages
from seatledger.domain.notifications.models import MessageKind
from seatledger.domain.people.models import User
from seatledger.domain.people.permissions import Permission
from seatledger.domain.people.queries import find_main_contact
from seatledger.domain.subscriptions.models import Subscription
from seatledger.shared.boundary import unbind
from selling import business, free, team
from support import LATER, administrator_of, given_account, given_provider, given_role, given_user

pytestmark = pytest.mark.django_db
NEW = reverse("portal:new_customer")


@pytest.fixture
def provider(db):
    return given_provider("Harbour Partners")


@pytest.fixture
def visitor(visit_as, provider):
    return visit_as(administrator_of(provider))


def said(**more):
    return {
        "name": "Contoso",
        "locale": "de-DE",
        "time_zone": "Europe/Berlin",
        "currency": "GBP",
        "first_name": "Dora",
        "last_name": "Voss",
        "email": "dora@contoso.example",
        "begins": "trial",
        "number-professional-user": "7",
        "number-wallboard": "2",
    } | more


def open_with(visitor, plan, **more):
    return visitor.post(f"{NEW}?plan={plan}", said(**more), follow=True)


def test_the_plan_is_chosen_first(visitor):
    business()
    free()
    page = visitor.get(NEW)
    assert 'name="plan" value="business"' in page.content.decode()
    assert 'name="plan" value="free"' in page.content.decode()
    assert "Plan: This field is required." in text_of(visitor.get(NEW, {"plan": ""}))
    assert "Select a valid choice" in text_of(visitor.get(NEW, {"plan": "gold"}))
    asked = visitor.get(NEW, {"plan": "business"})
    assert "A trial of 14 days, free of charge" in text_of(asked)
    assert 'name="number-wallboard" value="3"' in asked.content.decode()


def test_an_account_is_opened_with_its_administrator_and_its_maximums(visitor, provider):  # D24
    business()
    page = open_with(visitor, "business")
    assert "The account of Contoso is open. dora@contoso.example is sent the welcome e-mail." in text_of(page)
    (contoso,) = list_customers(provider)
    assert page.redirect_chain[-1][0] == reverse("portal:customer", args=[contoso.pk])
    assert (contoso.name, contoso.locale, contoso.time_zone, contoso.currency, contoso.region) == (
        "Contoso",
        "de-DE",
        "Europe/Berlin",
        "GBP",
        "eu",
    )
    assert find_main_contact(contoso).email == "dora@contoso.example"
    totals = {pool.licence_type.key: pool.total_licences for pool in list_pools(contoso)}
    assert (totals["professional-user"], totals["wallboard"]) == (7, 2)
    assert Subscription.objects.get(account=contoso).free_until is not None
    assert "Trial" in text_of(page, "#content")


def test_the_welcome_mail_goes_out(visitor, provider):
    business()
    open_with(visitor, "business")
    unbind()
    invited = Event.objects.get(account__name="Contoso", kind="user_invited")
    (welcome,) = write_messages(event_id=invited.pk, at=LATER)
    assert (welcome.kind, welcome.recipient) == (MessageKind.WELCOME, "dora@contoso.example")


def test_what_was_done_is_told_as_the_provider_s(visitor, provider):
    business()
    open_with(visitor, "business")
    entries = LedgerEntry.objects.filter(account__name="Contoso")
    assert {(entry.actor_kind, entry.actor_label) for entry in entries} == {("provider", "Harbour Partners")}
    opened = Event.objects.filter(account__name="Contoso").order_by("sequence").first()
    assert (opened.kind, opened.actor_kind) == ("account_opened", "provider")


def test_a_paid_plan_begins_at_once(visitor, provider):
    business()
    open_with(visitor, "business", begins="year")
    agreed = Subscription.objects.get(account__provider=provider)
    assert (agreed.free_until, agreed.changes.get().interval) == (None, "year")


def test_a_plan_without_prices_is_in_the_provider_s_currency(visitor, provider):
    free()
    open_with(visitor, "free", begins="month")
    assert list_customers(provider)[0].currency == provider.currency


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": " "}, "Organisation: This field is required."),
        ({"time_zone": "Mars"}, "There is no time zone “Mars”"),
        ({"email": "ann.lee@harbourpartners.example"}, "is in use already. Use another e-mail address."),
        ({"begins": "week"}, "Select a valid choice"),
        ({"number-wallboard": "-1"}, "greater than or equal to 0"),
        ({"number-professional-user": ""}, "This field is required."),
        ({"locale": "xx"}, "Select a valid choice"),
        ({"currency": "USD"}, "Select a valid choice"),
    ],
)
def test_what_was_typed_stays_when_something_is_wrong(visitor, provider, wrong, words):
    business()
    accounts, pools = Account.objects.count(), Pool.objects.count()
    answer = open_with(visitor, "business", **wrong)
    assert answer.status_code == 422
    assert words in text_of(answer)
    for kept in {key: value for key, value in said().items() if key not in (*wrong, "begins")}.values():
        assert f'value="{kept}"' in answer.content.decode()
    assert (Account.objects.count(), Pool.objects.count()) == (accounts, pools)


def test_asking_twice_opens_one_account(visitor, provider):
    business()
    open_with(visitor, "business")
    assert open_with(visitor, "business").status_code == 422
    assert len(list_customers(provider)) == 1


def test_the_form_sees_the_provider_again_after_a_refusal(visitor, provider):
    team()
    answer = open_with(visitor, "team", time_zone="Mars")
    assert "Harbour Partners" in text_of(answer, ".//header[@class='top-bar']")
    assert User.objects.filter(email="dora@contoso.example").count() == 0


def test_who_may_not_open_accounts_does_not(visit_as, provider):
    team()
    role = given_role(provider, permissions=[Permission.CUSTOMERS_VIEW, Permission.CUSTOMERS_MANAGE])
    reader = visit_as(given_user(provider, roles=[role]))
    assert reader.post(f"{NEW}?plan=team", said()).status_code == 403
    assert "New Customer" not in text_of(reader.get(reverse("portal:customers")))


def test_a_customer_opens_no_accounts(visit_as, provider):
    visitor = visit_as(administrator_of(given_account("Contoso", provider=provider)))
    assert visitor.get(NEW).status_code == 404
    assert visitor.post(f"{NEW}?plan=team", said()).status_code == 404


def test_nothing_to_sell_is_said(visitor):
    assert "Nothing is sold yet" in text_of(visitor.get(NEW))
