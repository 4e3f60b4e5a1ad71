"""Begin a subscription: pools are opened or taken over, and what was agreed is what is charged."""

from datetime import UTC, date, datetime

import pytest

from seatledger.domain.accounts.models import AccountType
from seatledger.domain.licences.actions import assign_licences
from seatledger.domain.licences.models import LedgerEntry, Pool, Terms
from seatledger.domain.licences.queries import get_account_type
from seatledger.domain.licences.refusals import TotalBelowUse
from seatledger.domain.subscriptions.models import Change, SubscriptionItem
from seatledger.domain.subscriptions.queries import agreed_items_for_operator
from seatledger.domain.subscriptions.refusals import (
    AlreadySubscribed,
    NotInThePlan,
    NotSoldSo,
    OtherActiveUsers,
)
from seatledger.engine.periods import Period
from seatledger.shared.errors import Refused
from selling import YEARLY, business, free, given_plan, given_subscription
from support import (
    AT,
    LATER,
    STAFF,
    given_account,
    given_licence_type,
    given_pool,
    given_users,
    refreshed,
)

pytestmark = pytest.mark.django_db


def pool_facts(account):
    pools = Pool.objects.filter(account=account, counts_active_users=False).order_by("licence_type__key")
    return [(pool.licence_type.key, pool.total_licences, pool.terms, pool.expires_on) for pool in pools]


def test_a_paid_subscription_opens_its_pools_without_an_end():  # A10, E3
    account = given_account()
    subscription = given_subscription(account, version=business())
    assert pool_facts(account) == [
        ("professional-user", 5, Terms.PAID, None),
        ("wallboard", 3, Terms.PAID, None),
    ]
    assert get_account_type(account, AT) == AccountType.ACTIVE
    change = Change.objects.get(subscription=subscription)
    entries = LedgerEntry.objects.filter(account=account).exclude(bought_change=0)
    assert change.entry_sequences == [entry.sequence for entry in entries.order_by("sequence")]
    assert SubscriptionItem.objects.filter(subscription=subscription).count() == 2


def test_a_trial_ends_by_itself_on_its_last_day():  # A10
    account = given_account()
    subscription = given_subscription(account, trial=True)
    # Thirty days of which 2 March is the first.
    assert pool_facts(account) == [("professional-user", 5, Terms.TRIAL, date(2026, 3, 31))]
    assert subscription.free_until == date(2026, 4, 1)
    assert get_account_type(account, AT) == AccountType.TRIAL
    assert agreed_items_for_operator([account.pk]) == {}


def test_pools_that_are_there_are_taken_over_with_what_they_hold():
    pool = given_pool(total_licences=40, terms=Terms.TRIAL, expires_on=date(2026, 3, 9))
    given_subscription(pool.account, version=business(), at=LATER)
    assert pool_facts(pool.account) == [
        ("professional-user", 40, Terms.PAID, None),
        ("wallboard", 3, Terms.PAID, None),
    ]


def test_numbers_are_what_was_agreed():
    pool = given_pool(total_licences=40)
    given_subscription(pool.account, quantities={"professional-user": 25}, at=LATER)
    assert refreshed(pool).total_licences == 25


def test_never_fewer_than_are_in_use():
    pool = given_pool(total_licences=4)
    users = given_users(pool.account, 3)
    assign_licences(pool=pool, user_ids=[user.pk for user in users], at=AT, by=STAFF)
    with pytest.raises(TotalBelowUse):
        given_subscription(pool.account, quantities={"professional-user": 2}, at=LATER)


def test_what_is_charged_is_the_catalogues_price_for_the_currency_and_interval():
    account = given_account(time_zone="America/Los_Angeles")
    given_subscription(account, version=business(), interval=YEARLY)
    items = agreed_items_for_operator([account.pk])[account.pk]
    assert [(item.licence_name, item.phases[0].tariff.price.amount(1)) for item in items] == [
        ("Professional User", 20000),
        ("Wallboard", 6000),
    ]
    phase = items[0].phases[0]
    # Nine in the morning in London is one at night in Los Angeles.
    assert phase.starts_at == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert phase.schedule.period(0) == Period(date(2026, 3, 2), date(2027, 3, 2))


def test_what_was_written_later_in_the_day_counts_from_its_beginning():
    pool = given_pool(total_licences=40)
    given_subscription(pool.account, quantities={"professional-user": 25}, at=LATER)
    [item] = agreed_items_for_operator([pool.account_id])[pool.account_id]
    entry = LedgerEntry.objects.get(pool=pool, bought_change=-15)
    assert item.counts_from == {entry.sequence: datetime(2026, 3, 2, tzinfo=UTC)}


def test_an_agreed_price_goes_before_the_catalogues():
    account = given_account()
    given_subscription(account, agreed_prices={"professional-user": {"unit_amount": "9.50"}})
    [item] = agreed_items_for_operator([account.pk])[account.pk]
    assert item.phases[0].tariff.price.amount(2) == 1900


def test_what_the_plan_includes_is_not_charged():
    account = given_account()
    given_subscription(account, version=free())
    assert agreed_items_for_operator([account.pk]) == {}


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"quantities": {"wallboard": 2}}, NotInThePlan),
        ({"interval": "quarter"}, NotSoldSo),
        ({"agreed_prices": {"wallboard": {"unit_amount": "1.00"}}}, NotInThePlan),
        ({"agreed_prices": {"professional-user": {"unit_amount": "much"}}}, Refused),
        ({"quantities": {"professional-user": -1}}, Refused),
    ],
)
def test_what_cannot_be_agreed_changes_nothing(said, refusal):
    account = given_account()
    with pytest.raises(refusal):
        given_subscription(account, **said)
    assert pool_facts(account) == []


def test_an_account_has_one_subscription_at_a_time():
    account = given_account()
    given_subscription(account)
    with pytest.raises(AlreadySubscribed):
        given_subscription(account, version=business(), at=LATER)


def test_a_neighbours_items_are_its_own():
    account, other = given_account("Northwind"), given_account("Contoso")
    given_subscription(account)
    given_subscription(other)
    found = agreed_items_for_operator([account.pk])
    assert set(found) == {account.pk}
    assert {item.account_id for item in found[account.pk]} == {account.pk}


def test_many_accounts_are_read_in_as_few_statements_as_one(django_assert_num_queries):
    accounts = [given_account(f"Account {number}") for number in range(3)]
    for account in accounts:
        given_subscription(account, version=business())
    with django_assert_num_queries(4):
        found = agreed_items_for_operator([account.pk for account in accounts])
    assert [len(items) for items in found.values()] == [2, 2, 2]


def test_a_plan_that_counts_other_active_users_needs_an_account_of_its_own():
    kind = given_licence_type("seat", given_by="activation", charge_model="active")
    plan = given_plan("by-seat", [(kind, None, {"month": "4.00"})])
    account = given_account()
    with pytest.raises(OtherActiveUsers, match="Open an account on this plan"):
        given_subscription(account, version=plan)
    assert not Pool.objects.filter(account=account, licence_type=kind).exists()
