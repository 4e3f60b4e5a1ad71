"""Payments in the portal: the pages of a payment and an order, who may pay, and what an account that did not pay is told."""

import pytest
from django.urls import reverse
from django.utils import timezone

from invoicing import given_invoice
from reading import text_of
from seatledger.domain.payments.actions.dunning import begin_or_step
from seatledger.domain.payments.models import Payment, PaymentState
from seatledger.domain.people.permissions import Permission
from support import AT, LATER, STAFF, administrator_of, given_account, given_role, given_user

pytestmark = pytest.mark.django_db


def given_payment(account, invoice, state=PaymentState.SUCCEEDED, **said):
    return Payment.objects.create(
        account=account,
        gateway="sandbox",
        document=invoice,
        state=state,
        currency="GBP",
        amount_minor=33499,
        intended_at=timezone.now(),
        **said,
    )


@pytest.mark.parametrize(
    ("state", "says", "looks_again"),
    [
        (PaymentState.SENT, "We are asking for the payment.", True),
        (PaymentState.UNKNOWN, "We are asking the payment provider what became of it.", True),
        (PaymentState.PENDING, "is on its way", True),
        (PaymentState.NEEDS_CUSTOMER, "Your bank wants you to confirm this payment.", False),
        (PaymentState.FAILED, "The bank declined it and does not say why.", False),
        (PaymentState.CANCELLED, "Nothing was charged by it.", False),
    ],
)
def test_where_a_payment_stands_is_said_and_looked_at_again(visit_as, state, says, looks_again):  # E19
    account = given_account()
    payment = given_payment(account, given_invoice(account), state, next_url="/gateways/sandbox/charges/x")
    answer = visit_as(administrator_of(account)).get(reverse("portal:payment", args=[payment.pk]))
    assert says in text_of(answer, "#progress")
    assert answer.has_header("Refresh") is looks_again


def test_payments_are_listed_with_their_state(visit_as):  # E19
    account = given_account()
    given_payment(account, given_invoice(account), PaymentState.FAILED)
    assert "INV-1" in text_of(visit_as(administrator_of(account)).get("/billing/invoices/"), "#payments")


def test_a_neighbours_payment_is_none(visit_as):
    account = given_account("Contoso")
    payment = given_payment(account, given_invoice(account))
    visitor = visit_as(administrator_of(given_account()))
    assert visitor.get(reverse("portal:payment", args=[payment.pk])).status_code == 404
    assert visitor.post(reverse("portal:give_up_payment", args=[payment.pk])).status_code == 404
    assert visitor.post(reverse("portal:pay_invoice", args=[payment.document_id])).status_code == 404


def test_who_did_not_pay_is_told_on_every_page_and_shown_the_way(visit_as):
    account = given_account()
    begin_or_step(invoice=given_invoice(account), step=False, at=LATER, by=STAFF)
    told = text_of(visit_as(administrator_of(account)).get("/users/"), ".//aside")
    assert told == "INV-1 is not paid. Pay now"
    role = given_role(account, permissions=[Permission.USERS_VIEW])
    other = visit_as(given_user(account, roles=[role], at=LATER))
    assert text_of(other.get("/"), ".//aside") == "INV-1 is not paid. Please ask Ann Lee to pay."
    account.lapsed_at = AT
    account.save()
    told = text_of(visit_as(administrator_of(account)).get("/"), ".//aside")
    assert told == "This account is expired, because INV-1 is not paid. Pay now"
