"""What happens to an account that does not pay, day by day, and that paying in any way ends it."""

from datetime import date, timedelta

import pytest
from django.test import override_settings

from charging import noon
from delivery import forget_the_jobs
from invoicing import given_invoice
from paying import DECLINED, GOOD, assert_the_books_are_true, given_card, given_debtor, open_minor_of, pay
from seatledger.domain.accounts.models import AccountType
from seatledger.domain.events.models import Event
from seatledger.domain.invoices.actions import credit_invoice
from seatledger.domain.invoices.crediting import Everything
from seatledger.domain.licences.queries import get_account_type, list_accounts_for_operator
from seatledger.domain.payments.actions import NewMethod, add_method
from seatledger.domain.payments.actions.asking import begin_overdue, step_dunning, tell_expiring
from seatledger.domain.payments.actions.dunning import stop_dunning
from seatledger.domain.payments.charging import charge_payment
from seatledger.domain.payments.models import Dunning, MethodKind, Payment, PaymentMethod, PaymentState
from seatledger.domain.payments.queries.dunning import (
    list_dunnings_due_for_operator,
    list_expiring_cards_for_operator,
    list_overdue_for_operator,
)
from seatledger.domain.staff.queries.accounts import (
    AccountSearch,
    find_accounts_for_operator,
)
from seatledger.domain.staff.queries.states import AccountState
from support import LATER, STAFF, SYSTEM, given_account, given_pool, refreshed

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def no_old_jobs():
    forget_the_jobs()


def let_days_pass(first: int, last: int) -> None:
    """Do on each day what the jobs do: the steps that are due, and the charges that were intended."""
    for day in range(first, last + 1):
        at = LATER + day * DAY
        for invoice in list_overdue_for_operator(at):
            begin_overdue(invoice=invoice, at=at, by=SYSTEM)
        for dunning in list_dunnings_due_for_operator(at):
            step_dunning(dunning=dunning, at=at, by=SYSTEM)
        for payment in Payment.objects.filter(state=PaymentState.INTENDED).select_related("account"):
            charge_payment(payment, clock=lambda at=at: at)


def told(account) -> list[tuple[str, int]]:
    """Return what was told of dunning, with the day."""
    kinds = ["dunning_begun", "dunning_stepped", "dunning_ended", "account_lapsed", "account_restored"]
    rows = Event.objects.filter(account=account, kind__in=kinds).order_by("sequence")
    return [(row.kind, (row.at - LATER).days) for row in rows]


WHOLE_COURSE = [
    ("dunning_begun", 0),
    ("dunning_stepped", 3),
    ("dunning_stepped", 8),
    ("dunning_stepped", 15),
    ("dunning_stepped", 22),
    ("account_lapsed", 29),
]


def given_arrears():
    account, invoice = given_debtor(DECLINED)
    given_pool(account)
    pay(invoice)
    return account, invoice


def type_of(account):
    return get_account_type(refreshed(account), LATER)


def test_a_card_that_fails_is_tried_by_the_schedule_and_then_the_account_lapses():
    account, invoice = given_arrears()
    let_days_pass(1, 28)
    assert type_of(account) == AccountType.ACTIVE, "these are the days of grace"
    let_days_pass(29, 60)
    assert told(account) == WHOLE_COURSE
    assert Payment.objects.filter(state=PaymentState.FAILED).count() == 5
    assert (type_of(account), open_minor_of(invoice)) == (AccountType.EXPIRED, 12000)
    (line,) = list_accounts_for_operator(LATER)
    assert line.account_type == AccountType.EXPIRED
    for state, there in ((AccountState.EXPIRED, [account]), (AccountState.ACTIVE, [])):
        found = find_accounts_for_operator(AccountSearch(state=state), after=None, limit=9, at=LATER)
        assert [row.account for row in found.rows] == there
    assert_the_books_are_true([account])


@pytest.mark.parametrize("day", [1, 4, 10, 20, 25, 40])
def test_another_card_pays_at_any_step_at_once_and_restores(day):
    account, invoice = given_arrears()
    let_days_pass(1, day)
    given_card(account, GOOD, at=LATER + day * DAY)
    let_days_pass(day, day)
    assert (open_minor_of(invoice), type_of(account)) == (0, AccountType.ACTIVE)
    assert Dunning.objects.get().end == "paid"
    assert told(account)[-1][0] == ("account_restored" if day >= 29 else "dunning_ended")
    let_days_pass(day + 1, day + 30)
    assert Payment.objects.filter(state=PaymentState.SUCCEEDED).count() == 1


def test_credit_is_as_good_as_a_payment():
    account, invoice = given_arrears()
    let_days_pass(1, 30)
    credit_invoice(invoice=invoice, credit=Everything(), reason="x", at=LATER + 31 * DAY, by=STAFF)
    let_days_pass(31, 31)
    assert told(account)[-2:] == [("dunning_ended", 31), ("account_restored", 31)]
    assert type_of(account) == AccountType.ACTIVE


def test_an_account_that_lapsed_for_two_invoices_pays_both():
    account, first = given_arrears()
    second = given_invoice(account, [5000])
    pay(second)
    let_days_pass(1, 30)
    credit_invoice(invoice=first, credit=Everything(), reason="x", at=LATER + 31 * DAY, by=STAFF)
    let_days_pass(31, 31)
    assert type_of(account) == AccountType.EXPIRED
    credit_invoice(invoice=second, credit=Everything(), reason="x", at=LATER + 32 * DAY, by=STAFF)
    let_days_pass(32, 32)
    assert type_of(account) == AccountType.ACTIVE


def test_an_invoice_that_is_paid_by_transfer_is_reminded_of_once_it_is_overdue():
    account = given_account()
    add_method(account=account, new=NewMethod(MethodKind.TRANSFER), at=LATER, by=STAFF)
    invoice = given_invoice(account, [10000])
    days_until_due = (invoice.due_on - LATER.date()).days
    let_days_pass(0, days_until_due)
    assert told(account) == []
    let_days_pass(days_until_due + 1, days_until_due + 40)
    assert told(account) == [(kind, day + days_until_due + 1) for kind, day in WHOLE_COURSE]
    assert Payment.objects.count() == 0


def test_a_customers_own_attempt_does_not_hasten_the_schedule():
    account, invoice = given_arrears()
    let_days_pass(1, 2)
    for _ in range(3):
        assert pay(invoice, at=LATER + 2 * DAY, present=True).state == "failed"
    assert told(account) == WHOLE_COURSE[:1]
    let_days_pass(3, 29)
    assert told(account) == WHOLE_COURSE


def test_doing_the_steps_twice_changes_nothing():
    account, _ = given_arrears()
    for day in (3, 8):
        for _ in range(3):
            let_days_pass(day, day)
    assert told(account) == WHOLE_COURSE[:3]


def test_staff_may_stop_it():
    account, invoice = given_arrears()
    let_days_pass(1, 30)
    stop_dunning(dunning=Dunning.objects.get(), at=LATER + 31 * DAY, by=STAFF)
    let_days_pass(31, 60)
    assert (type_of(account), open_minor_of(invoice)) == (AccountType.ACTIVE, 12000)
    assert told(account)[-2:] == [("dunning_ended", 31), ("account_restored", 31)]


@override_settings(SEATLEDGER_DUNNING_DAYS=(1, 2), SEATLEDGER_GRACE_DAYS=0)
def test_the_schedule_is_the_settings():
    account, _ = given_arrears()
    let_days_pass(1, 5)
    assert told(account) == [
        ("dunning_begun", 0),
        ("dunning_stepped", 1),
        ("dunning_stepped", 3),
        ("account_lapsed", 4),  # looked at again the day after
    ]


def test_an_expiring_card_is_told_of_twice():
    account = given_account()
    given_card(account)
    PaymentMethod.objects.update(expires_year=2026, expires_month=5)
    for offset in range(-40, 5):
        day = date(2026, 5, 31) + timedelta(days=offset)
        at = noon(day.isoformat())
        for method in list_expiring_cards_for_operator(at):
            for _ in range(2):
                tell_expiring(method=method, at=at, by=SYSTEM)
    rows = Event.objects.filter(account=account, kind="card_expiring").order_by("sequence")
    assert [row.payload["days_left"] for row in rows] == [30, 7]
