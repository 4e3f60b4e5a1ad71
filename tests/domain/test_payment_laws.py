"""Answers come in any order, twice and late, between everything else that moves money: the books are always true."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from delivery import forget_the_jobs
from invoicing import given_invoice
from paying import assert_the_books_are_true, given_card
from seatledger.domain.invoices.actions import credit_account, credit_invoice, write_off
from seatledger.domain.invoices.crediting import Everything
from seatledger.domain.invoices.models import Document, Issue
from seatledger.domain.payments.actions.charges import NewPayment, claim_payment, intend_charge, store_answer
from seatledger.domain.payments.actions.refunds import refund_credit, refund_unapplied, store_refund_answer
from seatledger.domain.payments.actions.reversals import reverse_payment
from seatledger.domain.payments.applying import apply_unapplied
from seatledger.domain.payments.gateways import reasons
from seatledger.domain.payments.gateways.interface import Answer, Outcome
from seatledger.domain.payments.models import LIVE, Payment, PaymentState, Refund
from seatledger.shared.errors import Refused
from support import LATER, STAFF, SYSTEM, given_account

FINAL = {PaymentState.SUCCEEDED, PaymentState.FAILED, PaymentState.CANCELLED, PaymentState.REVERSED}
ANSWERS = st.one_of(
    st.sampled_from([Outcome.SUCCEEDED, Outcome.PENDING, Outcome.NEEDS_CUSTOMER, Outcome.NOT_BEGUN]).map(
        Answer
    ),
    st.sampled_from([reasons.DECLINED, reasons.RETURNED]).map(
        lambda reason: Answer(Outcome.FAILED, reason=reason)
    ),
)
PARTS = st.integers(1, 15000)


class Money(RuleBasedStateMachine):
    """One account, whose invoices, credit notes, payments and refunds meet in every order."""

    @initialize()
    def open_account(self) -> None:
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.account = given_account(f"Northwind {uuid4().hex[:8]}")
        given_card(self.account)
        self.now = LATER
        self.seen: dict[object, str] = {}

    def teardown(self) -> None:
        if hasattr(self, "outer"):
            transaction.set_rollback(True)
            self.outer.__exit__(None, None, None)

    def at(self):
        self.now += timedelta(hours=1)
        return self.now

    def pick(self, model, index: int, **which):
        rows = list(model.objects.filter(account=self.account, **which).order_by("pk"))
        return rows[index % len(rows)] if rows else None

    def attempt(self, work) -> None:
        """Do it, or be refused: then nothing changed."""
        try:
            with transaction.atomic():
                work()
        except Refused:
            pass

    @rule(net=st.integers(100, 10000))
    def invoice(self, net: int) -> None:
        if Document.objects.filter(account=self.account).count() < 5:
            given_invoice(self.account, [net])

    @rule(index=st.integers(0, 9))
    def intend(self, index: int) -> None:
        invoice = self.pick(Document, index, kind="invoice")
        if invoice:
            new = NewPayment(document=invoice)
            self.attempt(lambda: intend_charge(account=self.account, new=new, at=self.at(), by=SYSTEM))

    @rule(index=st.integers(0, 9))
    def claim(self, index: int) -> None:
        payment = self.pick(Payment, index, state=PaymentState.INTENDED)
        if payment:
            claim_payment(payment=payment, at=self.at(), by=SYSTEM)

    @rule(index=st.integers(0, 9), answer=ANSWERS, times=st.integers(1, 2))
    def answer(self, index: int, answer: Answer, times: int) -> None:
        payment = self.pick(Payment, index)
        if payment and payment.state not in (PaymentState.INTENDED, PaymentState.CANCELLED):
            for _ in range(times):
                store_answer(payment=payment, answer=answer, at=self.at(), by=SYSTEM)

    @rule(index=st.integers(0, 9))
    def credit(self, index: int) -> None:
        invoice = self.pick(Document, index, kind="invoice")
        if invoice:
            said = {"credit": Everything(), "reason": "x", "at": self.at(), "by": STAFF}
            self.attempt(lambda: credit_invoice(invoice=invoice, **said))

    @rule(amount=st.integers(100, 3000))
    def gesture(self, amount: int) -> None:
        said = {"amount_minor": amount, "text": "Sorry", "reason": "x", "at": self.at(), "by": STAFF}
        self.attempt(lambda: credit_account(account=self.account, **said))

    @rule(index=st.integers(0, 9))
    def give_up(self, index: int) -> None:
        invoice = self.pick(Document, index, kind="invoice")
        if invoice:
            self.attempt(lambda: write_off(invoice=invoice, reason="x", at=self.at(), by=STAFF))

    @rule()
    def apply(self) -> None:
        apply_unapplied(self.account, at=self.at())

    @rule(index=st.integers(0, 9), amount=PARTS)
    def refund(self, index: int, amount: int) -> None:
        note = self.pick(Document, index, kind="credit_note")
        if note:
            said = {"amount_minor": amount, "why": "x", "at": self.at(), "by": STAFF}
            self.attempt(lambda: refund_credit(credit_note=note, payment=None, **said))

    @rule(index=st.integers(0, 9), amount=PARTS)
    def return_credit(self, index: int, amount: int) -> None:
        payment = self.pick(Payment, index)
        if payment:
            said = {"amount_minor": amount, "why": "x", "at": self.at(), "by": STAFF}
            self.attempt(lambda: refund_unapplied(payment=payment, **said))

    @rule(index=st.integers(0, 9), answer=ANSWERS)
    def answer_refund(self, index: int, answer: Answer) -> None:
        refund = self.pick(Refund, index)
        if refund:
            store_refund_answer(refund=refund, answer=answer, at=self.at(), by=SYSTEM)

    @rule(index=st.integers(0, 9), amount=PARTS)
    def lose_dispute(self, index: int, amount: int) -> None:
        payment = self.pick(Payment, index, state=PaymentState.SUCCEEDED)
        if payment:
            reverse_payment(payment=payment, amount_minor=amount, at=self.at(), by=SYSTEM)

    @precondition(lambda self: hasattr(self, "account"))
    @invariant()
    def the_books_are_true(self) -> None:
        assert_the_books_are_true([self.account])

    @precondition(lambda self: hasattr(self, "account"))
    @invariant()
    def a_final_state_is_left_only_when_the_money_is_taken_back(self) -> None:
        for payment in Payment.objects.filter(account=self.account):
            before = self.seen.get(payment.pk)
            if before in FINAL and before != payment.state:
                assert {before, payment.state} == {PaymentState.SUCCEEDED, PaymentState.REVERSED}
            self.seen[payment.pk] = payment.state

    @precondition(lambda self: hasattr(self, "account"))
    @invariant()
    def an_invoice_has_one_payment_under_way(self) -> None:
        live = Payment.objects.filter(account=self.account, state__in=LIVE).values_list("document", flat=True)
        assert len(live) == len(set(live))
        assert not Issue.objects.filter(account=self.account, open_minor__lt=0).exists()


@pytest.mark.django_db
def test_the_books_are_true_whatever_comes_when():
    forget_the_jobs()
    run_state_machine_as_test(
        Money,
        settings=settings(
            max_examples=25,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )
