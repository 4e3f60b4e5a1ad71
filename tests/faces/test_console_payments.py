"""Console > Payments: what neither a gateway nor a bank finishes, and what staff do about it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from staff_visits import sign_in_staff

from delivery import forget_the_jobs
from paying import (
    DISPUTED,
    assert_the_books_are_true,
    do_the_payments,
    given_debtor,
    intend,
    open_minor_of,
    pay,
)
from reading import text_of
from seatledger.domain.invoices.actions import credit_invoice
from seatledger.domain.invoices.crediting import Everything
from seatledger.domain.payments.actions import HandTransfer, book_by_hand
from seatledger.domain.payments.actions.charges import claim_payment, mark_unknown
from seatledger.domain.payments.actions.deciding import OutcomeKnown, decide_payment
from seatledger.domain.payments.actions.refunds import refund_credit, refund_unapplied
from seatledger.domain.payments.gateways.sandbox import world
from seatledger.domain.payments.models import Dunning, Payment, PaymentState, Refund, RefundState
from seatledger.domain.payments.transfers import Part
from seatledger.domain.staff.models import DeedState, StaffDeed
from seatledger.domain.staff.permissions import StaffRole
from staffing import given_member
from support import LATER, STAFF, SYSTEM, refreshed

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/console/payments/"
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def no_old_jobs():
    forget_the_jobs()


def biller(name="Bram Olsen", role=StaffRole.BILLING):
    return sign_in_staff(given_member(name, role))


def do(visitor, account, deed, **typed):
    address = reverse("console:deed", args=[account.serial_number, deed])
    answer = visitor.post(address, {"reason": "Seen in the books of the gateway"} | typed)
    assert answer.status_code == 302, text_of(answer)


def given_unknown(*, at=LATER, net=10000):
    """Return an account and a payment of whose outcome nobody told."""
    account, invoice = given_debtor(net=net)
    payment = intend(invoice, at=at)
    claim_payment(payment=payment, at=at, by=SYSTEM)
    mark_unknown(payment=payment, at=at, by=SYSTEM)
    return account, invoice, payment


def test_an_unknown_outcome_is_settled_by_a_person_who_looked():
    account, invoice, payment = given_unknown()
    staff = biller()
    assert "INV-1" in text_of(staff.get(PAGE), "#unknown")
    assert "Payments to look after 1" in text_of(staff.get("/console/"))
    do(staff, account, "settle_payment", payment_id=str(payment.pk))
    assert (refreshed(payment).state, open_minor_of(invoice)) == (PaymentState.SUCCEEDED, 0)
    assert "The gateways have told" in text_of(staff.get(PAGE))
    assert_the_books_are_true([account])


def test_an_unknown_outcome_is_given_up_and_asked_for_again():
    account, invoice, payment = given_unknown()
    do(biller(), account, "give_up_payment", payment_id=str(payment.pk))
    assert (refreshed(payment).state, open_minor_of(invoice)) == (PaymentState.FAILED, 12000)
    assert Dunning.objects.filter(invoice=invoice, ended_at__isnull=True).exists()


def test_what_is_known_or_still_asked_is_not_decided():
    account, _, payment = given_unknown(at=timezone.now() - timedelta(minutes=10))
    with pytest.raises(OutcomeKnown):
        decide_payment(payment=payment, was_taken=True, at=timezone.now(), by=STAFF)
    decide_payment(payment=payment, was_taken=True, at=timezone.now() + HOUR, by=STAFF)
    with pytest.raises(OutcomeKnown):
        decide_payment(payment=payment, was_taken=False, at=timezone.now() + HOUR, by=STAFF)
    assert_the_books_are_true([account])


def test_a_large_one_waits_for_a_second_person():
    account, _, payment = given_unknown(net=9_000_000)
    do(biller(), account, "settle_payment", payment_id=str(payment.pk))
    assert refreshed(payment).state == PaymentState.UNKNOWN
    deed = StaffDeed.objects.get(state=DeedState.WAITING)
    second = biller("Ada Quist", StaffRole.ADMINISTRATOR)
    second.post(reverse("console:decide", args=[deed.pk]), {"decision": "approve"})
    assert refreshed(payment).state == PaymentState.SUCCEEDED


def test_a_dispute_is_shown_with_its_deadline():
    _, invoice = given_debtor(DISPUTED)
    intend(invoice)
    do_the_payments()
    world.let_time_pass()
    do_the_payments()
    page = text_of(biller("Suri Patel", StaffRole.SUPPORT).get(PAGE), "#disputes")
    until = timezone.now() + timedelta(days=7)
    assert f"fraudulent {until.day} {until:%b %Y}" in page


def test_a_credit_note_goes_back_from_its_page_and_by_hand_where_it_came_by_transfer():
    account, invoice = given_debtor()
    told = HandTransfer(12000, LATER.date(), "Northwind", invoice.issue.reference)
    book_by_hand(account=account, told=told, parts=[Part(invoice.pk, 12000)], at=LATER, by=STAFF)
    note = credit_invoice(invoice=invoice, credit=Everything(), reason="x", at=LATER, by=STAFF)
    staff = biller()
    page = staff.get(reverse("console:document", args=[account.serial_number, note.pk]))
    assert "Refund a credit note" in text_of(page)
    do(staff, account, "refund_credit_note", document_id=str(note.pk), amount="20.00")
    do(staff, account, "refund_credit_note", document_id=str(note.pk))
    first, second = Refund.objects.order_by("amount_minor")
    assert (first.amount_minor, second.amount_minor) == (2000, 10000)
    assert "£20.00" in text_of(staff.get(PAGE), "#by_hand")
    do(staff, account, "refund_was_sent", refund_id=str(first.pk))
    do(staff, account, "refund_came_back", refund_id=str(second.pk))
    assert (refreshed(first).state, refreshed(second).state) == (RefundState.SUCCEEDED, RefundState.FAILED)
    assert open_minor_of(note) == 10000
    assert_the_books_are_true([account])


def test_what_no_invoice_took_goes_back_from_the_account():
    account, invoice = given_debtor()
    pay(invoice)
    note = credit_invoice(invoice=invoice, credit=Everything(), reason="x", at=LATER, by=STAFF)
    refund_credit(credit_note=note, payment=None, amount_minor=1000, why="Asked", at=LATER, by=STAFF)
    told = HandTransfer(5000, LATER.date(), "Northwind", "thanks")
    book_by_hand(account=account, told=told, parts=[], at=LATER, by=STAFF)
    staff = biller()
    page = staff.get(reverse("console:account", args=[account.serial_number]))
    assert "No invoice took £50.00 of it" in text_of(page)
    payment = Payment.objects.get(gateway="transfer")
    do(staff, account, "give_back_payment", payment_id=str(payment.pk), amount="")
    assert refreshed(payment).unapplied_minor == 0
    page = text_of(staff.get(PAGE), "#under_way")
    assert "£10.00" in page
    assert_the_books_are_true([account])


def test_another_accounts_refund_is_not_told_of():
    account, invoice = given_debtor()
    told = HandTransfer(12000 + 500, LATER.date(), "Northwind", invoice.issue.reference)
    book_by_hand(account=account, told=told, parts=[Part(invoice.pk, 12000)], at=LATER, by=STAFF)
    payment = Payment.objects.get()
    refund = refund_unapplied(payment=payment, amount_minor=500, why="x", at=LATER, by=STAFF)
    other = given_debtor(name="Contoso")[0]
    address = reverse("console:deed", args=[other.serial_number, "refund_was_sent"])
    typed = {"refund_id": str(refund.pk), "reason": "x"}
    assert biller().post(address, typed).status_code in (404, 422)
    assert refreshed(refund).state == RefundState.PENDING


def test_the_support_desk_looks_and_does_nothing():
    account, _, payment = given_unknown()
    staff = biller("Suri Patel", StaffRole.SUPPORT)
    page = staff.get(PAGE)
    assert ("INV-1" in text_of(page, "#unknown"), "settle_payment" in page.content.decode()) == (True, False)
    address = reverse("console:deed", args=[account.serial_number, "settle_payment"])
    assert staff.post(address, {"payment_id": str(payment.pk), "reason": "x"}).status_code == 403
