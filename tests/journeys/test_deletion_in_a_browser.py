"""A customer requests deletion of the account and sees it pending; staff withdraw it, and the customer reads that."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from conftest import PASSWORD, let_sign_in
from seatledger.domain.staff.permissions import StaffRole
from staffing import console_member, sign_in_to_console
from support import administrator_of, given_account, given_pool


# B1, B4, B13, B14
def test_a_deletion_is_requested_seen_pending_and_withdrawn_by_staff(portal, theme):
    account = given_account()
    given_pool(account, expires_on=timezone.now().date() + timedelta(days=40))
    ann = let_sign_in(administrator_of(account))
    customer = portal.visit_as(ann)
    customer.goto("/billing/")
    customer.get_by_role("link", name="Request deletion of this account").click()
    customer.get_by_label("Account name").fill("Northwind")
    customer.get_by_label("Your password").fill(PASSWORD)
    customer.get_by_role("button", name="Request deletion").click()
    expect(customer.get_by_role("heading", name="Deletion was requested")).to_be_visible()
    customer.goto("/billing/")
    expect(customer.get_by_text("until then everything works")).to_be_visible()

    staff = portal.visit()
    sign_in_to_console(staff, console_member("Bram Olsen", StaffRole.BILLING))
    staff.get_by_role("link", name="Closures", exact=True).first.click()
    row = staff.get_by_role("row").filter(has_text="Northwind")
    expect(row).to_contain_text("Requested")
    row.get_by_role("link", name="Northwind").click()
    staff.get_by_role("link", name="Withdraw the request").click()
    staff.get_by_label("Reason").fill("Ann Lee called")
    staff.get_by_label("Reference").fill("T-17")
    staff.get_by_role("button", name="Withdraw the request").click()
    expect(staff.get_by_text("Withdraw the request: done.")).to_be_visible()
    expect(staff.locator("#closure")).to_contain_text("Withdrawn")

    customer.goto("/billing/history/")
    told = customer.get_by_role("row").filter(has_text="Withdrawn")
    expect(told).to_contain_text("Admin Team")
    expect(told).to_contain_text("Ann Lee called")
    customer.goto("/billing/deletion")
    expect(customer.get_by_role("button", name="Request deletion")).to_be_visible()
