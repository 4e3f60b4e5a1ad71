"""The overview: what needs attention, how full licences are, what comes next, what changed last."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from reading import number_of_queries, text_of
from seatledger.domain.licences.actions import assign_licence, change_expiry, change_total, deactivate_users
from seatledger.domain.people.permissions import Permission
from support import (
    LATER,
    STAFF,
    administrator_of,
    given_account,
    given_administrator,
    given_device,
    given_device_type,
    given_licence_type,
    given_pool,
    given_provider,
    given_role,
    given_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(db):
    return given_account("Northwind")


@pytest.fixture
def visitor(visit_as, account):
    return visit_as(administrator_of(account))


def concerns(answer):
    return [concern.title for concern in answer.context["concerns"]]


def test_all_is_well_when_nothing_is_wrong(visitor, account):
    given_pool(account)
    page = visitor.get("/")
    assert "All is well: nothing needs you now." in text_of(page, "#attention")
    assert "0 of 10 licences in use" in text_of(page, "#in-use")
    assert text_of(page, ".//nav[@aria-label='Main menu']//*[@aria-current='page']") == "Overview"


def test_full_over_assigned_ending_and_ended_licences_need_attention(visitor, account):
    today = timezone.now().date()
    full = given_pool(account, given_device_type("full"), total_licences=1)
    over = given_pool(account, given_device_type("over"), total_licences=2)
    ending = given_pool(account, given_licence_type("ending"))
    ended = given_pool(account, given_licence_type("ended"))
    given_pool(account, given_licence_type("far"), expires_on=today + timedelta(days=62))
    given_device(full)
    given_device(over, "Lobby")
    given_device(over, "Hall")
    change_total(pool=over, total=1, over_assign=True, at=LATER, by=STAFF)
    change_expiry(pool=ending, expires_on=today + timedelta(days=59), at=LATER, by=STAFF)
    change_expiry(pool=ended, expires_on=today - timedelta(days=2), at=LATER, by=STAFF)
    assert concerns(visitor.get("/")) == [
        "Ended licences expired",
        "Over is over-assigned",
        "Ending licences end soon",
        "No Full licence is available",
    ]


def test_people_who_wait_and_a_contact_who_left_need_attention(visit_as, account):
    given_pool(account)
    cleo = given_administrator(account)
    given_user(account, "Ben Okoro", active=False)
    given_user(account, "Dana Petrova", active=False)
    deactivate_users(
        account=account,
        user_ids=[administrator_of(account).pk],
        drop_administrator=True,
        at=LATER,
        by=STAFF,
    )
    page = visit_as(cleo).get("/")
    assert concerns(page) == ["The main contact is missing", "2 users wait for activation"]


def test_coming_dates_and_recent_changes_are_listed(visitor, account):
    day = timezone.now().date() + timedelta(days=10)
    pool = given_pool(account, expires_on=day)
    assign_licence(pool=pool, user=given_user(account), at=LATER, by=STAFF)
    page = visitor.get("/")
    assert "Professional User Licences end" in text_of(page, "#coming")
    assert "10 days left" in text_of(page, "#coming")
    assert "Assigned : Professional User, Ben Okoro" in text_of(page, "#recent")


def test_who_sees_no_licences_sees_none_here(visit_as, account):
    pool = given_pool(account, total_licences=1)
    assign_licence(pool=pool, user=given_user(account), at=LATER, by=STAFF)
    role = given_role(account, permissions=[Permission.DEVICES_VIEW])
    reader = visit_as(given_user(account, "Rita Read", roles=[role], at=LATER))
    page = reader.get("/")
    assert page.status_code == 200
    assert concerns(page) == []
    assert "Professional User" not in text_of(page)
    assert reverse("portal:metrics") not in page.content.decode()


def test_an_account_without_licences_is_told_how_to_get_some(visitor):
    assert concerns(visitor.get("/")) == ["This account has no licences yet"]


def test_a_provider_sees_its_customers_together(visit_as):  # D24
    provider = given_provider()
    given_device(given_pool(given_account("Contoso", provider=provider), given_device_type()))
    page = visit_as(administrator_of(provider)).get("/")
    assert text_of(page, "#customers-total") == (
        "Customers 1 customer account Active users 1 of all customers together "
        "Licences in use 1 of all customers together"
    )
    assert concerns(page) == []


def test_a_visitor_is_asked_to_sign_in(anyone):
    assert anyone.get("/").status_code == 302


def test_three_pools_take_as_many_queries_as_one(visit_as):
    one, three = given_account("Adventure"), given_account("Contoso")
    given_pool(one)
    for key in ("alpha", "beta", "gamma"):
        given_pool(three, given_licence_type(key))
    few, many = visit_as(administrator_of(one)), visit_as(administrator_of(three))
    assert number_of_queries(few, "/") == number_of_queries(many, "/")
