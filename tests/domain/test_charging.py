"""A charge from its intent to its answer: what is stored, what is settled, and what comes late."""

from datetime import timedelta

import pytest

from delivery import forget_the_jobs, jobs_named
from invoicing import given_invoice
from paying import (
    ASKS,
    DECLINED,
    GOOD,
    LATER_GOOD,
    TIMES_OUT,
    assert_the_books_are_true,
    do_the_payments,
    given_card,
    given_debtor,
    intend,
    open_minor_of,
    pay,
)
from seatledger.domain.events.models import Event
from seatledger.domain.invoices.actions import credit_invoice
from seatledger.domain.invoices.crediting import Everything
from seatledger.domain.invoices.queries import get_balance
from seatledger.domain.invoices.refusals import NothingOpen
from seatledger.domain.payments import charging
from seatledger.domain.payments.actions.charges import (
    NewPayment,
    NoWayToCharge,
    PaymentUnderWay,
    intend_charge,
    store_answer,
)
from seatledger.domain.payments.actions.collecting import collect_invoice
from seatledger.domain.payments.charging import charge_payment, give_up_payment, resolve_payment
from seatledger.domain.payments.gateways import reasons
from seatledger.domain.payments.gateways.interface import Answer, Outcome, OutcomeUnknown
from seatledger.domain.payments.gateways.registry import use_gateway
from seatledger.domain.payments.gateways.sandbox import world
from seatledger.domain.payments.gateways.sandbox.gateway import SandboxGateway, charged_by_key
from seatledger.domain.payments.gateways.sandbox.models import SandboxCharge
from seatledger.domain.payments.models import Dunning, GatewayNotice, Payment, PaymentState
from seatledger.domain.payments.noticing import apply_notice
from seatledger.domain.payments.queries.collecting import list_to_collect_for_operator
from support import AT, LATER, NEXT_DAY, STAFF, SYSTEM, count_of, given_account, run_together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_old_jobs():
    forget_the_jobs()


def happened(account):
    kinds = Event.objects.filter(account=account, kind__contains="payment_").order_by("sequence")
    return [kind for kind in kinds.values_list("kind", flat=True) if not kind.startswith("payment_method")]


def test_an_intent_is_stored_with_the_job_that_asks():
    account, invoice = given_debtor()
    payment = intend(invoice)
    assert (payment.state, payment.amount_minor, open_minor_of(invoice)) == ("intended", 12000, 12000)
    (job,) = jobs_named("charge_payment")
    assert (job.queue_name, job.args) == ("payments", {"payment_id": str(payment.pk)})
    assert happened(account) == ["payment_intended"]


def test_the_job_charges_and_settles():
    account, invoice = given_debtor()
    payment = intend(invoice)
    do_the_payments()
    payment.refresh_from_db()
    assert (payment.state, payment.applied_minor, open_minor_of(invoice)) == ("succeeded", 12000, 0)
    assert (get_balance(account), charged_by_key()) == (0, {payment.pk: 12000})
    assert happened(account) == ["payment_intended", "payment_succeeded"]
    assert_the_books_are_true([account])


def test_a_declined_card_leaves_the_invoice_open_and_begins_dunning():
    account, invoice = given_debtor(DECLINED)
    payment = pay(invoice)
    assert (payment.state, payment.reason, open_minor_of(invoice)) == ("failed", reasons.DECLINED, 12000)
    dunning = Dunning.objects.get(invoice=invoice)
    assert (dunning.steps_done, dunning.next_at) == (0, LATER + timedelta(days=3))
    assert happened(account) == ["payment_intended", "payment_failed"]
    assert list_to_collect_for_operator() == [], "what failed is dunning's business"
    assert_the_books_are_true([account])


def test_a_bank_that_asks_is_answered_by_the_customer():
    _, invoice = given_debtor(ASKS)
    payment = pay(invoice, present=True)
    charge = SandboxCharge.objects.get(key=payment.pk)
    assert (payment.state, payment.next_url) == (
        "needs_customer",
        f"/gateways/sandbox/charges/{charge.reference}",
    )
    world.answer_bank(charge, confirms=True)
    resolve_payment(payment, clock=lambda: NEXT_DAY)
    payment.refresh_from_db()
    assert (payment.state, payment.next_url, open_minor_of(invoice)) == ("succeeded", "", 0)


def test_what_waits_for_the_customer_too_long_is_given_up():
    _, invoice = given_debtor(ASKS)
    payment = pay(invoice)
    resolve_payment(payment, clock=lambda: LATER + timedelta(hours=23))
    assert Payment.objects.get().state == "needs_customer"
    resolve_payment(payment, clock=lambda: LATER + timedelta(hours=25))
    assert (Payment.objects.get().state, Payment.objects.get().reason) == ("failed", reasons.CANCELLED)
    assert Dunning.objects.filter(invoice=invoice).exists()


@pytest.mark.parametrize("at_the_bank", [True, False])
def test_what_a_customer_gives_up_himself_is_no_failure(at_the_bank):
    account, invoice = given_debtor(ASKS)
    payment = pay(invoice, present=True)
    if at_the_bank:
        world.answer_bank(SandboxCharge.objects.get(key=payment.pk), confirms=False)
        resolve_payment(payment, clock=lambda: NEXT_DAY)
    else:
        give_up_payment(payment, clock=lambda: LATER)
    payment.refresh_from_db()
    assert (payment.state, open_minor_of(invoice)) == ("cancelled", 12000)
    assert not Dunning.objects.exists()
    assert happened(account) == ["payment_intended", "payment_given_up"]
    assert intend(invoice).amount_minor == 12000


def test_what_he_gives_up_that_we_began_without_him_is_one():
    _, invoice = given_debtor(ASKS)
    payment = pay(invoice)
    give_up_payment(payment, clock=lambda: LATER)
    assert Payment.objects.get().state == "failed"
    assert Dunning.objects.filter(invoice=invoice).exists()


def test_giving_up_neither_ends_a_dunning_nor_hastens_it():
    _, invoice = given_debtor(ASKS)
    give_up_payment(pay(invoice), clock=lambda: LATER)
    before = Dunning.objects.values().get()
    give_up_payment(pay(invoice, present=True, at=NEXT_DAY), clock=lambda: NEXT_DAY)
    assert Dunning.objects.values().get() == before


def test_what_succeeds_later_is_told_by_a_notice():
    account, invoice = given_debtor(LATER_GOOD)
    payment = intend(invoice)
    do_the_payments()
    payment.refresh_from_db()
    assert (payment.state, open_minor_of(invoice)) == ("pending", 12000)
    world.let_time_pass()
    do_the_payments()
    payment.refresh_from_db()
    assert (payment.state, open_minor_of(invoice)) == ("succeeded", 0)
    assert happened(account) == ["payment_intended", "payment_pending", "payment_succeeded"]


def test_a_notice_is_kept_until_the_gateway_says_more():
    class Silent(SandboxGateway):
        def look_up_charge(self, reference: str) -> Answer:
            raise OutcomeUnknown(reference)

    _, invoice = given_debtor()
    payment = pay(invoice)
    notice = GatewayNotice.objects.create(
        gateway="sandbox", event_id="1", about="payment", reference=payment.reference, received_at=LATER
    )
    use_gateway(Silent())
    apply_notice(notice, clock=lambda: LATER)
    notice.refresh_from_db()
    assert notice.applied_at is None
    use_gateway(SandboxGateway())
    apply_notice(notice, clock=lambda: NEXT_DAY)
    notice.refresh_from_db()
    assert notice.applied_at == NEXT_DAY


def test_an_unknown_outcome_is_resolved_by_asking():
    account, invoice = given_debtor(TIMES_OUT)
    payment = pay(invoice)
    assert (payment.state, open_minor_of(invoice), charged_by_key()) == (
        "unknown",
        12000,
        {payment.pk: 12000},
    )
    resolve_payment(payment, clock=lambda: LATER + timedelta(minutes=1))
    payment.refresh_from_db()
    assert (payment.state, open_minor_of(invoice)) == ("succeeded", 0)
    assert SandboxCharge.objects.get().times_asked == 1
    assert_the_books_are_true([account])


def test_what_was_never_begun_is_asked_for_again_with_the_same_key():
    _, invoice = given_debtor()
    payment = intend(invoice)
    Payment.objects.update(state=PaymentState.SENT, sent_at=LATER)
    payment.refresh_from_db()
    resolve_payment(payment, clock=lambda: LATER + timedelta(seconds=20))
    assert charged_by_key() == {}, "somebody may be asking at this moment"
    resolve_payment(payment, clock=lambda: LATER + timedelta(seconds=31))
    assert charged_by_key() == {payment.pk: 12000}
    assert open_minor_of(invoice) == 0


def test_the_same_answer_twice_changes_nothing():
    account, invoice = given_debtor()
    payment = pay(invoice)
    for outcome in (Outcome.SUCCEEDED, Outcome.PENDING, Outcome.NEEDS_CUSTOMER, Outcome.NOT_BEGUN):
        store_answer(payment=payment, answer=Answer(outcome), at=NEXT_DAY, by=SYSTEM)
    store_answer(payment=payment, answer=Answer(Outcome.FAILED, reason="declined"), at=NEXT_DAY, by=SYSTEM)
    assert (Payment.objects.get().state, get_balance(account)) == ("succeeded", 0)
    assert happened(account) == ["payment_intended", "payment_succeeded"]
    assert_the_books_are_true([account])


def test_what_is_returned_opens_its_invoice_again():
    account, invoice = given_debtor()
    payment = pay(invoice)
    returned = Answer(Outcome.FAILED, reason=reasons.RETURNED)
    for _ in range(2):
        store_answer(payment=payment, answer=returned, at=NEXT_DAY, by=SYSTEM)
    payment.refresh_from_db()
    assert (payment.state, payment.applied_minor, payment.reversed_minor) == ("reversed", 0, 12000)
    assert (open_minor_of(invoice), get_balance(account)) == (12000, 12000)
    assert happened(account)[-1] == "payment_reversed"
    assert Dunning.objects.get(invoice=invoice).begun_at == NEXT_DAY
    assert_the_books_are_true([account])


def test_what_an_invoice_does_not_take_is_credit_for_the_next():
    account, invoice = given_debtor(LATER_GOOD)
    payment = pay(invoice)
    credit_invoice(invoice=invoice, credit=Everything(), reason="x", at=LATER, by=STAFF)
    world.let_time_pass()
    resolve_payment(payment, clock=lambda: NEXT_DAY)
    payment.refresh_from_db()
    assert (payment.state, payment.unapplied_minor, get_balance(account)) == ("succeeded", 12000, -12000)
    small = given_invoice(account, [5000])
    big = given_invoice(account, [10000])
    assert collect_invoice(invoice=small, at=NEXT_DAY, by=SYSTEM) is None, "the credit is enough"
    assert (open_minor_of(small), open_minor_of(big)) == (0, 6000)
    collected = collect_invoice(invoice=big, at=NEXT_DAY, by=SYSTEM)
    assert collected is not None
    assert collected.amount_minor == 6000
    assert_the_books_are_true([account])


def test_what_was_settled_otherwise_before_it_was_asked_for_is_not_asked_for():
    _, invoice = given_debtor()
    payment = intend(invoice)
    credit_invoice(invoice=invoice, credit=Everything(), reason="x", at=LATER, by=STAFF)
    charge_payment(payment, clock=lambda: LATER)
    payment.refresh_from_db()
    assert (payment.state, charged_by_key()) == ("cancelled", {})


def test_refusals():
    _, invoice = given_debtor()
    with pytest.raises(PaymentUnderWay):
        [intend(invoice), intend(invoice)]
    do_the_payments()
    with pytest.raises(NothingOpen):
        intend(invoice)
    poor = given_account("Southwind")
    with pytest.raises(NoWayToCharge):
        intend(given_invoice(poor))
    with pytest.raises(NothingOpen):
        intend_charge(account=poor, new=NewPayment(document=invoice), at=AT, by=SYSTEM)


# Races


def test_one_invoice_is_collected_once_however_many_collect():
    _, invoice = given_debtor()
    collect = lambda: collect_invoice(invoice=invoice, at=LATER, by=SYSTEM)  # noqa: E731 -- four of the same
    outcomes = run_together(*[collect] * 4)
    assert count_of(Payment, outcomes) == 1
    do_the_payments()
    assert len(charged_by_key()) == 1


def test_one_payment_is_charged_once_however_many_jobs_there_are():
    account, invoice = given_debtor()
    payment = intend(invoice)
    run_together(*[lambda: charge_payment(payment, clock=lambda: LATER)] * 4)
    assert (SandboxCharge.objects.get().times_asked, open_minor_of(invoice)) == (1, 0)
    assert_the_books_are_true([account])


def test_without_the_claim_a_payment_would_be_asked_for_many_times():  # the control
    account, invoice = given_debtor()
    payment = intend(invoice)
    run_together(*[lambda: charging._ask(Payment.objects.get(pk=payment.pk), lambda: LATER)] * 4)  # noqa: SLF001 -- past the claim on purpose
    assert SandboxCharge.objects.get().times_asked > 1
    assert (charged_by_key(), open_minor_of(invoice)) == ({payment.pk: 12000}, 0), (
        "the key holds all the same"
    )
    assert_the_books_are_true([account])


def test_many_answers_at_one_moment_are_one():
    account, invoice = given_debtor(GOOD)
    payment = intend(invoice)
    answer = Answer(Outcome.SUCCEEDED, "r")
    run_together(*[lambda: store_answer(payment=payment, answer=answer, at=LATER, by=SYSTEM)] * 4)
    assert (get_balance(account), open_minor_of(invoice)) == (0, 0)
    assert_the_books_are_true([account])


def test_another_card_pays_what_failed_at_once():
    _, invoice = given_debtor(DECLINED)
    pay(invoice)
    given_card(invoice.account)
    do_the_payments()
    assert open_minor_of(invoice) == 0
    assert Dunning.objects.get().end == "paid"
