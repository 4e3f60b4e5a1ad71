"""A worker that is killed while it charges through Stripe: by Stripe's books nothing is charged twice, nothing lost."""

import os
import signal
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from databases import database_url
from delivery import do_the_jobs, forget_the_jobs
from invoicing import given_invoice
from paying import assert_the_books_are_true, intend, open_minor_of
from seatledger.config.children import Child
from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.actions import credit_invoice
from seatledger.domain.invoices.crediting import Everything
from seatledger.domain.payments.actions.refunds import refund_credit
from seatledger.domain.payments.charging import resolve_payment
from seatledger.domain.payments.gateways.registry import use_gateway
from seatledger.domain.payments.gateways.stripe.gateway import StripeGateway
from seatledger.domain.payments.models import Payment, Refund
from seatledger.domain.payments.refunding import resolve_refund
from stripe_paying import (
    charged_by_payment,
    given_stripe_card,
    given_stripe_debtor,
    in_a_process,
    live_payments,
    paid_by_our_books,
    resolve_all,
    resolve_each,
    unfinished_refunds,
)
from stripe_world import DECLINES, KEY, SECRET, WORKS
from support import LATER, STAFF, given_account

pytestmark = pytest.mark.django_db(transaction=True)

PREPARE, CONFIRM = "/payment_intents", "/confirm"
PATIENCE_S = 60
KILLS = 200
AT_ONCE = 2
LATENCY_S = 0.02
# So many payments a worker has in its life, at most.
LIFE = 8
# A paid invoice goes back in so many parts of so much.
PARTS, PART = 15, 500
WORKER = (sys.executable, "-m", "seatledger.faces.cli.main", "worker")


def variables_of(world, state):
    """Return what a worker has to know to charge through the stand-in, on this test's database."""
    return {
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "seatledger.config.settings",
        "SEATLEDGER_DATABASE_ROLE": "staff",
        "SEATLEDGER_SECRET_KEY": settings.SECRET_KEY,
        "SEATLEDGER_STATE": str(state),
        "SEATLEDGER_GATEWAY": "stripe",
        "SEATLEDGER_STRIPE_KEY": KEY,
        "SEATLEDGER_STRIPE_WEBHOOK_SECRET": SECRET,
        "SEATLEDGER_STRIPE_ADDRESS": world.stripe.address,
    }


@pytest.fixture(autouse=True)
def charges_through_stripe(world, settings):
    settings.SEATLEDGER_STRIPE = {
        "key": KEY,
        "webhook_secrets": (SECRET,),
        "address": world.stripe.address,
    }
    use_gateway(world.gateway)
    forget_the_jobs()


def kill(process_id):
    os.kill(process_id, signal.SIGKILL)
    os.waitpid(process_id, 0)


def wait_until(condition):
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "it does not come to that"
        time.sleep(0.005)


def was_asked(world, path):
    return lambda: any(one["path"].endswith(path) for one in world.stripe.books()["requests"])


def kill_at(world, kind, path):
    """Have a worker do the job, and kill it when Stripe has its request but it has no answer."""
    world.stripe.fault(kind, path, seconds=PATIENCE_S)
    worker = in_a_process(world, lambda: do_the_jobs("payments"))
    wait_until(was_asked(world, path))
    if kind == "delay_after":  # not before the effect is there
        made = "payment_intents" if path == PREPARE else "charges"
        wait_until(lambda: world.stripe.books()[made])
    kill(worker)


@pytest.mark.parametrize(
    ("kind", "path", "known"),
    [
        pytest.param("delay_before", PREPARE, False, id="asked to prepare"),
        pytest.param("delay_after", PREPARE, False, id="prepared, without an answer"),
        pytest.param("delay_before", CONFIRM, True, id="asked to charge"),
        pytest.param("delay_after", CONFIRM, True, id="charged, without an answer"),
    ],
)
def test_a_worker_is_killed_while_stripe_is_asked(world, kind, path, known):
    account, invoice = given_stripe_debtor(world)
    payment = intend(invoice)
    kill_at(world, kind, path)
    payment.refresh_from_db()
    assert (payment.state, bool(payment.reference)) == ("sent", known)
    resolve_each(timezone.now())
    world.stripe.command("let_go")
    resolve_all(timezone.now())
    assert charged_by_payment(world) == {(str(payment.pk), 12000): 1} == paid_by_our_books()
    # What the killed one had asked for may come to its effect later still.
    assert world.stripe.command("end", seconds=PATIENCE_S)
    assert charged_by_payment(world) == {(str(payment.pk), 12000): 1}
    assert open_minor_of(invoice) == 0
    assert_the_books_are_true([account])


@pytest.mark.parametrize(
    ("asked", "state"),
    [
        pytest.param(False, "intended", id="before it is claimed"),
        pytest.param(True, "sent", id="with the answer in its hands"),
    ],
)
def test_a_worker_is_killed_while_it_waits_to_write(world, asked, state):
    account, invoice = given_stripe_debtor(world)
    payment = intend(invoice)
    if asked:
        world.stripe.fault("delay_before", CONFIRM, seconds=PATIENCE_S)
    gate, latch = os.pipe()
    worker = in_a_process(world, lambda: (os.read(gate, 1), do_the_jobs("payments")))
    if asked:
        os.write(latch, b"x")
        wait_until(was_asked(world, CONFIRM))
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        if asked:
            world.stripe.command("let_go")
        else:
            os.write(latch, b"x")
        wait_until(somebody_waits)
        kill(worker)
    os.close(gate)
    os.close(latch)
    payment.refresh_from_db()
    assert payment.state == state
    assert bool(charged_by_payment(world)) == asked
    resolve_all(timezone.now())
    assert charged_by_payment(world) == {(str(payment.pk), 12000): 1} == paid_by_our_books()
    assert_the_books_are_true([account])


def somebody_waits():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0] > 0


def test_a_worker_of_its_own_program_is_killed_with_the_money_taken(world, tmp_path):
    """The command that runs in production, from its start: it takes the job, charges, and dies before it hears of it."""
    account, invoice = given_stripe_debtor(world)
    payment = intend(invoice)
    world.stripe.fault("delay_after", CONFIRM, seconds=PATIENCE_S)
    with (tmp_path / "log").open("wb") as log:
        worker = Child("worker", WORKER, variables_of(world, tmp_path), log)
        worker.start()
        try:
            wait_until(lambda: charged_by_payment(world) or not worker.is_running())
            assert worker.is_running(), (tmp_path / "log").read_text(encoding="utf-8")
        finally:
            os.killpg(worker.process.pid, signal.SIGKILL)
            worker.process.wait()
    payment.refresh_from_db()
    assert (payment.state, bool(payment.reference)) == ("sent", True)
    resolve_all(timezone.now())
    assert charged_by_payment(world) == {(str(payment.pk), 12000): 1} == paid_by_our_books()
    assert_the_books_are_true([account])


# At random


def given_debts(world, *, accounts, invoices):
    """Return accounts with invoices of which payments are intended; the last account's card declines."""
    debtors = [given_account(f"Customer {number}") for number in range(accounts)]
    for number, account in enumerate(debtors, 1):
        given_stripe_card(account, world, DECLINES if number == accounts else WORKS)
        for _ in range(invoices):
            intend(given_invoice(account, [10000]))
    return debtors


def given_refunds(world, *, accounts, parts):
    """Return accounts whose paid and credited invoice is to go back in so many parts each."""
    creditors = []
    for number in range(accounts):
        account, invoice = given_stripe_debtor(world, name=f"Creditor {number + 1}")
        creditors.append(account)
        resolve_payment(intend(invoice), clock=lambda: LATER)
        note = credit_invoice(invoice=invoice, credit=Everything(), reason="x", at=LATER, by=STAFF)
        for _ in range(parts):
            refund_credit(credit_note=note, payment=None, amount_minor=PART, why="x", at=LATER, by=STAFF)
    return creditors


def charge_in_any_order(seed, at):
    """What a worker does in its life: it asks for what is intended and asks after what was cut off, to come or to go back."""
    chance = Random(seed)  # noqa: S311 -- no secret depends on it
    todo = [
        *((resolve_payment, payment) for payment in live_payments()),
        *((resolve_refund, refund) for refund in unfinished_refunds()),
    ]
    for resolve, row in chance.sample(todo, min(len(todo), LIFE)):
        resolve(row, clock=lambda: at)


def kill_in_the_middle(world, worker, chance):
    """Kill a worker after the next few requests, or when it has nothing left to ask: machines differ in haste."""
    wanted = world.stripe.command("count") + chance.randint(0, 3)
    deadline = time.monotonic() + PATIENCE_S
    while world.stripe.command("wait", number=wanted, seconds=0.2) < wanted and is_at_work(worker):
        assert time.monotonic() < deadline, "it neither asks nor ends"
    time.sleep(chance.uniform(0, LATENCY_S))
    kill(worker)


def is_at_work(process_id):
    return os.waitid(os.P_PID, process_id, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None


def test_two_hundred_random_kills_charge_nothing_twice_and_lose_nothing(world):
    """Refunds are among what is cut off: nothing goes back twice, and none is lost either."""
    debtors = given_debts(world, accounts=6, invoices=20)
    debtors += given_refunds(world, accounts=3, parts=PARTS)
    world.stripe.command("latency", seconds=LATENCY_S)
    chance, at = Random(20261122), LATER  # noqa: S311 -- no secret depends on it
    cut_short = Counter()
    for life in range(KILLS // AT_ONCE):
        at += timedelta(minutes=1)
        workers = [
            in_a_process(world, lambda at=at, seed=(life, number): charge_in_any_order(str(seed), at))
            for number in range(AT_ONCE)
        ]
        for worker in workers:
            kill_in_the_middle(world, worker, chance)
        for kind in (Payment, Refund):
            cut_short[kind] += kind.objects.filter(state="sent", sent_at=at).count()
        if chance.random() < 0.2:
            world.stripe.fault(chance.choice(["drop_before", "drop_after", "limit", "error_after"]))
    assert Payment.objects.filter(is_live=True).exists(), "there was something to charge until the last kill"
    assert cut_short.total() > KILLS / 4, "many were killed in the middle of asking"
    assert cut_short[Refund], "some of them for a refund"
    world.stripe.command("latency", seconds=0)
    resolve_all(at)
    charged = charged_by_payment(world)
    assert charged == paid_by_our_books()
    assert set(charged.values()) == {1}
    assert Counter(Payment.objects.values_list("state", flat=True)) == {"succeeded": 103, "failed": 20}
    assert Counter(world.stripe.refunded()) == Counter(refunded_by_our_books())
    assert len(refunded_by_our_books()) == 3 * PARTS
    assert_the_books_are_true(debtors)


def refunded_by_our_books():
    made = Refund.objects.filter(state="succeeded").values_list("pk", "amount_minor")
    return [(str(key), amount) for key, amount in made]


def test_without_the_reference_the_same_kills_charge_twice(world, monkeypatch):  # the control
    """Whoever begins anew, instead of asking after what he may have begun, charges some twice."""
    given_debts(world, accounts=2, invoices=10)
    world.stripe.command("latency", seconds=LATENCY_S)

    def charge_anew(seed, at):
        monkeypatch.setattr(StripeGateway, "prepare_charge", prepared_under_a_new_key)
        Payment.objects.filter(is_live=True).update(reference="")
        charge_in_any_order(seed, at)

    prepare = StripeGateway.prepare_charge

    def prepared_under_a_new_key(gateway, charge):
        return prepare(gateway, replace(charge, key=uuid4()))

    chance, at = Random(1), LATER  # noqa: S311 -- as above
    for life in range(60):
        at += timedelta(minutes=1)
        worker = in_a_process(world, lambda at=at, seed=str(life): charge_anew(seed, at))
        kill_in_the_middle(world, worker, chance)
    assert len(world.stripe.charged()) > Payment.objects.filter(state="succeeded").count() + 1
