"""Without JavaScript everything still works."""

import pytest
from playwright.sync_api import expect

from support import administrator_of, given_account, given_pool

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_user_is_added_given_a_licence_and_deactivated_without_script(portal):
    account = given_account("Northwind")
    pool = given_pool(account, total_licences=2)
    page = portal.visit_without_script(administrator_of(account))
    page.goto("/users/")
    page.get_by_role("link", name="New User").click()
    page.get_by_label("First name").fill("Chidi")
    page.get_by_label("Last name").fill("Okafor")
    page.get_by_label("Email address").fill("chidi@northwind.example")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name="Chidi Okafor")).to_be_visible()

    page.goto(f"/licences/{pool.pk}/assign")
    page.get_by_label("Chidi Okafor").check()
    page.get_by_role("button", name="Assign").click()
    page.goto(f"/licences/{pool.pk}/holders")
    expect(page.get_by_role("row", name="Chidi Okafor")).to_be_visible()

    page.goto("/users/")
    page.get_by_label("Select Chidi Okafor").check()
    page.get_by_role("button", name="Deactivate").click()
    expect(page.get_by_role("row", name="Chidi Okafor").get_by_text("No", exact=True)).to_be_visible()
    page.goto(f"/licences/{pool.pk}/holders")
    expect(page.get_by_text("Nobody holds one yet")).to_be_visible()
