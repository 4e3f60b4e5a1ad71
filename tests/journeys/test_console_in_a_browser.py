"""A member of staff signs in with a code and raises a total; the customer reads it in the history."""

from playwright.sync_api import expect

from seatledger.domain.staff.permissions import StaffRole
from staffing import console_member, sign_in_to_console
from support import administrator_of, given_pool


# A32
def test_staff_raise_a_total_and_the_customer_reads_it(portal, theme):
    pool = given_pool(total_licences=10)
    bram = console_member("Bram Olsen", StaffRole.BILLING)
    staff = portal.visit()
    sign_in_to_console(staff, bram)
    staff.get_by_role("link", name="Accounts", exact=True).first.click()
    staff.get_by_label("Search").fill("north")
    staff.get_by_role("button", name="Filter").click()
    staff.get_by_role("link", name="Northwind").click()
    staff.get_by_role("link", name="Change the total of Professional User").click()
    staff.get_by_label("Total, or maximum").fill("15")
    staff.get_by_label("Reason").fill("Five more by phone")
    staff.get_by_role("button", name="Change the total").click()
    expect(staff.get_by_text("Change the total: done.")).to_be_visible()
    customer = portal.visit_as(administrator_of(pool.account))
    customer.goto("/billing/history/")
    row = customer.get_by_role("row").filter(has_text="Admin Team").filter(has_text="Total increased")
    expect(row).to_contain_text("Five more by phone")
