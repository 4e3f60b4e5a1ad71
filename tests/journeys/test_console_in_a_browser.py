"""A member of staff signs in with a code and raises a total; the customer reads it in the history."""

from django.contrib.auth.hashers import make_password
from playwright.sync_api import Page, expect

from seatledger.domain.staff.models import StaffMember
from seatledger.domain.staff.permissions import StaffRole
from staffing import PASSWORD, code_now, given_member
from support import administrator_of, given_pool


def given_real_member(name: str, role: StaffRole) -> StaffMember:
    """Add a member of staff whose password the real server knows how to check."""
    member = given_member(name, role)
    member.password = make_password(PASSWORD, hasher="argon2")
    member.save(update_fields=["password"])
    return member


def sign_in_to_console(page: Page, member: StaffMember) -> None:
    page.goto("/console/")
    page.get_by_label("Email address").fill(member.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Code").fill(code_now(member))
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()


# A32
def test_staff_raise_a_total_and_the_customer_reads_it(portal, theme):
    pool = given_pool(total_licences=10)
    bram = given_real_member("Bram Olsen", StaffRole.BILLING)
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
