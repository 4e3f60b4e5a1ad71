"""The jobs that move money, done by a worker as they are queued: each again and again without harm."""

from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django import app

from buying import given_american_account, given_enterprise
from delivery import do_the_jobs, forget_the_jobs
from invoicing import given_invoice
from paying import (
    DECLINED,
    REFUND_FAILS,
    TIMES_OUT,
    assert_the_books_are_true,
    given_card,
    given_debtor,
    intend,
    open_minor_of,
    pay,
)
from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.actions import credit_invoice
from seatledger.domain.invoices.crediting import Everything
from seatledger.domain.payments.actions import NewMethod, add_method, remove_method
from seatledger.domain.payments.actions.methods import MethodInUse
from seatledger.domain.payments.actions.refunds import refund_credit
from seatledger.domain.payments.actions.setups import SetupWish, begin_setup
from seatledger.domain.payments.gateways.sandbox import world
from seatledger.domain.payments.gateways.sandbox.gateway import charged_by_key
from seatledger.domain.payments.gateways.sandbox.models import SandboxMethod, SandboxNotice, SandboxSetup
from seatledger.domain.payments.gateways.sandbox.numbers import NUMBERS
from seatledger.domain.payments.models import (
    Dunning,
    MethodKind,
    Payment,
    PaymentMethod,
    PaymentState,
    Refund,
    Setup,
)
from seatledger.domain.payments.queries import list_unknown_for_staff
from support import AT, LATER, NEXT_DAY, STAFF, given_account

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_old_jobs():
    forget_the_jobs()


def do_job(name: str, *, times: int = 2) -> None:
    """Queue a job and do it, with what it queues itself; twice, because every job may be done again."""
    for _ in range(times):
        app.configure_task(name, queue="payments").defer(timestamp=0)
        do_the_jobs("payments")


def test_what_is_open_is_collected_and_what_is_paid_by_transfer_is_left():
    account, invoice = given_debtor()
    by_bank, no_way = given_account("Contoso"), given_account("Southwind")
    add_method(account=by_bank, new=NewMethod(MethodKind.TRANSFER), at=AT, by=STAFF)
    left = [given_invoice(by_bank), given_invoice(no_way)]
    do_job("collect_due")
    assert (open_minor_of(invoice), [open_minor_of(one) > 0 for one in left]) == (0, [True, True])
    assert Payment.objects.get().account == account
    assert_the_books_are_true([account, by_bank, no_way])


def test_what_is_not_known_is_asked_for_and_one_that_cannot_be_holds_up_no_other():
    gone, _ = given_debtor(name="Southwind")
    intend(gone_invoice := given_invoice(gone))
    long_ago = timezone.now() - timedelta(hours=1)
    Payment.objects.update(gateway="gone", state=PaymentState.UNKNOWN, sent_at=long_ago, reference="r")
    forget_the_jobs()
    _, invoice = given_debtor(TIMES_OUT)
    intend(invoice)
    do_the_jobs("payments")
    assert Payment.objects.get(document=invoice).state == "unknown"
    do_job("resolve_unknown")
    assert open_minor_of(invoice) == 0
    (shown,) = list_unknown_for_staff(at=timezone.now())
    assert shown.document == gone_invoice


def test_a_payment_whose_job_was_lost_is_charged_all_the_same():
    _, invoice = given_debtor()
    intend(invoice)
    forget_the_jobs()
    do_job("resolve_unknown")
    assert open_minor_of(invoice) == 0


def test_dunning_is_stepped_and_ended():
    account, invoice = given_debtor(DECLINED)
    pay(invoice)
    do_job("step_dunnings")
    dunning = Dunning.objects.get()
    assert dunning.steps_done == 1, "the first step was due long ago, the second is not"
    credit_invoice(invoice=invoice, credit=Everything(), reason="x", at=NEXT_DAY, by=STAFF)
    do_job("step_dunnings")
    dunning.refresh_from_db()
    assert dunning.end == "paid"
    assert_the_books_are_true([account])


def test_a_setup_of_which_nobody_told_is_found():
    account = given_account()
    begin_setup(account=account, wish=SetupWish(MethodKind.CARD, "/billing/"), at=timezone.now(), by=STAFF)
    do_the_jobs("payments")
    world.enter_number(SandboxSetup.objects.get(), NUMBERS[0], (2099, 1))
    forget_the_jobs()
    SandboxNotice.objects.all().delete()
    do_job("resolve_forgotten")
    assert PaymentMethod.objects.count() == 0, "he may still be on his way back"
    Setup.objects.update(begun_at=timezone.now() - timedelta(hours=1))
    do_job("resolve_forgotten")
    assert PaymentMethod.objects.get().masked == "Visa •••• 4242"


def test_a_refund_of_which_nobody_told_is_found():
    _, invoice = given_debtor(REFUND_FAILS)
    pay(invoice)
    note = credit_invoice(invoice=invoice, credit=Everything(), reason="x", at=LATER, by=STAFF)
    refund_credit(credit_note=note, payment=None, amount_minor=12000, why="x", at=LATER, by=STAFF)
    do_the_jobs("payments")
    world.let_time_pass()
    forget_the_jobs()
    SandboxNotice.objects.all().delete()
    do_job("resolve_refunds")
    assert (Refund.objects.get().state, open_minor_of(note)) == ("failed", 12000)


def test_the_sandbox_moves_by_itself():
    _, invoice = given_debtor("DE35 3704 0044 0532 0130 02")
    intend(invoice)
    do_the_jobs("payments")
    states = []
    for _ in range(3):
        do_job("move_sandbox", times=1)
        states.append(Payment.objects.get().state)
    assert states == ["succeeded", "reversed", "reversed"]
    assert (open_minor_of(invoice), charged_by_key()) == (12000, {})


# What is in use stays


def remove(method: PaymentMethod) -> None:
    remove_method(account=Account.objects.get(pk=method.account_id), method_id=method.pk, at=LATER, by=STAFF)


# E17
def test_a_method_by_which_a_payment_is_under_way_is_not_removed():
    _, invoice = given_debtor()
    intend(invoice)
    with pytest.raises(MethodInUse):
        remove(PaymentMethod.objects.get())
    do_the_jobs("payments")
    remove(PaymentMethod.objects.get())
    do_the_jobs("payments")
    assert SandboxMethod.objects.get().is_forgotten


# E17
def test_the_last_method_of_a_subscription_that_was_bought_here_is_not_removed():
    account = given_american_account()
    given_enterprise(account)
    method = given_card(account)
    with pytest.raises(MethodInUse):
        remove(method)
    given_card(account)
    remove(method)
    assert PaymentMethod.objects.filter(removed_at=None).count() == 1
