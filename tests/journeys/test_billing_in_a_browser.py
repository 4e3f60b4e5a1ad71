"""The Billing page: who speaks for the account, and what happened to its licences."""

import pytest
from playwright.sync_api import expect

from seatledger.domain.licences.actions import assign_licence, change_total
from support import LATER, NEXT_DAY, STAFF, administrator_of, given_account, given_pool, given_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_another_main_contact_is_chosen(portal, theme):  # A22, A25, A26, A27, A28
    account = given_account("Northwind")
    given_user(account, "Chidi Okafor")
    page = portal.visit_as(administrator_of(account))
    page.goto("/billing/")
    contact = page.get_by_role("region", name="Main contact")
    expect(contact.get_by_text("ann.lee@northwind.example", exact=True)).to_be_visible()
    contact.get_by_label("Main contact").select_option(label="Chidi Okafor (chidi.okafor@northwind.example)")
    expect(contact.get_by_text("chidi.okafor@northwind.example", exact=True)).to_be_visible()
    contact.get_by_role("button", name="Save").click()
    page.goto("/billing/")
    expect(contact.get_by_text("chidi.okafor@northwind.example", exact=True)).to_be_visible()


def test_the_history_is_read_filtered_and_told_by_whom(portal):  # A1, A5, A29, A30, A31, A34
    account = given_account("Northwind")
    pool = given_pool(account)
    user = given_user(account, "Chidi Okafor")
    assign_licence(pool=pool, user=user, at=LATER, by=STAFF)
    change_total(pool=pool, total=12, reason="Two more seats", at=NEXT_DAY, by=STAFF)
    page = portal.visit_as(administrator_of(account))
    page.goto("/")
    page.get_by_role("link", name="Billing", exact=True).click()
    expect(page.get_by_role("link", name="Billing", exact=True)).to_have_attribute("aria-current", "page")
    page.get_by_role("link", name="Licence history").click()
    changed = page.get_by_role("row", name="Two more seats")
    expect(changed.get_by_role("cell", name="Admin Team")).to_be_visible()
    expect(changed.get_by_role("cell", name="12", exact=True)).to_be_visible()
    expect(page.get_by_role("row", name="Chidi Okafor").first).to_be_visible()

    page.get_by_label("Action").select_option(label="Totals and maximums")
    page.get_by_role("button", name="Filter").click()
    expect(changed).to_be_visible()
    expect(page.get_by_role("row", name="Chidi Okafor")).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("link", name="Export as CSV").click()
    assert "Two more seats" in download.value.path().read_text(encoding="utf-8-sig")
