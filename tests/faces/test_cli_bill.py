"""Operators bill what is due, look at what would be, and decide on what waits."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from charging import documents_of, given_vendor
from commands import run_command as run
from seatledger.domain.invoices.models import AccountBilling, BillingRun, Document
from seatledger.faces.jobs.tasks import bill_accounts
from selling import given_subscription
from support import given_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    given_vendor()
    account = given_account()
    given_subscription(
        account, quantities={"professional-user": 10}, at=timezone.now() - timedelta(minutes=1)
    )
    return account


SAID = "1 account(s) looked at, 1 document(s), 0 waiting.\nInvoices: 120.00 GBP\n"


def test_what_is_due_is_billed_once(account):
    assert run("bill") == (0, SAID)
    assert run("bill") == (0, "1 account(s) looked at, 0 document(s), 0 waiting.\n")
    assert len(documents_of(account)) == 1
    assert BillingRun.objects.filter(finished_at__isnull=False).count() == 2


def test_a_dry_run_says_what_would_be_and_writes_nothing(account):
    assert run("bill", "--dry-run") == (0, f"{SAID}Nothing was changed: this was a dry run.\n")
    assert (Document.objects.count(), BillingRun.objects.count(), AccountBilling.objects.count()) == (0, 0, 0)
    one = run("bill", "--account", account.serial_number, "--dry-run")
    assert one == (0, f"{SAID}Nothing was changed: this was a dry run.\n")
    assert (Document.objects.count(), AccountBilling.objects.count()) == (0, 0)


def test_one_account_is_billed_by_its_serial_number(account):
    other = given_account("Southwind")
    given_subscription(other)
    assert run("bill", "--account", account.serial_number) == (0, SAID)
    assert (len(documents_of(account)), documents_of(other)) == (1, [])


def test_programs_read_one_object_a_line(account):
    code, output = run("bill", "--json")
    document, summary = map(json.loads, output.splitlines())
    assert code == 0
    assert (document["event"], document["account"], document["total_minor"]) == (
        "document",
        account.serial_number,
        12000,
    )
    assert summary == {
        "event": "summary",
        "accounts": 1,
        "documents": 1,
        "parked": 0,
        "totals": [{"kind": "invoice", "currency": "GBP", "total_minor": 12000}],
    }


def test_what_waits_is_released_or_discarded(account, settings):
    settings.SEATLEDGER_BILLING_BOUNDS = {"times": 2, "least": 10, "first": 100}
    code, output = run("bill")
    assert (code, output.splitlines()[0].split(":")[0]) == (0, f"{account.serial_number} waits")
    assert run("bill", "--discard", account.serial_number) == (
        0,
        f"The draft of {account.serial_number} is gone; the next run makes it anew.\n",
    )
    assert Document.objects.count() == 0
    run("bill")
    assert run("bill", "--release", account.serial_number) == (
        0,
        f"{account.serial_number} is billed again from now on.\n",
    )
    assert len(documents_of(account)) == 1
    assert run("bill", "--release", account.serial_number) == (
        2,
        f"seatledger: The billing of {account.serial_number} does not wait for anybody.\n",
    )


def test_one_account_is_held_back_by_the_same_bounds(account, settings):
    settings.SEATLEDGER_BILLING_BOUNDS = {"times": 2, "least": 10, "first": 100}
    one = ("bill", "--account", account.serial_number)
    for words in (*one, "--dry-run"), one:
        code, output = run(*words)
        assert (code, output.splitlines()[0].split(":")[0]) == (0, f"{account.serial_number} waits")
    assert documents_of(account) == []
    assert run(*one)[0] == 2
    run("bill", "--release", account.serial_number)
    assert len(documents_of(account)) == 1


def test_a_day_that_has_not_come_is_not_billed(account):
    tomorrow = (timezone.now() + timedelta(days=2)).date()
    code, output = run("bill", "--through", tomorrow)
    assert (code, output.splitlines()[-1]) == (
        2,
        "Error: Invalid value for --through: that day has not come yet.",
    )


def test_the_job_of_every_hour_does_the_same(account):
    bill_accounts(0)
    bill_accounts(0)
    assert len(documents_of(account)) == 1


def test_the_job_does_nothing_where_nobody_sells():
    given_subscription()
    bill_accounts(0)
    assert Document.objects.count() == 0
