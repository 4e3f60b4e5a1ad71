"""What was agreed on a price, on the pages: told to the customer before he orders, and to staff before they agree."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from staff_visits import sign_in_staff

from buying import MONTH, given_american_account, given_enterprise, given_method
from reading import text_of
from seatledger.domain.invoices.actions import bill_account
from seatledger.domain.staff.permissions import StaffRole
from seatledger.domain.subscriptions.actions import agree_prices
from staffing import given_member
from support import STAFF, administrator_of

pytestmark = pytest.mark.django_db

PLAN = reverse("portal:change_plan")


@pytest.fixture
def subscription():
    """Ten licences since today at $15.00 a month, as agreed, instead of 20.00; paid by card."""
    now = timezone.now()
    held = given_enterprise(given_american_account(), number=10, interval=MONTH, at=now)
    agree_prices(
        subscription=held, prices={"enterprise-user": {"unit_amount": "15.00"}}, at=timezone.now(), by=STAFF
    )
    bill_account(account=held.account, at=timezone.now(), by=STAFF)
    given_method(held.account)
    return held


def test_the_customer_sees_the_price_that_was_agreed_with_him(subscription, visit_as):
    visitor = visit_as(administrator_of(subscription.account))
    shown = text_of(visitor.get(PLAN))
    assert "Enterprise: 15.00 USD per licence per month (agreed with you)" in shown
    assert "Enterprise: 200.00 USD per licence per year" in shown
    again = visitor.get(PLAN, {"plan": "enterprise.month", "when": "at_once"})
    assert again.status_code == 422
    assert "The subscription is to Enterprise by the month already." in text_of(again)


def test_the_customer_reads_where_the_agreed_price_does_not_hold(subscription, visit_as):
    visitor = visit_as(administrator_of(subscription.account))
    said = text_of(visitor.get(PLAN, {"plan": "enterprise.year", "when": "at_period_end"}), "#quote")
    assert "You change to the Enterprise plan, billed annually: nothing now" in said
    assert (
        "The price that was agreed with you for Enterprise User is for Enterprise by the month. In Enterprise by the "
        "year the list price applies: 200.00 USD per licence per year. What was agreed holds again if you change back."
    ) in said


def test_what_waits_says_that_the_price_ends_with_it(subscription, visit_as):
    visitor = visit_as(administrator_of(subscription.account))
    sent = {"plan": "enterprise.year", "when": "at_period_end"}
    page = visitor.get(PLAN, sent).content.decode()
    expected = re.search(r'name="expected" value="([0-9a-f]{64})"', page).group(1)
    visitor.post(PLAN, {**sent, "expected": expected})
    told = "The price that was agreed for Enterprise User is not for Enterprise by the year."
    assert told in text_of(visitor.get("/billing/summary/"), "#changes")
    staff = sign_in_staff(given_member("Bram Olsen", StaffRole.BILLING))
    page = text_of(staff.get(reverse("console:account", args=[subscription.account.serial_number])))
    assert "Plan: Enterprise, by the year" in page
    assert told in page
    assert "10, at an agreed price" in page
    now = look(staff, subscription, "at_once")
    assert "Price then 14.00 USD by the month" in now
    assert "Holds for Enterprise, by the month" in now
    assert "when Enterprise, by the year, is agreed to follow" in now
    then = look(staff, subscription, "at_period_end")
    assert "Price then 14.00 USD by the year" in then
    assert "Holds until" not in then


def look(staff, subscription, takes_effect):
    """Return what staff read before they agree on 14.00."""
    address = reverse("console:deed", args=[subscription.account.serial_number, "agree_price"])
    sent = {
        "item_id": str(subscription.items.get().pk),
        "unit_amount": "14.00",
        "takes_effect": takes_effect,
        "reason": "Grown",
        "do": "look",
    }
    return text_of(staff.post(address, sent), "#preview")


def test_staff_read_what_a_plan_costs_before_they_change_to_it(subscription):
    staff = sign_in_staff(given_member("Bram Olsen", StaffRole.BILLING))
    address = reverse("console:deed", args=[subscription.account.serial_number, "change_plan"])
    sent = {
        "plan": "enterprise",
        "interval": "year",
        "takes_effect": "at_once",
        "reason": "Grown",
        "do": "look",
    }
    said = text_of(staff.post(address, sent), "#preview")
    assert "Enterprise User then 200.00 USD per licence per year, the list price" in said
