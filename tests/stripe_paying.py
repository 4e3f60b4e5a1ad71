"""Accounts with a card at the stand-in for Stripe, invoices to pay, and processes that die while they charge."""

import os
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connections

from invoicing import given_invoice
from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.models import Document
from seatledger.domain.payments.actions import NewMethod, add_method, choose_default
from seatledger.domain.payments.charging import resolve_payment
from seatledger.domain.payments.gateways.registry import use_gateway
from seatledger.domain.payments.gateways.stripe.gateway import StripeGateway
from seatledger.domain.payments.models import GatewayCustomer, MethodKind, Payment, PaymentMethod, Refund
from seatledger.domain.payments.refunding import resolve_refund
from stripe_world import KEY, SECRET, WORKS, World
from support import AT, STAFF, given_account

ROUNDS = 60


def given_stripe_card(account: Account, world: World, number: str = WORKS) -> PaymentMethod:
    """Let an account pay by a test card or a test bank account, as if it had been entered on Stripe's page."""
    kind = MethodKind.CARD if number.isdigit() else MethodKind.DIRECT_DEBIT
    customer = GatewayCustomer.objects.filter(account=account, gateway="stripe").first()
    if customer is None:
        world.forget_customer()
        customer = GatewayCustomer.objects.create(
            account=account, gateway="stripe", reference=world.customer, made_at=AT
        )
    named = {"number": number} if kind is MethodKind.CARD else {"iban": number}
    token = world.stripe.command("methods", customer=customer.reference, **named)["id"]
    expires = (2034, 12) if kind is MethodKind.CARD else None
    new = NewMethod(kind, "stripe", token, "Visa" if expires else "", number[-4:], expires)
    method = add_method(account=account, new=new, at=AT, by=STAFF)
    choose_default(account=account, method_id=method.pk, at=AT, by=STAFF)
    method.refresh_from_db()
    return method


def given_stripe_debtor(
    world: World, number: str = WORKS, *, name: str = "Northwind"
) -> tuple[Account, Document]:
    """Return an account with a card and an invoice of 120.00 (tax included), which is not paid yet."""
    account = given_account(name)
    given_stripe_card(account, world, number)
    return account, given_invoice(account, [10000])


def in_a_process(world: World, work: Callable[[], object]) -> int:
    """Start a process that does `work`, with connections of its own to the database and to Stripe; returns its id."""
    connections.close_all()
    process_id = os.fork()
    if process_id:
        return process_id
    # What is left of the test here is none of the new process's business.
    try:
        use_gateway(StripeGateway(KEY, [SECRET], world.stripe.address))
        work()
        os._exit(0)
    except BaseException:  # noqa: BLE001 -- whatever it is, the parent hears of it
        os._exit(1)


def live_payments() -> list[Payment]:
    return list(Payment.objects.filter(is_live=True).select_related("account", "method", "document__issue"))


def unfinished_refunds() -> list[Refund]:
    rows = Refund.objects.exclude(state__in=("succeeded", "failed"))
    return list(rows.select_related("account", "payment", "credit_note"))


def resolve_all(at: datetime) -> None:
    """Ask after every payment and refund until all are at their end, a minute going by each time."""
    for _ in range(ROUNDS):
        at += timedelta(minutes=1)
        resolve_each(at)
        if not live_payments() and not unfinished_refunds():
            return
        time.sleep(0.25)  # a key is busy while a request of one who was killed goes on
    assert (live_payments(), unfinished_refunds()) == ([], [])


def resolve_each(at: datetime) -> None:
    """Ask once after every payment and refund that is not at its end."""
    for payment in live_payments():
        resolve_payment(payment, clock=lambda: at)
    for refund in unfinished_refunds():
        resolve_refund(refund, clock=lambda: at)


def charged_by_payment(world: World) -> Counter[tuple[str, int]]:
    """Return by Stripe's own books how often each payment was charged, and how much."""
    return Counter(world.stripe.charged())


def paid_by_our_books() -> Counter[tuple[str, int]]:
    """Return by our books which payments succeeded, and how much."""
    rows = Payment.objects.filter(state="succeeded").values_list("pk", "amount_minor")
    return Counter((str(key), amount) for key, amount in rows)
