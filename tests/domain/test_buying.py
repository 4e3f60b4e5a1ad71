"""An order is paid first and done then: in the transaction that records its payment, once, for the figures confirmed."""

from dataclasses import replace
from uuid import uuid4

import pytest

from buying import TRANSFER, given_method
from charging import given_vendor, noon
from delivery import forget_the_jobs
from paying import (
    ASKS,
    DEBIT,
    DECLINED,
    TIMES_OUT,
    assert_the_books_are_true,
    given_card,
    open_minor_of,
)
from seatledger.domain.invoices.actions import bill_account, credit_account
from seatledger.domain.invoices.models import Document, Issue
from seatledger.domain.licences.actions import change_total
from seatledger.domain.payments.actions import (
    EndOrder,
    FewerThanOnTrial,
    MoreOrder,
    NothingOrdered,
    NumberOrder,
    PlanOrder,
    QuoteChanged,
    TrialOrder,
    quote_order,
)
from seatledger.domain.payments.actions.buying import Confirmation, Confirmed, OrderWaits, confirm_order
from seatledger.domain.payments.charging import charge_payment, resolve_payment
from seatledger.domain.payments.gateways import reasons
from seatledger.domain.payments.gateways.sandbox import world
from seatledger.domain.payments.gateways.sandbox.models import SandboxCharge
from seatledger.domain.payments.models import Order, Payment, Refund
from seatledger.domain.payments.orders import read_order, write_order
from seatledger.domain.payments.queries.buying import get_order, get_waiting_order, to_pay_minor
from seatledger.domain.subscriptions.actions import PlanChoice
from seatledger.domain.subscriptions.models import TakesEffect
from seatledger.domain.subscriptions.queries import get_agreement
from seatledger.shared.errors import NotFound
from selling import MONTHLY, business, given_subscription, team
from support import STAFF, actor_of, administrator_of, count_of, given_account, refreshed, run_together

pytestmark = pytest.mark.django_db(transaction=True)
MARCH_3, MARCH_23, MARCH_24 = noon("2026-03-03"), noon("2026-03-23"), noon("2026-03-24")


@pytest.fixture(autouse=True)
def no_old_jobs():
    forget_the_jobs()


def given_ten(number: str | None = "4242 4242 4242 4242"):
    """Ten licences at 12.00 a month from 3 March 2026, billed by transfer, and a card from then on."""
    given_vendor()
    account = given_account()
    subscription = given_subscription(account, quantities={"professional-user": 10}, at=MARCH_3)
    [first] = bill_account(account=account, at=MARCH_3, by=STAFF)
    Issue.objects.filter(document=first).update(open_minor=0)
    if number:
        given_card(account, number)
    return account, subscription.items.get()


def confirmation_of(account, order, at=MARCH_23):
    quote = quote_order(account=account, order=order, at=at, by=STAFF)
    return Confirmation(quote.digest, to_pay_minor(account, quote), "/billing/orders/{order}/")


def confirm(account, order, confirmation=None, at=MARCH_23):
    return confirm_order(
        account=account,
        order=order,
        confirmation=confirmation or confirmation_of(account, order, at),
        at=at,
        by=actor_of(administrator_of(account)),
    )


def charge(order, at=MARCH_23):
    payment = Payment.objects.get(order=order)
    charge_payment(payment, clock=lambda: at)
    return refreshed(payment), refreshed(order)


def test_nothing_is_done_before_it_is_paid_and_all_of_it_then():  # A19, E11, E12
    account, item = given_ten()
    waiting = confirm(account, MoreOrder({item.pk: 2})).waiting
    assert (waiting.total_minor, waiting.state) == (852, "waiting")
    assert (refreshed(item.pool).total_licences, Document.objects.count()) == (10, 1)
    payment, order = charge(waiting)
    assert (order.state, payment.state, payment.applied_minor) == ("placed", "succeeded", 852)
    assert refreshed(item.pool).total_licences == 12
    invoice = Document.objects.get(issue__reference="INV-2")
    assert (invoice.total_minor, open_minor_of(invoice)) == (852, 0)


def test_a_declined_card_buys_nothing_and_another_may_be_tried():
    account, item = given_ten(DECLINED)
    order = MoreOrder({item.pk: 2})
    payment, failed = charge(confirm(account, order).waiting)
    assert (payment.state, failed.state, failed.reason) == ("failed", "failed", reasons.DECLINED)
    assert (refreshed(item.pool).total_licences, Document.objects.count()) == (10, 1)
    given_card(account)
    _, placed = charge(confirm(account, order).waiting)
    assert (placed.state, refreshed(item.pool).total_licences) == ("placed", 12)


def test_a_bank_that_asks_is_waited_for():
    account, item = given_ten(ASKS)
    waiting = confirm(account, MoreOrder({item.pk: 2})).waiting
    payment, order = charge(waiting)
    assert (payment.state, order.state, bool(payment.next_url)) == ("needs_customer", "waiting", True)
    world.answer_bank(SandboxCharge.objects.get(reference=payment.reference), confirms=True)
    resolve_payment(payment, clock=lambda: MARCH_23)
    assert (refreshed(order).state, refreshed(item.pool).total_licences) == ("placed", 12)


def test_an_answer_that_never_came_is_asked_for_and_the_order_done_once():
    account, item = given_ten(TIMES_OUT)
    payment, order = charge(confirm(account, MoreOrder({item.pk: 2})).waiting)
    assert (payment.state, order.state) == ("unknown", "waiting")
    for _ in range(2):
        resolve_payment(refreshed(payment), clock=lambda: MARCH_23)
    assert (refreshed(order).state, refreshed(item.pool).total_licences) == ("placed", 12)
    assert Document.objects.count() == 2


def test_what_changed_meanwhile_is_not_bought_and_the_money_goes_back():
    account, item = given_ten()
    waiting = confirm(account, MoreOrder({item.pk: 2})).waiting
    payment, order = charge(waiting, at=MARCH_24)
    assert (order.state, order.reason, payment.state) == ("failed", "quote_changed", "succeeded")
    assert (refreshed(item.pool).total_licences, Document.objects.count()) == (10, 1)
    refund = Refund.objects.get(payment=payment)
    assert (refund.amount_minor, refund.credit_note, payment.unapplied_minor) == (852, None, 0)


def test_who_pays_by_transfer_has_it_at_once_and_an_open_invoice():
    account, item = given_ten(None)
    given_method(account, TRANSFER)
    done = confirm(account, MoreOrder({item.pk: 2}))
    assert [open_minor_of(one) for one in done.issued] == [852]
    assert (done.waiting, refreshed(item.pool).total_licences) == (None, 12)


def test_a_debit_takes_days_so_the_order_is_done_and_its_invoice_collected():
    account, item = given_ten(DEBIT)
    done = confirm(account, MoreOrder({item.pk: 2}))
    assert [open_minor_of(one) for one in done.issued] == [852]
    assert (Payment.objects.count(), refreshed(item.pool).total_licences) == (0, 12)


def test_what_costs_nothing_now_is_done_at_once():
    account, item = given_ten()
    assert confirm(account, NumberOrder(item.pk, 8)) == Confirmed()
    assert (Order.objects.count(), Payment.objects.count()) == (0, 0)


def test_credit_is_used_before_the_card():
    account, item = given_ten()
    credit_account(account=account, amount_minor=500, text="Sorry", reason="Outage", at=MARCH_3, by=STAFF)
    waiting = confirm(account, MoreOrder({item.pk: 2})).waiting
    assert waiting.total_minor == 352
    charge(waiting)
    assert open_minor_of(Document.objects.get(issue__reference="INV-2")) == 0


def test_credit_that_covers_it_asks_no_card():
    account, item = given_ten()
    credit_account(account=account, amount_minor=900, text="Sorry", reason="Outage", at=MARCH_3, by=STAFF)
    done = confirm(account, MoreOrder({item.pk: 2}))
    assert [open_minor_of(one) for one in done.issued] == [0]


# Confirming again


def test_the_same_figures_confirmed_again_are_the_same_order():
    account, item = given_ten()
    order, confirmation = MoreOrder({item.pk: 2}), confirmation_of(*given_order(account, item))
    first = confirm(account, order, confirmation).waiting
    assert confirm(account, order, confirmation).waiting == first
    charge(first)
    assert confirm(account, order, confirmation).waiting == first, "the back button, when it was done"
    assert (Order.objects.count(), Payment.objects.count()) == (1, 1)
    assert refreshed(item.pool).total_licences == 12


def given_order(account, item):
    return account, MoreOrder({item.pk: 2})


def test_another_order_waits_until_the_first_is_through():
    account, item = given_ten()
    confirm(account, MoreOrder({item.pk: 2}))
    with pytest.raises(OrderWaits):
        confirm(account, MoreOrder({item.pk: 3}))
    assert Order.objects.count() == 1


@pytest.mark.parametrize("other", [{"digest": "x"}, {"pays_minor": 851}, {"pays_minor": None}])
def test_other_figures_are_not_confirmed(other):
    account, item = given_ten()
    order = MoreOrder({item.pk: 2})
    with pytest.raises(QuoteChanged):
        confirm(account, order, replace(confirmation_of(account, order), **other))
    assert not Order.objects.exists()


def test_two_clicks_at_a_moment_make_one_order():
    account, item = given_ten()
    order = MoreOrder({item.pk: 2})
    confirmation = confirmation_of(account, order)
    outcomes = run_together(*[lambda: confirm(account, order, confirmation)] * 4)
    assert count_of(Confirmed, outcomes) == 4
    assert len({one.waiting.pk for one in outcomes}) == 1
    assert (Order.objects.count(), Payment.objects.count()) == (1, 1)


def test_two_tabs_with_different_orders_make_one():
    account, item = given_ten()
    orders = [MoreOrder({item.pk: 2}), MoreOrder({item.pk: 3})]
    said = [confirmation_of(account, order) for order in orders]
    outcomes = run_together(
        *[lambda o=order, c=one: confirm(account, o, c) for order, one in zip(orders, said, strict=True)]
    )
    assert (count_of(Confirmed, outcomes), count_of(OrderWaits, outcomes)) == (1, 1)


def test_charged_and_asked_at_once_the_order_is_done_once():
    account, item = given_ten()
    waiting = confirm(account, MoreOrder({item.pk: 2})).waiting
    payment = Payment.objects.get(order=waiting)
    run_together(
        *[lambda: charge_payment(payment, clock=lambda: MARCH_23)] * 2,
        *[lambda: resolve_payment(refreshed(payment), clock=lambda: MARCH_23)] * 2,
    )
    resolve_payment(refreshed(payment), clock=lambda: MARCH_23)
    assert refreshed(item.pool).total_licences in (10, 12)
    if refreshed(payment).state == "succeeded":
        assert (refreshed(item.pool).total_licences, Document.objects.count()) == (12, 2)


# What can be ordered


def test_several_types_are_bought_in_one_order():
    given_vendor()
    account = given_account()
    subscription = given_subscription(account, version=business(), at=MARCH_23)
    bill_account(account=account, at=MARCH_23, by=STAFF)
    items = {item.pool.licence_type.key: item for item in subscription.items.all()}
    given_method(account, TRANSFER)
    confirm(account, MoreOrder({items["professional-user"].pk: 2}))
    with pytest.raises(NothingOrdered):
        confirm(account, MoreOrder({}))
    with pytest.raises(NothingOrdered):
        confirm(account, MoreOrder({items["professional-user"].pk: 0}))


def on_trial():
    given_vendor()
    account = given_account()
    subscription = given_subscription(account, version=team(), trial=True, at=MARCH_3)
    given_card(account)
    return account, subscription.items.get()


def test_a_trial_is_bought_with_a_number():  # A21
    account, item = on_trial()
    order = TrialOrder(numbers={"professional-user": 8})
    waiting = confirm(account, order).waiting
    assert waiting.total_minor == 8 * 1200
    charge(waiting)
    assert (refreshed(item.pool).total_licences, refreshed(item.pool).terms) == (8, "paid")
    assert_the_books_are_true([account])


def test_fewer_than_on_trial_begin_when_its_days_are_over():
    account, _ = on_trial()
    with pytest.raises(FewerThanOnTrial, match="You have 5 during the trial"):
        confirm(account, TrialOrder(numbers={"professional-user": 3}))
    order = TrialOrder(TakesEffect.AT_PERIOD_END, numbers={"professional-user": 3})
    quote = quote_order(account=account, order=order, at=MARCH_23, by=STAFF)
    assert quote.following.net_minor == 3 * 1200


def test_a_trial_bought_for_its_end_has_the_number_from_then_on():
    account, item = on_trial()
    order = TrialOrder(TakesEffect.AT_PERIOD_END, numbers={"professional-user": 8})
    quote = quote_order(account=account, order=order, at=MARCH_23, by=STAFF)
    assert (quote.due_total_minor, quote.following.net_minor) == (0, 8 * 1200)
    confirm(account, order)
    assert refreshed(item.pool).total_licences == 5
    [invoice] = bill_account(account=account, at=noon(f"{quote.following.dated_on}"), by=STAFF)
    assert (invoice.net_minor, refreshed(item.pool).total_licences) == (8 * 1200, 8)


def test_a_trial_of_an_unknown_type_is_refused():
    account, _ = on_trial()
    with pytest.raises(NotFound):
        confirm(account, TrialOrder(numbers={"other": 8}))


def test_a_card_gone_meanwhile_and_a_pool_that_grew_fail_the_order():
    account, item = given_ten()
    waiting = confirm(account, MoreOrder({item.pk: 2})).waiting
    change_total(pool=item.pool, total=11, reason="The vendor", at=MARCH_23, by=STAFF)
    _, order = charge(waiting)
    assert (order.state, refreshed(item.pool).total_licences) == ("failed", 11)


def test_an_order_is_the_same_after_it_was_stored():
    given_vendor()
    choice = PlanChoice(business(), MONTHLY, {"professional-user": 3})
    for order in (
        NumberOrder(uuid4(), 3),
        MoreOrder({uuid4(): 2, uuid4(): 1}),
        PlanOrder(choice, TakesEffect.AT_PERIOD_END),
        TrialOrder(TakesEffect.AT_ONCE, choice),
        TrialOrder(TakesEffect.AT_ONCE, None, {"professional-user": 8}),
        EndOrder(),
    ):
        assert read_order(write_order(order)) == order


def test_a_neighbours_order_is_none():
    account, item = given_ten()
    waiting = confirm(account, MoreOrder({item.pk: 2})).waiting
    other = given_account("Contoso")
    assert (get_waiting_order(account), get_waiting_order(other)) == (waiting, None)
    for order_id in (waiting.pk, uuid4()):
        with pytest.raises(NotFound):
            get_order(other, order_id)
    assert get_agreement(account, at=MARCH_23).licences[0].total == 10
