"""`seatledger payment`: what waits for a person, and money that goes back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from commands import run_command
from delivery import forget_the_jobs
from paying import assert_the_books_are_true, given_debtor, open_minor_of, pay
from seatledger.domain.invoices.actions import credit_invoice
from seatledger.domain.invoices.crediting import Everything
from seatledger.domain.payments.actions import HandTransfer, book_by_hand
from seatledger.domain.payments.models import Payment, PaymentState, Refund, RefundState
from seatledger.domain.payments.transfers import Part
from support import LATER, STAFF

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_old_jobs():
    forget_the_jobs()


def given_credit_note(invoice):
    return credit_invoice(invoice=invoice, credit=Everything(), reason="x", at=LATER, by=STAFF)


def test_a_credit_note_goes_back_by_the_card():
    account, invoice = given_debtor()
    pay(invoice)
    note = given_credit_note(invoice)
    code, said = run_command(
        "payment", "refund", note.issue.reference, "--amount", "20.00", "--reason", "Asked"
    )
    assert (code, Refund.objects.get().amount_minor) == (0, 2000)
    assert "20.00" in said
    assert open_minor_of(note) == 10000
    assert run_command("payment", "refund", note.issue.reference, "--reason", "Asked")[0] == 0
    code, said = run_command("payment", "refund", note.issue.reference, "--amount", "0.01", "--reason", "x")
    assert code == 2
    assert_the_books_are_true([account])


def test_an_invoice_does_not_go_back():
    _, invoice = given_debtor()
    code, said = run_command("payment", "refund", invoice.issue.reference, "--reason", "x")
    assert (code, "Credit the invoice first" in said) == (2, True)


def test_a_transfer_goes_back_by_hand_and_that_is_said():
    account, invoice = given_debtor()
    told = HandTransfer(12000, LATER.date(), "Northwind", invoice.issue.reference)
    book_by_hand(account=account, told=told, parts=[Part(invoice.pk, 12000)], at=LATER, by=STAFF)
    note = given_credit_note(invoice)
    assert "by hand" in run_command("payment", "refund", note.issue.reference, "--reason", "Asked")[1]
    refund = Refund.objects.get()
    assert f"by hand  {refund.pk}" in run_command("payment", "waiting")[1]
    assert run_command("payment", "sent-back", refund.pk)[0] == 0
    refund.refresh_from_db()
    assert refund.state == RefundState.SUCCEEDED
    assert run_command("payment", "waiting")[1] == ""
    assert_the_books_are_true([account])


def test_an_outcome_that_nobody_told_is_listed_after_half_an_hour():
    _, invoice = given_debtor()
    payment = pay(invoice)
    for minutes, listed in ((29, False), (31, True)):
        sent_at = timezone.now() - timedelta(minutes=minutes)
        Payment.objects.filter(pk=payment.pk).update(
            state=PaymentState.UNKNOWN, sent_at=sent_at, applied_minor=0, ended_at=None
        )
        assert (f"unknown  {payment.pk}" in run_command("payment", "waiting")[1]) is listed


def test_a_payment_of_nobody_is_refused():
    assert (
        run_command("payment", "give-back", "6a0f7a52-7b38-4a75-9a55-2a1bb0c6b7a1", "--reason", "x")[0] == 2
    )
