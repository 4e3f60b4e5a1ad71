"""Buying: a number is chosen, its price read and confirmed, and the invoice is there; what changed meanwhile is refused."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from buying import MONTH, TRANSFER, given_american_account, given_enterprise, given_method
from seatledger.domain.invoices.actions import bill_account
from support import STAFF, administrator_of

pytestmark = pytest.mark.django_db(transaction=True)


def given_ten():
    """Ten licences at 20.00 a month since today, billed; paid by invoice and transfer."""
    now, account = timezone.now(), given_american_account()
    given_enterprise(account, number=10, interval=MONTH, at=now)
    bill_account(account=account, at=now, by=STAFF)
    given_method(account, TRANSFER)
    return account


def ask_for(page, number):
    page.goto("/billing/summary/")
    page.get_by_role("link", name="Change the number of Enterprise User subscriptions").click()
    page.get_by_label("Number of subscriptions").fill(str(number))
    page.get_by_role("button", name="Show what it costs").click()


def test_licences_are_bought_after_reading_what_they_cost(portal, theme):  # E11, E12, E18
    page = portal.visit_as(administrator_of(given_ten()))
    page.goto("/")
    page.get_by_role("link", name="Account summary", exact=True).first.click()
    expect(page.get_by_text("You are currently paying a total of $200.00 per month")).to_be_visible()
    ask_for(page, 12)
    quote = page.get_by_role("region", name="What it costs")
    expect(quote.get_by_text("You add 2 licences: $40.00 now, $240.00 from")).to_be_visible()
    quote.get_by_text("Working").first.click()
    expect(quote.get_by_text("Plus, counted to the end of the period: 40.00.")).to_be_visible()
    quote.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("Added 2 subscriptions.")).to_be_visible()
    expect(page.get_by_text("a total of $240.00 per month for 12 user subscriptions.")).to_be_visible()
    page.get_by_role("link", name="View Billing History").first.click()
    page.get_by_role("link", name="Invoice INV-2").click()
    expect(page.get_by_text("$40.00").first).to_be_visible()


def test_what_was_bought_in_another_tab_is_not_bought_twice(portal):  # E11
    account = given_ten()
    page = portal.visit_as(administrator_of(account))
    ask_for(page, 12)
    expect(page.get_by_text("You add 2 licences: $40.00 now")).to_be_visible()
    other = page.context.new_page()
    ask_for(other, 11)
    other.get_by_role("button", name="Confirm").click()
    expect(other.get_by_text("Added 1 subscription.")).to_be_visible()
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("Something changed since these figures were shown.")).to_be_visible()
    expect(page.get_by_text("You add 1 licence: $20.00 now")).to_be_visible()
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("Added 1 subscription.")).to_be_visible()


def test_buying_needs_no_script(portal):  # E11
    page = portal.visit_without_script(administrator_of(given_ten()))
    ask_for(page, 12)
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("Added 2 subscriptions.")).to_be_visible()


def test_a_trial_is_bought(portal):  # A21
    account = given_american_account()
    given_enterprise(account, number=3, interval=MONTH, trial=True, at=timezone.now())
    given_method(account, TRANSFER)
    page = portal.visit_as(administrator_of(account))
    page.goto("/users/")
    page.get_by_role("link", name="Buy now").click()
    page.get_by_label("Enterprise: 20.00 USD per licence per month").check()
    page.get_by_label("Today").check()
    page.get_by_role("button", name="Show what it costs").click()
    expect(page.get_by_text("You buy the Enterprise plan: $60.00 now, $60.00 from")).to_be_visible()
    page.get_by_role("button", name="Buy", exact=True).click()
    expect(page.get_by_text("You bought the Enterprise plan.")).to_be_visible()
    page.goto("/users/")
    expect(page.get_by_role("link", name="Buy now")).to_have_count(0)
