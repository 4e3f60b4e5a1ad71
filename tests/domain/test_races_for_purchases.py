"""One quote, confirmed twice at one moment, buys once. The control, which looks first and adds afterwards, buys twice."""

from threading import Barrier

import pytest
from django.db import transaction

from buying import given_method
from charging import given_vendor, noon
from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.invoices.actions import bill_account
from seatledger.domain.invoices.models import Issue
from seatledger.domain.licences.actions import change_total
from seatledger.domain.licences.models import Pool
from seatledger.domain.payments.actions import NumberOrder, QuoteChanged, place_order, quote_order
from seatledger.domain.subscriptions.refusals import NothingChanges
from selling import given_subscription
from support import STAFF, count_of, given_account, racers, refreshed

pytestmark = pytest.mark.django_db(transaction=True)
AT = noon("2026-03-23")
ROUNDS = 10


def given_ten():
    given_vendor()
    account = given_account()
    subscription = given_subscription(account, quantities={"professional-user": 10}, at=noon("2026-03-03"))
    bill_account(account=account, at=noon("2026-03-03"), by=STAFF)
    given_method(account)
    return account, subscription.items.get()


def ask(account, order):
    return quote_order(account=account, order=order, at=AT, by=STAFF).digest


def test_one_quote_is_bought_once():
    account, item = given_ten()
    with racers(2) as run_round:
        for number in range(11, 11 + ROUNDS):
            order = NumberOrder(item.pk, number)
            expected = ask(account, order)
            outcomes = run_round(
                *[
                    lambda o=order, e=expected: place_order(
                        account=account, order=o, expected=e, at=AT, by=STAFF
                    )
                ]
                * 2
            )
            assert count_of(list, outcomes) == 1
            assert count_of(QuoteChanged, outcomes) + count_of(NothingChanges, outcomes) == 1
            assert refreshed(item.pool).total_licences == number
            assert Issue.objects.count() == number - 9


def test_two_quotes_of_one_moment_are_not_both_bought():
    account, item = given_ten()
    orders = [NumberOrder(item.pk, number) for number in (11, 15)]
    expected = [ask(account, order) for order in orders]
    with racers(2) as run_round:
        outcomes = run_round(
            *[
                lambda o=order, e=digest: place_order(account=account, order=o, expected=e, at=AT, by=STAFF)
                for order, digest in zip(orders, expected, strict=True)
            ]
        )
    assert (count_of(list, outcomes), count_of(QuoteChanged, outcomes)) == (1, 1)
    assert Issue.objects.count() == 2


def test_the_control_buys_twice():
    """Comparing before the account is held, and then adding what was asked for, is what one would write first."""
    account, item = given_ten()
    order = NumberOrder(item.pk, 11)
    expected, both_have_looked = ask(account, order), Barrier(2)

    def look_then_add():
        agreed = ask(account, order) == expected
        both_have_looked.wait(timeout=30)
        with transaction.atomic():
            pool = Pool.objects.get(account=lock_account(account), pk=item.pool_id)
            change_total(pool=pool, total=pool.total_licences + 1, at=AT, by=STAFF)
            bill_account(account=account, at=AT, by=STAFF)
        return agreed

    with racers(2) as run_round:
        assert run_round(look_then_add, look_then_add) == [True, True]
    assert refreshed(item.pool).total_licences == 12
    assert Issue.objects.count() == 3
