"""Money that goes back, what the bank takes back, and that neither ever exceeds what was paid."""

from datetime import timedelta

import pytest

from delivery import forget_the_jobs
from invoicing import given_invoice
from leaving import close
from paying import (
    DISPUTED,
    GOOD,
    REFUND_FAILS,
    assert_the_books_are_true,
    do_the_payments,
    given_debtor,
    open_minor_of,
    pay,
)
from seatledger.domain.events.models import Event
from seatledger.domain.invoices.actions import credit_invoice
from seatledger.domain.invoices.crediting import Everything, GrossAmount
from seatledger.domain.invoices.queries import get_balance
from seatledger.domain.invoices.refusals import MoreThanIsOpen
from seatledger.domain.payments.actions.charges import store_answer
from seatledger.domain.payments.actions.refunds import (
    MoreThanWasPaid,
    refund_credit,
    refund_unapplied,
    store_refund_answer,
    take_from_payment,
)
from seatledger.domain.payments.gateways.interface import Answer, Outcome
from seatledger.domain.payments.gateways.sandbox import world
from seatledger.domain.payments.gateways.sandbox.models import SandboxDispute, SandboxRefund
from seatledger.domain.payments.models import Dispute, Dunning, Payment, PaymentState, Refund
from seatledger.domain.staff.actions import Intent, do_deed
from staffing import actor, given_member
from support import LATER, NEXT_DAY, NEXT_MONTH, STAFF, SYSTEM, count_of, run_together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_old_jobs():
    forget_the_jobs()


def given_credit(number=GOOD, credit=None):
    """Return an account, its payment of 120.00, and a credit note for all of it, or for so much."""
    account, invoice = given_debtor(number)
    payment = pay(invoice)
    note = credit_invoice(invoice=invoice, credit=credit or Everything(), reason="x", at=LATER, by=STAFF)
    return account, payment, note


def refund(note, amount_minor, payment=None):
    return refund_credit(
        credit_note=note, payment=payment, amount_minor=amount_minor, why="x", at=NEXT_DAY, by=STAFF
    )


def test_a_credit_note_goes_back_by_the_card_that_paid():
    account, payment, note = given_credit()
    (made,) = refund(note, 12000)
    assert (made.state, open_minor_of(note), get_balance(account)) == ("intended", 0, 0)
    do_the_payments()
    made.refresh_from_db()
    payment.refresh_from_db()
    assert (made.state, payment.refunded_minor, payment.refundable_minor) == ("succeeded", 12000, 0)
    assert SandboxRefund.objects.get().amount_minor == 12000
    assert_the_books_are_true([account])


def test_what_a_closed_account_is_owed_still_goes_back():
    account, payment, note = given_credit()
    close(account, at=NEXT_DAY)
    ada, arguments = given_member(), {"document_id": str(note.pk), "amount_minor": 12000}
    intent = Intent("refund_credit_note", arguments, "They have left")
    do_deed(account=account, intent=intent, at=NEXT_MONTH, by=actor(ada))
    do_the_payments()
    payment.refresh_from_db()
    assert (open_minor_of(note), payment.refunded_minor, get_balance(account)) == (0, 12000, 0)


def test_a_refund_that_fails_gives_both_back():
    account, payment, note = given_credit(REFUND_FAILS)
    (made,) = refund(note, 5000)
    do_the_payments()
    assert Refund.objects.get().state == "pending"
    world.let_time_pass()
    do_the_payments()
    made.refresh_from_db()
    payment.refresh_from_db()
    assert (made.state, payment.refunded_minor, open_minor_of(note)) == ("failed", 0, 12000)
    assert get_balance(account) == -12000
    assert Event.objects.filter(account=account, kind="refund_failed").count() == 1
    assert_the_books_are_true([account])
    for outcome in (Outcome.FAILED, Outcome.SUCCEEDED):
        store_refund_answer(refund=made, answer=Answer(outcome), at=NEXT_DAY, by=SYSTEM)
    assert_the_books_are_true([account])


def test_never_more_than_was_paid_and_never_more_than_is_left_of_the_note():
    account, payment, note = given_credit(credit=GrossAmount(6000))
    with pytest.raises(MoreThanIsOpen):
        refund(note, 6001)
    with pytest.raises(MoreThanWasPaid):
        refund(note, 12001, payment)
    refund(note, 6000)
    with pytest.raises(MoreThanIsOpen):
        refund(note, 1)
    with pytest.raises(MoreThanWasPaid):
        refund_unapplied(payment=payment, amount_minor=1, why="x", at=NEXT_DAY, by=STAFF)
    assert_the_books_are_true([account])


def test_what_no_invoice_took_goes_back():
    account, invoice = given_debtor("4000 0000 0000 0077")
    payment = pay(invoice)
    credit_invoice(invoice=invoice, credit=Everything(), reason="x", at=LATER, by=STAFF)
    store_answer(payment=payment, answer=Answer(Outcome.SUCCEEDED), at=NEXT_DAY, by=SYSTEM)
    world.let_time_pass()
    refund_unapplied(payment=payment, amount_minor=12000, why="x", at=NEXT_DAY, by=STAFF)
    do_the_payments()
    payment.refresh_from_db()
    assert (payment.returned_minor, payment.unapplied_minor, get_balance(account)) == (12000, 0, 0)
    assert Refund.objects.get().state == "succeeded"
    assert_the_books_are_true([account])


def test_refunds_at_one_moment_never_exceed_what_was_paid():
    account, payment, note = given_credit()
    outcomes = run_together(*[lambda: refund(note, 5000)] * 4)
    assert count_of(list, outcomes) == 2
    do_the_payments()
    payment.refresh_from_db()
    assert (payment.refunded_minor, open_minor_of(note)) == (10000, 2000)
    assert_the_books_are_true([account])


def test_without_the_account_held_the_count_still_refuses():
    _, payment, _ = given_credit()
    outcomes = run_together(*[lambda: take_from_payment(payment, 5000, is_unapplied=False)] * 4)
    assert count_of(MoreThanWasPaid, outcomes) == 2
    assert Payment.objects.get().refunded_minor == 10000


def test_looking_first_and_counting_after_would_give_too_much_back():  # the control
    _, payment, _ = given_credit()

    def look_then_count() -> int:
        seen = Payment.objects.get(pk=payment.pk)
        return seen.refundable_minor

    seen = run_together(*[look_then_count] * 4)
    assert sum(min(5000, each) for each in seen) == 20000 > payment.amount_minor


# Disputes


def given_dispute():
    account, invoice = given_debtor(DISPUTED)
    payment = pay(invoice)
    world.let_time_pass()
    do_the_payments()
    return account, invoice, payment


def test_a_dispute_is_seen_by_staff_and_changes_no_books_yet():
    account, invoice, payment = given_dispute()
    dispute = Dispute.objects.get()
    assert (dispute.payment, dispute.state, dispute.amount_minor) == (payment, "open", 12000)
    assert (open_minor_of(invoice), get_balance(account)) == (0, 0)
    assert Event.objects.filter(account=account, kind="dispute_opened").count() == 1


def test_a_lost_dispute_opens_the_invoice_again():
    account, invoice, payment = given_dispute()
    world.end_dispute(SandboxDispute.objects.get(), we_keep_the_money=False)
    do_the_payments()
    payment.refresh_from_db()
    assert (payment.state, Dispute.objects.get().state) == (PaymentState.REVERSED, "lost")
    assert (open_minor_of(invoice), get_balance(account)) == (12000, 12000)
    assert Dunning.objects.filter(invoice=invoice, ended_at=None).exists()
    assert_the_books_are_true([account])
    with pytest.raises(MoreThanWasPaid):
        refund_unapplied(payment=payment, amount_minor=1, why="x", at=NEXT_DAY, by=STAFF)


def test_a_dispute_that_is_won_is_closed():
    account, invoice, _ = given_dispute()
    world.end_dispute(SandboxDispute.objects.get(), we_keep_the_money=True)
    do_the_payments()
    assert (Dispute.objects.get().state, open_minor_of(invoice)) == ("won", 0)
    assert_the_books_are_true([account])


def test_a_part_is_taken_back_from_credit_first_then_from_what_was_settled_last():
    account, invoice = given_debtor()
    payment = pay(invoice)
    small = given_invoice(account, [5000])
    Payment.objects.filter(pk=payment.pk).update(applied_minor=12000)
    from_bank = timedelta(days=1)
    store_answer(
        payment=payment,
        answer=Answer(Outcome.FAILED, reason="returned"),
        at=NEXT_DAY + from_bank,
        by=SYSTEM,
    )
    assert (open_minor_of(invoice), open_minor_of(small)) == (12000, 6000)
    assert_the_books_are_true([account])
