"""Accounts with a card at the sandbox and invoices to pay, for the tests of payments.

A test that asks the gateway needs `django_db(transaction=True)`: the sandbox commits by itself, as the outside does.
"""

from collections.abc import Iterable
from datetime import datetime

from delivery import do_the_jobs
from invoicing import given_invoice
from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.models import Document, Issue
from seatledger.domain.invoices.queries import find_wrong_amounts, get_balance
from seatledger.domain.payments.actions import NewMethod, add_method, choose_default
from seatledger.domain.payments.actions.charges import NewPayment, intend_charge
from seatledger.domain.payments.charging import charge_payment
from seatledger.domain.payments.customers import customer_at
from seatledger.domain.payments.gateways.registry import gateway_named
from seatledger.domain.payments.gateways.sandbox.numbers import find_number
from seatledger.domain.payments.gateways.sandbox.world import keep_number
from seatledger.domain.payments.models import MethodKind, Payment, PaymentMethod
from seatledger.domain.payments.queries import find_wrong_payments
from support import AT, LATER, STAFF, SYSTEM, given_account

GOOD = "4242 4242 4242 4242"
DECLINED = "4000 0000 0000 0341"
ASKS = "4000 0027 6000 3184"
ASKS_IF_ABSENT = "4000 0025 0000 3155"
LATER_GOOD = "4000 0000 0000 0077"
TIMES_OUT = "4000 0000 0000 0119"
DISPUTED = "4000 0000 0000 0259"
REFUND_FAILS = "4000 0000 0000 3725"
DEBIT = "DE89 3704 0044 0532 0130 00"
RETURNED_DEBIT = "DE35 3704 0044 0532 0130 02"


def given_card(account: Account, number: str = GOOD, *, at: datetime = AT) -> PaymentMethod:
    """Let an account pay by a test number from now on, as if it had been entered on the sandbox's page."""
    kind = MethodKind.DIRECT_DEBIT if number[:2].isalpha() else MethodKind.CARD
    found = find_number(number, kind)
    assert found is not None
    expires = (2099, 12) if kind is MethodKind.CARD else None
    entered = keep_number(customer_at(gateway_named("sandbox"), account, at=at), found, expires)
    new = NewMethod(kind, "sandbox", entered.token, found.brand, found.last_four, expires)
    method = add_method(account=account, new=new, at=at, by=STAFF)
    choose_default(account=account, method_id=method.pk, at=at, by=STAFF)
    method.refresh_from_db()
    return method


def given_debtor(
    number: str = GOOD, *, name: str = "Northwind", net: int = 10000
) -> tuple[Account, Document]:
    """Return an account with a card and an invoice of 120.00 (tax included), which is not paid yet."""
    account = given_account(name)
    given_card(account, number)
    return account, given_invoice(account, [net])


def intend(invoice: Document, *, at: datetime = LATER, present: bool = False) -> Payment:
    """Intend to charge an invoice to its account's default method."""
    new = NewPayment(document=invoice, customer_present=present, return_url="/billing/")
    payment = intend_charge(account=invoice.account, new=new, at=at, by=SYSTEM)
    assert payment is not None
    return payment


def pay(invoice: Document, *, at: datetime = LATER, present: bool = False) -> Payment:
    """Charge an invoice, as the job does, and return the payment as it is then."""
    payment = intend(invoice, at=at, present=present)
    charge_payment(payment, clock=lambda: at)
    payment.refresh_from_db()
    return payment


def do_the_payments() -> None:
    """Do the jobs of payments that are queued now."""
    do_the_jobs("payments")


def open_minor_of(document: Document) -> int:
    return Issue.objects.get(document=document).open_minor


def assert_the_books_are_true(accounts: Iterable[Account] = ()) -> None:
    """Add everything up again; of these accounts also what is open with what they owe."""
    assert find_wrong_amounts(None) == []
    assert find_wrong_payments(None) == []
    for account in accounts:
        unapplied = sum(payment.unapplied_minor for payment in Payment.objects.filter(account=account))
        opened = Issue.objects.filter(account=account, document__kind="invoice")
        credit = Issue.objects.filter(account=account, document__kind="credit_note")
        assert (
            get_balance(account)
            == sum(row.open_minor for row in opened) - sum(row.open_minor for row in credit) - unapplied
        )
