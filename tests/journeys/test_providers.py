"""A provider opens an account for a new customer."""

import pytest
from playwright.sync_api import expect

from selling import business, team
from support import administrator_of, given_provider

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_provider_opens_an_account_for_a_customer(portal):  # D24
    business()
    team()
    page = portal.visit_as(administrator_of(given_provider("Harbour Partners")))
    page.goto("/customers/")
    page.get_by_role("link", name="New Customer").first.click()
    page.get_by_label("Business").check()
    page.get_by_role("button", name="Go on").click()

    page.get_by_label("Organisation").fill("Contoso")
    page.get_by_label("First name").fill("Dora")
    page.get_by_label("Last name").fill("Voss")
    page.get_by_label("Email address").fill("not an address")
    page.get_by_label("Wallboard").fill("4")
    page.get_by_role("button", name="Open the account").click()
    expect(page.get_by_text("Enter a valid email address.").first).to_be_visible()
    expect(page.get_by_label("Organisation")).to_have_value("Contoso")
    expect(page.get_by_label("Wallboard")).to_have_value("4")

    page.get_by_label("Email address").fill("dora@contoso.example")
    page.get_by_role("button", name="Open the account").click()
    expect(page.get_by_text("The account of Contoso is open.")).to_be_visible()
    page.get_by_role("link", name="Licence metrics").last.click()
    expect(page.get_by_text("0/4")).to_be_visible()

    page.goto("/customers/")
    expect(page.get_by_role("row", name="Contoso")).to_be_visible()
