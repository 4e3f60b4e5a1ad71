"""Paying: cards are added and changed on the gateway's page, orders and invoices are paid, with a script and without."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.utils import timezone
from playwright.sync_api import expect

from buying import MONTH, given_american_account, given_enterprise
from delivery import do_the_jobs, forget_the_jobs
from paying import ASKS, GOOD, given_card
from seatledger.domain.invoices.actions import bill_account
from seatledger.domain.licences.models import Pool
from seatledger.domain.payments.models import Order, Payment
from seatledger.domain.subscriptions.models import SoldBy
from support import STAFF, administrator_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_old_jobs():
    forget_the_jobs()


@pytest.fixture(params=["with a script", "without a script"])
def visit(request, portal):
    return portal.visit_as if request.param == "with a script" else portal.visit_without_script


def do_the_payments():
    """Do the queued jobs of payments in a thread of their own: the browser's driver has a loop in this one."""

    def work():
        do_the_jobs("payments")
        connections.close_all()

    with ThreadPoolExecutor(1) as aside:
        aside.submit(work).result()


def given_ten(*, sold_by=SoldBy.ONLINE, trial=False):
    """Ten licences at 20.00 a month since today, billed; nothing to pay with."""
    now, account = timezone.now(), given_american_account()
    given_enterprise(account, number=10, interval=MONTH, sold_by=sold_by, trial=trial, at=now)
    bill_account(account=account, at=now, by=STAFF)
    return account


def enter_card(page, number):
    """Go to the gateway's page, which a job prepares, enter a number there, and come back."""
    do_the_payments()
    page.get_by_label("Card number").fill(number)
    page.get_by_role("button", name="Add this card").click()
    expect(page.get_by_role("heading", name="Adding a payment method")).to_be_visible()
    do_the_payments()
    expect(page.get_by_role("heading", name="Change Payment Method")).to_be_visible()


def confirm_with_the_bank(page):
    do_the_payments()
    page.get_by_role("link", name="Confirm with your bank").click()
    page.get_by_role("button", name="Confirm").click()
    do_the_payments()


def test_a_card_is_added_and_changed(visit):  # E16, E17
    page = visit(administrator_of(given_ten()))
    page.goto("/billing/summary/")
    page.get_by_role("link", name="Change Payment Method").click()
    page.get_by_role("button", name="Add a card").click()
    enter_card(page, ASKS)
    expect(page.get_by_role("row", name="Visa •••• 3184")).to_be_visible()
    page.get_by_role("button", name="Change Visa •••• 3184").click()
    enter_card(page, GOOD)
    expect(page.get_by_role("row", name="Visa •••• 4242")).to_be_visible()
    expect(page.get_by_role("row", name="Visa •••• 3184")).to_have_count(0)


def test_licences_are_added_by_card(visit):  # A19, E11, E12
    account = given_ten()
    given_card(account, at=timezone.now())
    page = visit(administrator_of(account))
    page.goto("/billing/")
    page.get_by_role("link", name="Need more licences?").first.click()
    page.get_by_label("More Enterprise User licences").fill("2")
    page.get_by_role("button", name="Show what it costs").click()
    expect(page.get_by_text("now by Visa •••• 4242")).to_be_visible()
    page.get_by_role("button", name="Purchase").click()
    expect(page.get_by_text("We are asking for the payment.")).to_be_visible()
    assert Pool.objects.get(account=account, total_licences__gt=0).total_licences == 10
    do_the_payments()
    expect(page.get_by_text("Done: it is paid, and the licences are yours")).to_be_visible()
    page.get_by_role("link", name="Invoice INV-2").click()
    expect(page.get_by_text("Nothing is open.")).to_be_visible()
    assert (Order.objects.count(), Payment.objects.count()) == (1, 1)


def test_a_trial_is_bought_with_a_card_whose_bank_asks(visit):  # A21
    account = given_ten(trial=True)
    given_card(account, ASKS, at=timezone.now())
    page = visit(administrator_of(account))
    page.goto("/users/")
    page.get_by_role("link", name="Buy now").click()
    page.get_by_label("Number of Enterprise User licences").fill("12")
    page.get_by_role("button", name="Show what it costs").click()
    page.get_by_role("button", name="Buy", exact=True).click()
    confirm_with_the_bank(page)
    expect(page.get_by_text("Done: it is paid, and the licences are yours")).to_be_visible()
    page.goto("/users/")
    expect(page.get_by_role("link", name="Buy now")).to_have_count(0)


def test_an_open_invoice_is_paid(visit, theme):  # E18, E19
    account = given_ten()
    given_card(account, ASKS, at=timezone.now())
    page = visit(administrator_of(account))
    page.goto("/billing/invoices/")
    page.get_by_role("button", name="Pay $200.00 now").click()
    confirm_with_the_bank(page)
    expect(page.get_by_text("The payment arrived.")).to_be_visible()
    page.goto("/billing/invoices/")
    expect(page.get_by_text("Nothing is open")).to_be_visible()
    page.get_by_role("link", name="Payment for INV-1").click()
    page.get_by_role("link", name="Invoice INV-1").click()
    expect(page.get_by_text("Nothing is open.")).to_be_visible()


def test_a_contract_without_a_card_asks_the_sales_team(visit):  # E12, A19
    page = visit(administrator_of(given_ten(sold_by=SoldBy.CONTRACT)))
    page.goto("/billing/")
    page.get_by_role("link", name="Need more licences?").first.click()
    page.get_by_label("How many more").fill("5")
    page.get_by_role("button", name="Send request").click()
    expect(page.get_by_text("Your request was sent.")).to_be_visible()
    page.goto("/billing/summary/")
    expect(page.get_by_text("sales@vendor.example").first).to_be_visible()
