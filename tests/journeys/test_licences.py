"""An administrator gives licences until none is left; a provider moves a customer's limit."""

import pytest
from playwright.sync_api import expect

from support import (
    administrator_of,
    given_account,
    given_device,
    given_device_type,
    given_pool,
    given_provider,
    given_user,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_licences_are_assigned_until_none_is_left_then_refused(portal, theme):  # A14, D2
    account = given_account("Northwind")
    pool = given_pool(account, total_licences=2)
    for name in ("Ben Okoro", "Chidi Okafor", "Dana Petrova"):
        given_user(account, name)
    page = portal.visit_as(administrator_of(account))
    page.goto(f"/licences/{pool.pk}/holders")

    page.get_by_role("link", name="Assign", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Ben Okoro").check()
    dialog.get_by_role("button", name="Assign").click()
    expect(page.get_by_role("row", name="Ben Okoro")).to_be_visible()
    expect(page.get_by_text("1 of 2")).to_be_visible()
    expect(page.locator("#messages .message")).to_be_visible()

    page.get_by_role("link", name="Assign", exact=True).click()
    dialog.get_by_label("Chidi Okafor").check()
    dialog.get_by_label("Dana Petrova").check()
    dialog.get_by_role("button", name="Assign").click()
    expect(dialog.get_by_text("All 2 Professional User licences are taken.").first).to_be_visible()
    dialog.get_by_label("Dana Petrova").uncheck()
    dialog.get_by_role("button", name="Assign").click()
    expect(page.get_by_role("row", name="Chidi Okafor")).to_be_visible()
    expect(page.get_by_text("2 of 2")).to_be_visible()
    expect(page.get_by_text("All in use")).to_be_visible()


def test_a_provider_raises_a_limit_from_ten_to_twelve(portal):  # D18, D19, D20, D21, D24
    provider = given_provider("Harbour Partners")
    customer = given_account("Northwind", provider=provider)
    pool = given_pool(customer, given_device_type(), total_licences=10)
    for name in ("Lobby", "Canteen"):
        given_device(pool, name)
    page = portal.visit_as(administrator_of(provider))
    page.goto("/customers/")
    page.get_by_role("link", name="Northwind", exact=True).click()
    page.get_by_role("link", name="Licence metrics").last.click()
    expect(page.get_by_text("2/10")).to_be_visible()
    page.get_by_role("link", name="Edit").click()
    limit = page.get_by_label("Wallboard")
    expect(limit).to_have_value("10")
    limit.fill("12")
    page.get_by_label("Reason").fill("Ordered by telephone")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("2/12")).to_be_visible()

    told = portal.visit_as(administrator_of(customer))
    told.goto("/billing/history/")
    row = told.get_by_role("row", name="Ordered by telephone")
    expect(row.get_by_role("cell", name="Harbour Partners")).to_be_visible()
    expect(row.get_by_role("cell", name="10", exact=True)).to_be_visible()
    expect(row.get_by_role("cell", name="12", exact=True)).to_be_visible()
