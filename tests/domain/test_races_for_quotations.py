"""One quotation, accepted by two people at one moment, buys once. The control, which looks before it holds, buys twice."""

from datetime import date
from threading import Barrier

import pytest
from django.db import transaction

from charging import given_vendor, noon
from seatledger.domain.invoices.actions import bill_account
from seatledger.domain.invoices.models import Issue
from seatledger.domain.payments.actions import place_order, quote_order
from seatledger.domain.payments.actions.quotations import (
    NewQuotation,
    OfferedLine,
    QuotationEnded,
    accept_quotation,
    decline_quotation,
    send_quotation,
    tell_quotation,
)
from seatledger.domain.payments.models import Quotation, QuotationState
from seatledger.domain.payments.orders import QuotedOrder
from seatledger.domain.subscriptions.models import SoldBy
from selling import given_subscription
from support import STAFF, actor_of, administrator_of, count_of, given_account, racers, refreshed

pytestmark = pytest.mark.django_db(transaction=True)
AT = noon("2026-03-23")
ROUNDS = 8


def given_contract():
    given_vendor()
    account = given_account()
    subscription = given_subscription(
        account, quantities={"professional-user": 10}, sold_by=SoldBy.CONTRACT, at=noon("2026-03-03")
    )
    bill_account(account=account, at=noon("2026-03-03"), by=STAFF)
    return account, subscription.items.get()


def send(account, item):
    new = NewQuotation([OfferedLine(item.pk, 5)], date(2026, 4, 22))
    return send_quotation(account=account, new=new, at=AT, by=STAFF)


def test_two_people_accept_one_quotation_once():  # A20
    account, item = given_contract()
    ann = actor_of(administrator_of(account))
    with racers(2) as run_round:
        for done in range(1, ROUNDS + 1):
            quotation = send(account, item)
            digest = tell_quotation(quotation=quotation, at=AT, by=ann).digest
            outcomes = run_round(
                *[lambda q=quotation, d=digest: accept_quotation(quotation=q, expected=d, at=AT, by=ann)] * 2
            )
            assert (count_of(list, outcomes), count_of(QuotationEnded, outcomes)) == (1, 1)
            assert refreshed(item.pool).total_licences == 10 + 5 * done
            assert Issue.objects.count() == 1 + done


def test_one_accepts_while_another_declines():
    account, item = given_contract()
    ann = actor_of(administrator_of(account))
    accepted = 0
    with racers(2) as run_round:
        for _ in range(ROUNDS):
            quotation = send(account, item)
            digest = tell_quotation(quotation=quotation, at=AT, by=ann).digest
            outcomes = run_round(
                lambda q=quotation, d=digest: accept_quotation(quotation=q, expected=d, at=AT, by=ann),
                lambda q=quotation: decline_quotation(quotation=q, at=AT, by=ann),
            )
            assert count_of(QuotationEnded, outcomes) == 1
            accepted += count_of(list, outcomes)
            assert refreshed(item.pool).total_licences == 10 + 5 * accepted


def test_the_control_buys_twice():
    """Reading the state before the account is held, and marking it afterwards, is what one would write first."""
    account, item = given_contract()
    quotation, both_have_looked = send(account, item), Barrier(2)
    order = QuotedOrder({item.pk: 5})

    def look_then_buy():
        waits = Quotation.objects.get(pk=quotation.pk).state == QuotationState.SENT
        both_have_looked.wait(timeout=30)
        with transaction.atomic():
            now = quote_order(account=account, order=order, at=AT, by=STAFF).digest
            place_order(account=account, order=order, expected=now, at=AT, by=STAFF)
            Quotation.objects.filter(pk=quotation.pk).update(
                state=QuotationState.ACCEPTED, ended_at=AT, digest=now
            )
        return waits

    with racers(2) as run_round:
        assert run_round(look_then_buy, look_then_buy) == [True, True]
    assert refreshed(item.pool).total_licences == 20
    assert Issue.objects.count() == 3
