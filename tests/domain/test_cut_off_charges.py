"""Killed anywhere between intent and stored answer: nobody is charged twice, and no charge is lost.

Real processes are killed by SIGKILL; the sandbox's own books are held against ours.
"""

import os
import signal
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from time import perf_counter, sleep

import pytest
from django.db import connections

from delivery import forget_the_jobs
from paying import (
    DECLINED,
    GOOD,
    LATER_GOOD,
    TIMES_OUT,
    assert_the_books_are_true,
    given_debtor,
    intend,
    open_minor_of,
)
from seatledger.domain.payments import charging
from seatledger.domain.payments.gateways import registry
from seatledger.domain.payments.gateways.interface import Answer, NewCharge
from seatledger.domain.payments.gateways.sandbox import world
from seatledger.domain.payments.gateways.sandbox.gateway import SandboxGateway, charged_by_key
from seatledger.domain.payments.gateways.sandbox.models import SandboxCharge
from seatledger.domain.payments.models import Payment, PaymentState
from seatledger.domain.payments.queries.collecting import list_to_resolve_for_operator
from support import LATER

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = timedelta(minutes=1)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Deadly(SandboxGateway):
    """The sandbox, whose asker dies at one named step."""

    def __init__(self, step: str) -> None:
        self.step = step

    def prepare_charge(self, charge: NewCharge) -> str:
        self._reach("before it is prepared")
        reference = super().prepare_charge(charge)
        self._reach("before its reference is stored")
        return reference

    def charge(self, charge: NewCharge, reference: str) -> Answer:
        self._reach("before it is charged")
        answer = super().charge(charge, reference)
        self._reach("before the answer is stored")
        return answer

    def _reach(self, step: str) -> None:
        if step == self.step:
            die()


STEPS = (
    "before it is prepared",
    "before its reference is stored",
    "before it is charged",
    "before the answer is stored",
)


@pytest.fixture(autouse=True)
def no_old_jobs() -> None:
    forget_the_jobs()


def in_a_process(work: Callable[[], object]) -> int:
    """Start a process of its own that does `work` on a connection of its own; returns its id."""
    connections.close_all()
    process_id = os.fork()
    if process_id:
        return process_id
    try:
        work()
        os._exit(0)
    except BaseException:  # noqa: BLE001 -- whatever it is, the parent hears of it
        os._exit(1)


def how_it_ended(process_id: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(process_id, 0)[1])


def charge_with(gateway: SandboxGateway, payment: Payment) -> None:
    registry.use_gateway(gateway)
    charging.charge_payment(payment, clock=lambda: LATER)


def resolve_everything(at: datetime) -> None:
    for payment in list_to_resolve_for_operator(at):
        charging.resolve_payment(payment, clock=lambda: at)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    ("number", "state"), [(GOOD, "succeeded"), (DECLINED, "failed"), (TIMES_OUT, "succeeded")]
)
def test_a_worker_that_is_killed_at_a_step_is_gone_on_with(step: str, number: str, state: str):
    account, invoice = given_debtor(number)
    payment = intend(invoice)
    died = how_it_ended(in_a_process(lambda: charge_with(Deadly(step), payment)))
    # What times out is told to nobody, so its asker does not come to the step after it.
    assert died in ((-signal.SIGKILL,) if number != TIMES_OUT else (-signal.SIGKILL, 0))
    for minutes in range(1, 4):
        resolve_everything(LATER + minutes * MINUTE)
    payment.refresh_from_db()
    assert payment.state == state
    taken = {payment.pk: 12000} if state == "succeeded" else {}
    assert charged_by_key() == taken
    assert open_minor_of(invoice) == (0 if taken else 12000)
    assert_the_books_are_true([account])


def test_a_job_that_is_done_again_after_a_kill_charges_nothing_twice():
    account, invoice = given_debtor()
    payment = intend(invoice)
    how_it_ended(in_a_process(lambda: charge_with(Deadly("before the answer is stored"), payment)))
    charging.charge_payment(payment, clock=lambda: LATER + 5 * MINUTE)  # as the rescue of stalled jobs does
    assert Payment.objects.get().state == PaymentState.SENT
    resolve_everything(LATER + 6 * MINUTE)
    assert SandboxCharge.objects.get().times_asked == 1
    assert_the_books_are_true([account])


def test_charging_again_instead_of_asking_would_charge_twice():  # the control
    _, invoice = given_debtor()
    payment = intend(invoice)
    how_it_ended(in_a_process(lambda: charge_with(Deadly("before the answer is stored"), payment)))
    Payment.objects.update(state=PaymentState.CANCELLED)
    again = intend(invoice)
    charging.charge_payment(again, clock=lambda: LATER + MINUTE)
    assert len(charged_by_key()) == 2, "this is what looking it up is for"


def test_killed_at_random_nothing_is_charged_twice_and_nothing_is_lost():
    chance = Random(20261122)  # noqa: S311 -- no secret depends on it
    numbers = [GOOD, GOOD, GOOD, DECLINED, TIMES_OUT, LATER_GOOD]
    debtors = [given_debtor(number, name=f"Customer {index}") for index, number in enumerate(numbers * 3)]
    payments = [intend(invoice) for _, invoice in debtors]

    def work(at: datetime) -> None:
        for payment in Payment.objects.filter(is_live=True).select_related("account").order_by("pk"):
            charging.charge_payment(payment, clock=lambda: at)
        resolve_everything(at)

    begun = perf_counter()
    assert how_it_ended(in_a_process(lambda: charge_with(SandboxGateway(), payments[0]))) == 0
    longest_s = perf_counter() - begun
    killed = 0
    for minutes in range(2, 22):
        worker = in_a_process(lambda minutes=minutes: work(LATER + minutes * MINUTE))
        sleep(chance.uniform(0, longest_s))
        os.kill(worker, signal.SIGKILL)
        struck = how_it_ended(worker) == -signal.SIGKILL
        killed += struck
        longest_s *= 1.2 if struck else 0.5  # how fast the machine is right now shows by what came too late
    assert killed
    world.let_time_pass()
    for minutes in (40, 55, 70):
        work(LATER + minutes * MINUTE)
    assert {payment.state for payment in Payment.objects.all()} == {"succeeded", "failed"}
    ours = Payment.objects.filter(state=PaymentState.SUCCEEDED).values_list("pk", "amount_minor")
    assert charged_by_key() == dict(ours)
    assert SandboxCharge.objects.count() == len(payments)
    assert_the_books_are_true([account for account, _ in debtors])
