"""Account > Billing: the tab Licence details, the main contact, and asking for more."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from reading import number_of_queries, text_of
from seatledger.domain.licences.actions import deactivate_users
from seatledger.domain.licences.models import LicenceRequest, Terms
from seatledger.domain.licences.queries import today_of
from seatledger.domain.people.permissions import Permission
from seatledger.domain.people.queries import find_main_contact
from support import (
    LATER,
    STAFF,
    administrator_of,
    given_account,
    given_administrator,
    given_licence_type,
    given_pool,
    given_role,
    given_user,
)

pytestmark = pytest.mark.django_db
BILLING = "/billing/"


@pytest.fixture
def northwind(db):
    account = given_account("Northwind")
    given_pool(
        account,
        given_licence_type("managed-agent", name="Managed Agent"),
        total_licences=200,
        expires_on=date(2999, 2, 28),
    )
    given_pool(
        account,
        given_licence_type("on-demand", name="On-demand"),
        total_licences=25,
        expires_on=date(2026, 1, 31),
    )
    return account


def test_the_details_tab_shows_the_account_its_licences_and_its_contact(visit_as, northwind):  # A2, A5, A6
    page = visit_as(administrator_of(northwind)).get(BILLING)
    shown = text_of(page)
    assert "Northwind" in shown  # A7
    assert northwind.serial_number in shown  # A9
    assert "EU/EEA (Germany West Central)" in shown  # A11
    assert text_of(page, "#pool-managed-agent") == (  # A12 to A15
        "Managed Agent 200 Managed Agent licences in total: what made up this number"
        " 0 Managed Agent licences in use: who holds them 200 Managed Agent licences available"
        f" 28 Feb 2999 {(date(2999, 2, 28) - today_of(northwind, timezone.now())).days:,} days left"
    )
    assert "31 Jan 2026 Expired" in text_of(page, "#pool-on-demand")  # A16 to A18
    assert text_of(page, ".//nav[@aria-label='Main menu']//*[@aria-current='page']") == "Billing"  # A1, A34
    assert "ann.lee@northwind.example" in text_of(page, "#contact-details")  # A22


@pytest.mark.parametrize(
    ("terms", "expires_on", "label"),
    [
        (Terms.TRIAL, None, "Trial"),
        (Terms.PAID, date(2999, 1, 1), "Active"),
        (Terms.PAID, date(2026, 1, 1), "Expired"),
    ],
)
def test_the_account_type_follows_from_the_licences(visit_as, terms, expires_on, label):  # A10
    account = given_account()
    given_pool(account, terms=terms, expires_on=expires_on)
    shown = text_of(visit_as(administrator_of(account)).get(BILLING))
    assert f"Account type {label} " in shown


def test_every_number_leads_to_the_rows_it_counts(visit_as):
    account = given_account()
    pool = given_pool(account)
    page = visit_as(administrator_of(account)).get(BILLING).content.decode()
    assert reverse("portal:holders", args=[pool.pk]) in page
    assert f"{reverse('portal:history')}?type={pool.pk}&amp;kind=bought" in page


def test_the_main_contact_is_chosen_among_active_users(visit_as, northwind):  # A3, A25 to A28
    ben, gone = given_user(northwind), given_user(northwind, "Gone Girl", active=False)
    visitor = visit_as(administrator_of(northwind))
    page = visitor.get(BILLING)
    assert text_of(page, ".//select/option") == "Ann Lee (ann.lee@northwind.example)"
    assert str(gone.pk) not in page.content.decode()
    before_saving = visitor.get(BILLING, {"user": ben.pk})
    assert "Ben Okoro" in text_of(before_saving, "#contact-details")
    assert find_main_contact(northwind) == administrator_of(northwind)
    after = visitor.post(reverse("portal:main_contact"), {"user": ben.pk}, follow=True)
    assert "Ben Okoro is the main contact now." in text_of(after)
    assert find_main_contact(northwind) == ben


def test_a_deactivated_user_does_not_become_the_main_contact(visit_as, northwind):
    ben = given_user(northwind, active=False)
    answer = visit_as(administrator_of(northwind)).post(reverse("portal:main_contact"), {"user": ben.pk})
    assert answer.status_code == 422
    assert "must be active" in text_of(answer)
    assert find_main_contact(northwind) == administrator_of(northwind)


@pytest.mark.parametrize("sent", ["", "nobody", "00000000-0000-0000-0000-000000000000"])
def test_nonsense_is_no_contact(visit_as, northwind, sent):
    visitor = visit_as(administrator_of(northwind))
    assert visitor.post(reverse("portal:main_contact"), {"user": sent}).status_code == 422
    assert visitor.get(BILLING, {"user": sent or "x"}).status_code == 404


def test_a_neighbours_user_is_no_contact(visit_as, northwind):
    other = administrator_of(given_account("Contoso"))
    visitor = visit_as(administrator_of(northwind))
    assert visitor.post(reverse("portal:main_contact"), {"user": other.pk}).status_code == 422
    assert visitor.get(BILLING, {"user": other.pk}).status_code == 404


def test_without_the_permission_there_is_no_control_and_no_way(visit_as, northwind):  # A3
    role = given_role(northwind, permissions=[Permission.BILLING_VIEW])
    ben = given_user(northwind, roles=[role])
    visitor = visit_as(ben)
    page = visitor.get(BILLING).content.decode()
    assert "<select" not in page
    assert "Need more licences?" not in page
    assert visitor.post(reverse("portal:main_contact"), {"user": ben.pk}).status_code == 403


def test_more_licences_are_asked_for_by_mail(visit_as, northwind):  # A20
    visitor = visit_as(administrator_of(northwind))
    assert "Need more licences?" in text_of(visitor.get(BILLING), ".//*[@class='page-actions']")
    assert "Need more licences?" in text_of(
        visitor.get(reverse("portal:history")), ".//*[@class='page-actions']"
    )
    kind = given_licence_type("managed-agent")
    sent = {"type": kind.pk, "number": 25, "note": "By May, please."}
    answer = visitor.post(reverse("portal:request_licences"), sent, follow=True)
    assert "Your request was sent" in text_of(answer)
    asked = LicenceRequest.objects.get(account=northwind)
    assert (asked.licence_type, asked.number, asked.note) == (kind, 25, "By May, please.")


@pytest.mark.parametrize("number", ["0", "-1", "9" * 30, "many"])
def test_an_odd_number_is_not_asked_for(visit_as, northwind, number):
    sent = {"type": given_licence_type("managed-agent").pk, "number": number}
    answer = visit_as(administrator_of(northwind)).post(reverse("portal:request_licences"), sent)
    assert answer.status_code == 422
    assert not LicenceRequest.objects.exists()


def test_the_contact_who_was_deactivated_is_shown_as_such(visit_as, northwind):
    cleo = given_administrator(northwind)
    deactivate_users(
        account=northwind,
        user_ids=[administrator_of(northwind).pk],
        drop_administrator=True,
        at=LATER,
        by=STAFF,
    )
    assert "Ann Lee Deactivated" in text_of(visit_as(cleo).get(BILLING), "#contact-details")


def test_the_page_links_to_the_help_on_licensing(visit_as, northwind):  # A33
    page = visit_as(administrator_of(northwind)).get(BILLING).content.decode()
    assert f'See also: <a href="{reverse("portal:help_licensing")}">Licensing</a>' in page


def test_three_licence_types_take_as_many_queries_as_one(visit_as):
    one, three = given_account("Northwind"), given_account("Contoso")
    given_pool(one)
    for key in ("alpha", "beta", "gamma"):
        given_pool(three, given_licence_type(key))
    few, many = visit_as(administrator_of(one)), visit_as(administrator_of(three))
    assert number_of_queries(few, BILLING) == number_of_queries(many, BILLING)
