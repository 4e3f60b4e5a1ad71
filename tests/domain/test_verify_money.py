"""Whoever changes an amount behind the actions' back is found out."""

from uuid import uuid4

import pytest
from django.db import connection

from charging import bill, given_vendor, noon
from commands import run_command
from invoicing import given_invoice
from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.actions import credit_invoice, void_invoice, write_off
from seatledger.domain.invoices.crediting import GrossAmount
from seatledger.domain.invoices.entries import settle, write_entry
from seatledger.domain.invoices.models import BalanceEntry, EntryKind, Issue
from seatledger.domain.invoices.queries import find_wrong_amounts
from seatledger.domain.payments.models import Payment, PaymentState
from seatledger.engine.money import Money
from selling import given_subscription
from support import STAFF, given_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> Account:
    """An account with a little of everything, beside a neighbour with an invoice."""
    account, neighbour = given_account("Northwind"), given_account("Southwind")
    given_vendor(percent="20")
    given_subscription(account, quantities={"professional-user": 10}, at=noon("2026-03-03"))
    bill(account, "2026-04-10")
    given_invoice(neighbour)
    first, second = [issue.document for issue in Issue.objects.filter(account=account).order_by("number")]
    credit_invoice(invoice=first, credit=GrossAmount(1000), reason="x", at=noon("2026-04-11"), by=STAFF)
    payment = uuid4()
    paid = Money(5000, account.currency)
    Payment.objects.create(
        id=payment,
        account=account,
        gateway="transfer",
        state=PaymentState.SUCCEEDED,
        currency=paid.currency,
        amount_minor=5000,
        applied_minor=5000,
        intended_at=noon("2026-04-12"),
    )
    settle(first, EntryKind.PAYMENT, 5000, payment_id=payment, at=noon("2026-04-12"))
    write_entry(account, EntryKind.PAYMENT, -paid, payment_id=payment, at=noon("2026-04-12"))
    write_off(invoice=first, reason="x", at=noon("2026-04-13"), by=STAFF)
    void_invoice(invoice=second, reason="x", at=noon("2026-04-14"), by=STAFF)
    bill(account, "2026-04-15")
    return account


def behind_the_back(table: str, change: str, account: Account) -> None:
    """Change a table with its triggers switched off, as only the owner of the database can."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(change.format(table=table), {"account": account.pk})
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def wrong(account: Account) -> list[tuple[str, str]]:
    assert find_wrong_amounts(Account.objects.get(name="Southwind")) == []
    return [(each.subject, each.what) for each in find_wrong_amounts(account)]


def test_what_the_actions_wrote_adds_up(account: Account):
    assert find_wrong_amounts(None) == []
    code, output = run_command("verify")
    assert code == 0
    assert output.splitlines()[-1] == (
        f"OK: {Issue.objects.count()} documents and {BalanceEntry.objects.count()} entries of statements add up."
    )


@pytest.mark.parametrize(
    ("table", "change", "found"),
    [
        (
            "invoices_line",
            "UPDATE {table} SET amount_minor = 11999 WHERE period_starts_on = '2026-03-03' AND position = 1",
            [("INV-1", "a net of 12000, its lines 11999, its rates 12000; a tax of 2400, its rates 2400")],
        ),
        (
            "invoices_issue",
            "UPDATE {table} SET open_minor = 1 WHERE reference = 'INV-1'",
            [("INV-1", "1 open of 14400, though 14400 is settled")],
        ),
        (
            "invoices_issue",
            "UPDATE {table} SET open_minor = 5 WHERE reference = 'INV-2'",
            [("INV-2", "5 open of 14400, though 0 is settled and it is void")],
        ),
        (
            "invoices_issue",
            "UPDATE {table} SET credited_minor = 0 WHERE reference = 'INV-1'",
            [("INV-1", "0 of 14400 credited by the count, 1000 by its credit notes, with 167 of 2400 tax")],
        ),
        (
            "invoices_balanceentry",
            "UPDATE {table} SET balance_minor = 7 WHERE account_id = %(account)s AND sequence = 2",
            [("statement", "after entry 2: a balance of 7, added up 28800")],
        ),
        (
            "invoices_balanceentry",
            "DELETE FROM {table} WHERE kind = 'write_off'",
            [
                ("statement", "after entry 6: a balance of 0, added up 8400"),
                ("statement", "after entry 7: a balance of 14400, added up 22800"),
            ],
        ),
        (
            "invoices_numberseries",
            "UPDATE {table} SET next_number = 9 WHERE kind = 'credit_note'",
            [("CN-1", "the next number would be 9")],
        ),
    ],
)
def test_an_amount_that_was_changed_disagrees(
    account: Account, table: str, change: str, found: list[tuple[str, str]]
):
    behind_the_back(table, change, account)
    assert wrong(account) == found


def test_a_number_that_is_gone_shows(account: Account):
    neighbour = Issue.objects.get(account__name="Southwind")
    assert neighbour.reference == "INV-3"
    behind_the_back("invoices_issue", "DELETE FROM {table} WHERE reference = 'INV-3'", account)
    assert ("INV-4", "a number before it is missing") in wrong(account)
    code, output = run_command("verify", account.serial_number)
    assert code == 1
    assert f"{account.serial_number}: INV-4: a number before it is missing." in output
