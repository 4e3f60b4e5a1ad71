"""Licence metrics: four groups, a snapshot of now or of any past instant."""

import html5lib
import pytest
from django.urls import reverse

from reading import number_of_queries, text_of
from seatledger.domain.catalogue.models import ChargeModel, LicenceType, MetricGroup
from seatledger.domain.licences.actions import assign_licence, change_total
from seatledger.domain.people.permissions import Permission
from support import (
    AT,
    LATER,
    NEXT_DAY,
    STAFF,
    administrator_of,
    given_account,
    given_brand,
    given_device,
    given_device_type,
    given_licence_type,
    given_pool,
    given_provider,
    given_role,
    given_user,
)

pytestmark = pytest.mark.django_db
METRICS = "/licences/"


def headings(answer):
    page = html5lib.parse(answer.content.decode(), namespaceHTMLElements=False)
    return ["".join(heading.itertext()).strip() for heading in page.findall(".//h3")]


def figure(answer, key):
    """Return what a metric's figure says, without the words for screen readers."""
    page = html5lib.parse(answer.content.decode(), namespaceHTMLElements=False)
    figures = page.find(f".//*[@id='metric-{key}']//p[@class='meter-figure']")
    spoken = figures.find(".//span")
    return "".join(figures.itertext()).replace("".join(spoken.itertext()), "").strip()


def test_the_four_groups_stand_in_their_order(visit_as):  # D1, D3
    account = given_account()
    for group in reversed([group for group in MetricGroup if group]):
        given_pool(account, given_licence_type(f"of-{group.value}", metric_group=group))
    page = visit_as(administrator_of(account)).get(METRICS)
    assert headings(page) == ["Users", "Clients", "Supervisor", "Devices"]


def test_a_capped_metric_reads_two_of_ten(visit_as):  # D17, D18
    account = given_account()
    screens = given_pool(account, given_device_type(), total_licences=10)
    given_device(screens, "Lobby")
    given_device(screens, "Hall")
    page = visit_as(administrator_of(account)).get(METRICS)
    assert figure(page, "wallboard") == "2/10"
    assert "8 available" in text_of(page, "#metric-wallboard")


def test_a_metric_without_a_maximum_shows_only_its_number(visit_as):  # D4, D26
    account = given_account()
    kind = given_licence_type("essential-user", charge_model=ChargeModel.ACTIVE)
    pool = given_pool(account, kind, total_licences=None)
    assign_licence(pool=pool, user=given_user(account), at=LATER, by=STAFF)
    page = visit_as(administrator_of(account)).get(METRICS)
    assert figure(page, "essential-user") == "1"
    assert b"<meter" not in page.content


def test_full_and_over_assigned_are_said(visit_as):
    account = given_account()
    screens = given_pool(account, given_device_type(), total_licences=2)
    given_device(screens, "Lobby")
    given_device(screens, "Hall")
    visitor = visit_as(administrator_of(account))
    assert "None available" in text_of(visitor.get(METRICS), "#metric-wallboard")
    change_total(pool=screens, total=1, over_assign=True, at=LATER, by=STAFF)
    page = visitor.get(METRICS)
    assert figure(page, "wallboard") == "2/1"
    assert "1 over-assigned" in text_of(page, "#metric-wallboard")


def test_wallboards_take_their_kind_from_their_user(visit_as):  # D16
    account = given_account()
    level = given_licence_type("live-analytics-supervisor")
    screens = given_pool(
        account,
        given_device_type(kinds_by_licence={"live-analytics-supervisor": "Live Analytics"}),
    )
    ben = given_user(account)
    assign_licence(pool=given_pool(account, level), user=ben, at=LATER, by=STAFF)
    given_device(screens, "Lobby", user=ben, at=NEXT_DAY)
    given_device(screens, "Hall", at=NEXT_DAY)
    page = visit_as(administrator_of(account)).get(METRICS)
    assert "1 Live Analytics, 1 without a kind" in text_of(page, "#metric-wallboard")


def test_names_carry_the_words_of_the_provider(visit_as):  # D8, D9, D10
    provider = given_provider()
    given_brand(provider)
    customer = given_account("Contoso", provider=provider)
    given_pool(customer, given_licence_type("desktop", name="{UcClient} Desktop"))
    page = visit_as(administrator_of(customer)).get(METRICS)
    assert "Parley Desktop" in text_of(page, "#metric-desktop")


def test_the_page_says_that_it_is_a_snapshot_of_now(visit_as):  # D22, D23
    account = given_account()
    given_pool(account)
    shown = text_of(visit_as(administrator_of(account)).get(METRICS))
    assert "This is a snapshot of how licences are used now" in shown
    assert "these figures may differ from those on the invoice" in shown
    assert "What is in use now:" in shown


def test_a_customer_cannot_edit_its_own_maximums(visit_as):  # D24
    account = given_account()
    given_pool(account, given_device_type())
    page = visit_as(administrator_of(account)).get(METRICS)
    assert "Edit" not in text_of(page)
    assert "Maximums are set by the Admin Team" in text_of(page)


def test_a_past_day_shows_the_figures_of_then(visit_as):
    account = given_account()
    screens = given_pool(account, given_device_type(), total_licences=10)
    given_device(screens, "Lobby")
    given_device(screens, "Hall", at=NEXT_DAY)
    change_total(pool=screens, total=12, at=NEXT_DAY, by=STAFF)
    visitor = visit_as(administrator_of(account))
    then = visitor.get(METRICS, {"at": "2026-03-02"})
    assert figure(then, "wallboard") == "1/10"
    assert "As it was on 2 Mar 2026, 23:59" in text_of(then, "#past-note")
    assert figure(visitor.get(METRICS, {"at": "2026-03-03"}), "wallboard") == "2/12"
    assert figure(visitor.get(METRICS, {"at": "2026-03-03T08:59"}), "wallboard") == "1/10"
    assert figure(visitor.get(METRICS), "wallboard") == "2/12"


def test_a_pool_that_did_not_exist_then_is_not_shown(visit_as):
    account = given_account()
    given_pool(account)
    page = visit_as(administrator_of(account)).get(METRICS, {"at": f"{AT:%Y-%m-%d}T09:00"})
    assert page.status_code == 200
    before = visit_as(administrator_of(account)).get(METRICS, {"at": "2026-03-01"})
    assert "The account did not exist yet" in text_of(before)


@pytest.mark.parametrize("at", ["9999-12-31", "0001-01-01", "2999-01-01", "soon", "2026-02-30", "1" * 5000])
def test_a_day_that_makes_no_sense_is_said(visit_as, at):
    account = given_account()
    given_pool(account)
    answer = visit_as(administrator_of(account)).get(METRICS, {"at": at})
    assert answer.status_code == 422
    assert "That day cannot be shown" in text_of(answer)


def test_the_numbers_lead_to_their_rows(visit_as):
    account = given_account()
    seats, screens = given_pool(account), given_pool(account, given_device_type())
    page = visit_as(administrator_of(account)).get(METRICS).content.decode()
    assert f'href="{reverse("portal:holders", args=[seats.pk])}"' in page
    assert f'href="{reverse("portal:devices")}?type={screens.licence_type_id}"' in page


def test_the_page_needs_its_permission(visit_as):
    account = given_account()
    nobody = given_user(account, roles=[given_role(account, permissions=[Permission.USERS_VIEW])])
    assert visit_as(nobody).get(METRICS).status_code == 403


def test_three_types_take_as_many_queries_as_one(visit_as):
    one, three = given_account("Northwind"), given_account("Contoso")
    given_pool(one)
    for key in ("alpha", "beta", "gamma"):
        given_pool(three, given_licence_type(key))
    assert LicenceType.objects.count() == 5
    few, many = visit_as(administrator_of(one)), visit_as(administrator_of(three))
    assert number_of_queries(few, METRICS) == number_of_queries(many, METRICS)
