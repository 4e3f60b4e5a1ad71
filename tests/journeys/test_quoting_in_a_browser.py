"""A contract account asks for licences, staff answer with a quotation, and it is accepted: with a script and without."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from buying import MONTH, given_enterprise
from seatledger.domain.invoices.actions import bill_account
from seatledger.domain.staff.permissions import StaffRole
from seatledger.domain.subscriptions.models import SoldBy
from staffing import console_member, sign_in_to_console
from support import STAFF, administrator_of, refreshed

# What is offered is worked out several times over; a busy machine takes its time.
PATIENCE_MS = 20_000

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without a script"])
def test_a_request_is_answered_by_a_quotation_and_accepted(portal, script):  # A20, A24, E12
    now = timezone.now()
    subscription = given_enterprise(number=10, interval=MONTH, sold_by=SoldBy.CONTRACT, at=now)
    account = subscription.account
    bill_account(account=account, at=now, by=STAFF)
    visit = portal.visit_as if script else portal.visit_without_script
    customer: Page = visit(administrator_of(account))
    customer.goto("/billing/")
    customer.get_by_role("link", name="Need more licences?").first.click()
    customer.get_by_label("How many more").fill("5")
    customer.get_by_label("Note").fill("For the new office")
    customer.get_by_role("button", name="Send request").click()
    expect(customer.get_by_text("Your request was sent.")).to_be_visible()

    staff: Page = portal.visit(script=script)
    sign_in_to_console(staff, console_member("Bram Olsen", StaffRole.BILLING))
    staff.get_by_role("link", name="Requests to answer").click()
    expect(staff.get_by_text("“For the new office”")).to_be_visible()
    staff.get_by_role("link", name="Send a quotation of Northwind").click()
    staff.get_by_label("Enterprise User: percent off").fill("10")
    staff.get_by_label("Note to the customer").fill("As discussed")
    staff.get_by_label("Reason").fill("They grow")
    staff.get_by_role("button", name="Show what it does").click()
    told = staff.get_by_role("status").filter(has_text="Nothing has happened yet")
    expect(told).to_contain_text("5 more, 20.00 USD per licence per month, 10 % off", timeout=PATIENCE_MS)
    expect(told.get_by_text("70.00 USD, tax included", exact=True)).to_be_visible()
    staff.get_by_role("button", name="Send a quotation").click()
    expect(staff.get_by_text("Send a quotation: done.")).to_be_visible()

    customer.goto("/billing/")
    customer.get_by_role("link", name="Read quotation").click()
    expect(customer.get_by_text("$70.00 now, $270.00 from")).to_be_visible()
    customer.get_by_role("button", name="Accept the quotation").click()
    expect(customer.get_by_text("is accepted. Added: 5 Enterprise User.")).to_be_visible()
    assert refreshed(subscription.items.get().pool).total_licences == 15
    customer.get_by_role("link", name="INV-2").click()
    expect(customer.get_by_role("heading", name="Invoice INV-2")).to_be_visible()
