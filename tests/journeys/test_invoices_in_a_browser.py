"""From the billing history to the ledger entries an amount comes from, and to why it differs from the metrics."""

import pytest
from playwright.sync_api import expect

from charging import bill, given_vendor, noon
from seatledger.domain.licences.actions import change_total
from seatledger.domain.licences.models import Pool
from selling import given_subscription
from support import STAFF, administrator_of, given_account

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_amount_is_followed_to_the_entries_it_comes_from(portal, theme):  # D23, E18, E19
    given_vendor(percent="20")
    account = given_account("Northwind")
    given_subscription(account, quantities={"professional-user": 10}, at=noon("2026-03-03"))
    bill(account, "2026-03-03")
    pool = Pool.objects.get(account=account, licence_type__key="professional-user")
    change_total(pool=pool, total=12, reason="More people", at=noon("2026-03-23"), by=STAFF)
    bill(account, "2026-03-23")
    page = portal.visit_as(administrator_of(account))
    page.goto("/")
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="Billing history").click()
    expect(page.get_by_role("heading", name="Billing history", level=1)).to_be_visible()
    expect(
        page.get_by_role("row", name="Invoice INV-1").get_by_role("cell", name="£144.00").first
    ).to_be_visible()

    page.get_by_role("link", name="Invoice INV-2").click()
    line = page.get_by_role("row", name="2 seats, 23 March to 2 April 2026")
    line.get_by_text("Working of").click()
    expect(line.get_by_text("The amount is 8.52 GBP.")).to_be_visible()
    line.get_by_role("link", name="Ledger entries").click()
    expect(page.get_by_role("row", name="More people")).to_be_visible()

    page.go_back()
    line.get_by_text("Working of").click()
    line.get_by_role("link", name="Why does it differ from the metrics?").click()
    told = page.get_by_role("region", name="2 seats, 23 March to 2 April 2026")
    expect(told.get_by_role("row", name="From 10 to 12 in total")).to_contain_text("£8.52")
    expect(page.get_by_role("img", name="Licences in use and billed")).to_be_visible()
    told.get_by_role("link", name="From 10 to 12 in total").click()
    expect(page.get_by_role("row", name="More people")).to_be_visible()

    page.go_back()
    page.get_by_text("Show as a table").click()
    expect(page.get_by_role("table", name="Billed").get_by_role("row", name="INV-2")).to_be_visible()
