"""Whoever changes a payment behind the actions' back is found out."""

import pytest
from django.db import connection

from commands import run_command
from delivery import forget_the_jobs
from paying import assert_the_books_are_true, given_debtor, pay
from seatledger.domain.invoices.actions import credit_invoice
from seatledger.domain.invoices.crediting import GrossAmount
from seatledger.domain.payments.actions.refunds import refund_credit
from seatledger.domain.payments.models import Payment
from seatledger.domain.payments.queries import find_wrong_payments
from support import LATER, STAFF

pytestmark = pytest.mark.django_db(transaction=True)

REFUNDED = (
    "5000 refunded by the count, 4999 by its refunds, 5000 on the statement; 0 of it without a credit note,"
    " 0 by its refunds; 5000 of credit notes, 5000 by settlements"
)


@pytest.fixture
def payment() -> Payment:
    """A payment of 120.00, of which 50.00 went back."""
    forget_the_jobs()
    _, invoice = given_debtor()
    payment = pay(invoice)
    note = credit_invoice(invoice=invoice, credit=GrossAmount(5000), reason="x", at=LATER, by=STAFF)
    refund_credit(credit_note=note, payment=payment, amount_minor=5000, why="x", at=LATER, by=STAFF)
    return payment


def test_what_the_actions_wrote_adds_up(payment: Payment):
    assert_the_books_are_true([payment.account])
    assert run_command("verify")[0] == 0


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (
            "UPDATE payments_payment SET applied_minor = 11999",
            ["11999 applied by the count, 12000 by settlements"],
        ),
        (
            "UPDATE payments_payment SET amount_minor = 12001",
            ["12001 paid and 0 taken back, 12000 and 0 on the statement"],
        ),
        (
            "UPDATE payments_refund SET amount_minor = 4999",
            [
                REFUNDED,
            ],
        ),
    ],
)
def test_what_was_changed_is_found(payment: Payment, change: str, found: list[str]):
    with connection.cursor() as cursor:
        cursor.execute(change)
    assert [each.what for each in find_wrong_payments(payment.account)] == found
    assert {each.subject for each in find_wrong_payments(None)} == {f"payment {payment.pk}"}
    code, output = run_command("verify")
    assert (code, found[0] in output) == (1, True)
