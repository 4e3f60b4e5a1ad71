"""What an account owes and has in hand, and that the neighbour's money is nobody else's."""

from uuid import uuid4

import pytest

from charging import noon
from invoicing import given_invoice
from seatledger.domain.invoices.actions import credit_invoice
from seatledger.domain.invoices.crediting import Everything
from seatledger.domain.invoices.entries import settle, write_entry
from seatledger.domain.invoices.models import EntryKind
from seatledger.domain.invoices.queries import credit_balance, get_balance, list_open_invoices
from seatledger.engine.money import Money
from support import STAFF, given_account

pytestmark = pytest.mark.django_db


def test_what_is_open_what_is_credit_and_what_is_owed():
    account, neighbour = given_account("Northwind"), given_account("Southwind")
    late = given_invoice(account, [10000], on="2026-03-05")
    early = given_invoice(account, [5000], on="2026-03-03")
    given_invoice(neighbour, [700])
    assert [issue.document for issue in list_open_invoices(account)] == [early, late]
    assert (get_balance(account), credit_balance(account)) == (18000, 0)
    payment, paid = uuid4(), Money(18000, account.currency)
    write_entry(account, EntryKind.PAYMENT, -paid, payment_id=payment, at=noon("2026-03-06"))
    for invoice, part in ((early, 6000), (late, 12000)):
        settle(invoice, EntryKind.PAYMENT, part, payment_id=payment, at=noon("2026-03-06"))
    assert list_open_invoices(account) == []
    credit_invoice(invoice=early, credit=Everything(), reason="x", at=noon("2026-03-07"), by=STAFF)
    assert (get_balance(account), credit_balance(account)) == (-6000, 6000)
    assert (get_balance(neighbour), credit_balance(neighbour)) == (840, 0)


def test_an_account_without_documents_owes_nothing():
    account = given_account()
    assert (get_balance(account), credit_balance(account), list_open_invoices(account)) == (0, 0, [])
