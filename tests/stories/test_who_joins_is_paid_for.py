"""“Increase and charge”: who joins has a licence at once, which the next run invoices and the card pays."""

import pytest

from charging import given_vendor, noon, run
from paying import DECLINED, GOOD, assert_the_books_are_true, given_card
from seatledger.domain.accounts.models import Account
from seatledger.domain.licences.models import Pool
from seatledger.domain.payments.actions.collecting import collect_invoice
from seatledger.domain.payments.charging import charge_payment
from seatledger.domain.payments.models import Dunning, Payment
from seatledger.domain.payments.queries.collecting import list_to_collect
from seatledger.domain.subscriptions.actions import (
    Joiner,
    NewUserRules,
    ask_for_domain,
    change_preferences,
    join_account,
    verify_domain,
)
from seatledger.domain.subscriptions.domains import code_of
from seatledger.domain.subscriptions.models import OnJoining, OnNoneLeft
from seatledger.domain.subscriptions.refusals import CannotJoin
from selling import given_subscription
from support import AT, STAFF, SYSTEM, given_account

pytestmark = pytest.mark.django_db(transaction=True)


def given_open_house(card: str) -> Account:
    """Return an account with one licence at 12.00 a month, which is taken, that buys a second for who joins."""
    given_vendor()
    account = given_account()
    given_subscription(account, quantities={"professional-user": 1})
    domain = ask_for_domain(account=account, domain="northwind.example", at=AT, by=STAFF)
    verify_domain(domain=domain, code=code_of(domain), at=AT, by=STAFF)
    rules = NewUserRules(OnJoining.ASSIGN, OnNoneLeft.INCREASE, 2)
    change_preferences(account=account, new=rules, at=AT, by=STAFF)
    given_card(account, card)
    join(account, "Eve", "2026-03-02")
    charge(account, "2026-03-02")
    return account


def join(account: Account, name: str, day: str) -> None:
    joiner = Joiner(f"{name}@northwind.example", name, "Moss")
    join_account(account=account, joiner=joiner, at=noon(day), by=SYSTEM)


def charge(account: Account, day: str) -> list[tuple[int, str]]:
    """Bill and collect as the jobs do; returns the payments of the day: amount and state."""
    run(day)
    for invoice in list_to_collect(account):
        made = collect_invoice(invoice=invoice, at=noon(day), by=SYSTEM)
        assert made is not None
        charge_payment(made, clock=lambda: noon(day))
    made_then = Payment.objects.filter(account=account, intended_at=noon(day))
    return list(made_then.values_list("amount_minor", "state"))


def total_of(account: Account) -> int | None:
    return Pool.objects.get(account=account, licence_type__key="professional-user").total_licences


def test_who_joins_has_a_licence_that_the_card_pays():  # E13, E14
    account = given_open_house(GOOD)
    join(account, "Kim", "2026-03-18")
    assert total_of(account) == 2
    # 15 of the 31 days from 2 March to 1 April are left: 12.00 x 15 / 31.
    assert charge(account, "2026-03-18") == [(581, "succeeded")]
    with pytest.raises(CannotJoin):
        join(account, "Lou", "2026-03-19")
    assert total_of(account) == 2, "never beyond what the account allows"
    assert_the_books_are_true([account])


def test_a_declined_card_is_asked_again_and_nobody_loses_the_licence():
    account = given_open_house(GOOD)
    given_card(account, DECLINED, at=noon("2026-03-17"))
    join(account, "Kim", "2026-03-18")
    assert charge(account, "2026-03-18") == [(581, "failed")]
    assert Dunning.objects.filter(account=account, ended_at=None).count() == 1
    assert total_of(account) == 2
