"""How many licences there are from the renewal on, and what was added or used in the meantime."""

from datetime import UTC, datetime

import pytest

from seatledger.domain.licences.actions import assign_licences, change_total
from seatledger.domain.licences.limits import UnlikelyNumber
from seatledger.domain.licences.models import LedgerEntry, Pool
from seatledger.domain.subscriptions.actions import (
    PlanChoice,
    apply_due_changes,
    cancel_subscription,
    change_plan,
    schedule_quantity,
    withdraw_change,
)
from seatledger.domain.subscriptions.models import SubscriptionItem, TakesEffect
from seatledger.domain.subscriptions.queries import agreed_items_for_operator
from seatledger.domain.subscriptions.refusals import NothingChanges, NotInThePlan
from seatledger.shared.errors import NotFound
from selling import MONTHLY, business, free, given_subscription
from support import STAFF, SYSTEM, given_account, given_users, refreshed

pytestmark = pytest.mark.django_db

MID_MARCH = datetime(2026, 3, 16, 10, tzinfo=UTC)
RENEWAL = datetime(2026, 4, 1, 23, tzinfo=UTC)
AFTER_RENEWAL = datetime(2026, 4, 2, 1, tzinfo=UTC)


def professional(account):
    return Pool.objects.select_related("account", "licence_type").get(
        account=account, licence_type__key="professional-user"
    )


def agree(subscription, quantity, *, at=MID_MARCH):
    item = SubscriptionItem.objects.get(
        subscription=subscription, pool__licence_type__key="professional-user"
    )
    return schedule_quantity(subscription=subscription, item=item, quantity=quantity, at=at, by=STAFF)


def apply(account, at):
    return apply_due_changes(account=account, at=at, by=SYSTEM)


def test_fewer_licences_at_renewal_count_from_its_first_instant():
    subscription = given_subscription(quantities={"professional-user": 10})
    change = agree(subscription, 6)
    assert change.effective_at == RENEWAL
    assert professional(subscription.account).total_licences == 10
    [applied] = apply(subscription.account, AFTER_RENEWAL)
    pool = professional(subscription.account)
    entry = LedgerEntry.objects.get(pool=pool, bought_change=-4)
    assert (pool.total_licences, entry.at, applied.entry_sequences) == (6, AFTER_RENEWAL, [entry.sequence])
    [item] = agreed_items_for_operator([subscription.account_id])[subscription.account_id]
    assert item.counts_from[entry.sequence] == RENEWAL


def test_what_was_added_after_the_renewal_is_kept():
    subscription = given_subscription(quantities={"professional-user": 10})
    agree(subscription, 6)
    between = datetime(2026, 4, 2, 0, 30, tzinfo=UTC)
    change_total(pool=professional(subscription.account), total=12, at=between, by=STAFF)
    apply(subscription.account, AFTER_RENEWAL)
    assert professional(subscription.account).total_licences == 8


def test_what_was_added_before_the_renewal_is_not():
    subscription = given_subscription(quantities={"professional-user": 10})
    agree(subscription, 6)
    change_total(pool=professional(subscription.account), total=12, at=MID_MARCH, by=STAFF)
    apply(subscription.account, AFTER_RENEWAL)
    assert professional(subscription.account).total_licences == 6


def test_nobody_loses_a_licence_that_is_in_use():
    subscription = given_subscription(quantities={"professional-user": 10})
    pool = professional(subscription.account)
    users = given_users(subscription.account, 8)
    assign_licences(pool=pool, user_ids=[user.pk for user in users], at=MID_MARCH, by=STAFF)
    agree(subscription, 6)
    apply(subscription.account, AFTER_RENEWAL)
    pool = refreshed(pool)
    assert (pool.total_licences, pool.assigned_licences, pool.is_over_assigned) == (8, 8, False)


def test_a_number_agreed_with_a_plan_and_one_agreed_later_follow_each_other():
    subscription = given_subscription(quantities={"professional-user": 10})
    choice = PlanChoice(business(), MONTHLY, quantities={"professional-user": 20})
    change_plan(
        subscription=subscription,
        choice=choice,
        takes_effect=TakesEffect.AT_PERIOD_END,
        at=MID_MARCH,
        by=STAFF,
    )
    agree(subscription, 15, at=datetime(2026, 3, 17, tzinfo=UTC))
    assert [change.kind for change in apply(subscription.account, AFTER_RENEWAL)] == ["plan", "quantity"]
    assert professional(subscription.account).total_licences == 15


def test_more_licences_at_renewal():
    subscription = given_subscription()
    agree(subscription, 9)
    apply(subscription.account, AFTER_RENEWAL)
    assert professional(subscription.account).total_licences == 9


def test_after_the_end_no_number_is_applied():
    subscription = given_subscription(quantities={"professional-user": 10})
    agree(subscription, 6)
    cancel_subscription(subscription=subscription, at=MID_MARCH, by=STAFF)
    assert [change.kind for change in apply(subscription.account, AFTER_RENEWAL)] == ["end"]
    assert professional(subscription.account).total_licences == 10


def test_a_number_that_is_withdrawn_changes_nothing():
    subscription = given_subscription(quantities={"professional-user": 10})
    withdraw_change(change=agree(subscription, 6), at=MID_MARCH, by=STAFF)
    assert apply(subscription.account, AFTER_RENEWAL) == []
    assert professional(subscription.account).total_licences == 10


def test_what_was_agreed_can_be_taken_back_by_agreeing_the_number_there_is():
    subscription = given_subscription(quantities={"professional-user": 10})
    agree(subscription, 6)
    agree(subscription, 10, at=datetime(2026, 3, 17, tzinfo=UTC))
    apply(subscription.account, AFTER_RENEWAL)
    assert professional(subscription.account).total_licences == 10


@pytest.mark.parametrize(
    ("quantity", "refusal"), [(5, NothingChanges), (-1, UnlikelyNumber), (10**9, UnlikelyNumber)]
)
def test_a_number_that_cannot_be_agreed(quantity, refusal):
    subscription = given_subscription()
    with pytest.raises(refusal):
        agree(subscription, quantity)


def test_what_is_not_limited_has_no_number():
    subscription = given_subscription(version=free())
    item = SubscriptionItem.objects.get(subscription=subscription)
    with pytest.raises(NotInThePlan):
        schedule_quantity(subscription=subscription, item=item, quantity=3, at=MID_MARCH, by=STAFF)


def test_a_neighbours_item_is_none_of_this_subscription():
    subscription = given_subscription(given_account("Northwind"))
    other = SubscriptionItem.objects.get(subscription=given_subscription(given_account("Contoso")))
    with pytest.raises(NotFound):
        schedule_quantity(subscription=subscription, item=other, quantity=3, at=MID_MARCH, by=STAFF)
