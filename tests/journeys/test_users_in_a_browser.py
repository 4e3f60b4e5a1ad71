"""An administrator looks after the users."""

import pytest
from playwright.sync_api import expect

from support import administrator_of, given_account, given_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_administrator_adds_deactivates_and_activates_a_user(
    portal, theme
):  # C2, C5-C11, C14, C16, C18, C19
    account = given_account("Northwind")
    page = portal.visit_as(administrator_of(account))
    page.goto("/users/")
    expect(page.get_by_role("link", name="Total Active Users: 1")).to_be_visible()

    page.get_by_role("link", name="New User").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Set random password")).to_be_disabled()
    expect(dialog.get_by_label("Set random password")).to_be_checked()
    expect(dialog.get_by_label("Active")).to_be_checked()
    dialog.get_by_label("First name").fill("Chidi")
    dialog.get_by_label("Last name").fill("Okafor")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("link", name="Email address: This field is required.")).to_be_visible()
    dialog.get_by_label("Email address").fill("chidi@northwind.example")
    dialog.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Chidi Okafor was added.")).to_be_visible()
    expect(page.get_by_role("link", name="Total Active Users: 2")).to_be_visible()
    row = page.get_by_role("row", name="Chidi Okafor")
    expect(row.get_by_text("Yes")).to_be_visible()

    page.get_by_label("Select Chidi Okafor").check()
    page.get_by_role("button", name="Deactivate").click()
    expect(row.get_by_text("No", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Total Active Users: 1")).to_be_visible()

    page.get_by_label("Select Chidi Okafor").check()
    page.get_by_role("button", name="Activate", exact=True).click()
    expect(row.get_by_text("Yes")).to_be_visible()
    expect(page.get_by_role("link", name="Total Active Users: 2")).to_be_visible()


def test_the_last_administrator_is_kept(portal):  # C21, C23
    account = given_account("Northwind")
    given_user(account, "Chidi Okafor")
    page = portal.visit_as(administrator_of(account))
    page.goto("/users/")
    page.get_by_label("Select Ann Lee").check()
    page.get_by_role("button", name="Deactivate").click()
    expect(page.get_by_text("Ann Lee is the only active administrator.")).to_be_visible()
    page.goto("/users/")
    expect(page.get_by_role("row", name="Ann Lee").get_by_text("Yes")).to_be_visible()
