"""What a page shows of what was agreed, and what of it contradicts the rest."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from seatledger.domain.licences.actions import assign_licences
from seatledger.domain.licences.models import Pool
from seatledger.domain.subscriptions.actions import (
    PlanChoice,
    cancel_subscription,
    change_plan,
    schedule_quantity,
    start_paying,
    withdraw_change,
)
from seatledger.domain.subscriptions.models import Change, SoldBy, SubscriptionItem, TakesEffect
from seatledger.domain.subscriptions.queries import Why, get_agreement, list_changes_to_come
from seatledger.engine.periods import Period
from selling import MONTHLY, YEARLY, business, free, given_subscription, team
from support import AT, STAFF, given_account, given_users

pytestmark = pytest.mark.django_db

MID_MARCH = datetime(2026, 3, 16, 10, tzinfo=UTC)
AFTER_RENEWAL = datetime(2026, 4, 2, 1, tzinfo=UTC)
LATER_THAT_DAY = datetime(2026, 3, 16, 12, tzinfo=UTC)


def agree_number(subscription, quantity, *, at=MID_MARCH, licence="professional-user"):
    item = SubscriptionItem.objects.get(subscription=subscription, pool__licence_type__key=licence)
    return schedule_quantity(subscription=subscription, item=item, quantity=quantity, at=at, by=STAFF)


def agree_plan(subscription, version, *, at=MID_MARCH, **said):
    return change_plan(
        subscription=subscription,
        choice=PlanChoice(version, MONTHLY, **said),
        takes_effect=TakesEffect.AT_PERIOD_END,
        at=at,
        by=STAFF,
    )


def give_licences(account, number):
    pool = Pool.objects.select_related("account").get(account=account, licence_type__key="professional-user")
    users = given_users(account, number)
    assign_licences(pool=pool, user_ids=[user.pk for user in users], at=MID_MARCH, by=STAFF)


def contradictions(account):
    return [
        (one.change.kind, [found.why for found in one.contradictions])
        for one in list_changes_to_come(account)
    ]


def test_what_was_agreed_in_one_look():  # E3, E4, E7, E16
    account = given_account(time_zone="America/Los_Angeles")
    given_subscription(account, version=business(), interval=YEARLY, sold_by=SoldBy.CONTRACT)
    give_licences(account, 2)
    agreed = get_agreement(account, at=MID_MARCH)
    assert (agreed.plan_name, agreed.sold_by, agreed.interval) == ("Business", SoldBy.CONTRACT, YEARLY)
    assert agreed.period == Period(date(2026, 3, 2), date(2027, 3, 2))
    assert (agreed.renews_on, agreed.ends_on, agreed.is_over) == (date(2027, 3, 2), None, False)
    assert (agreed.trial_ends_on, agreed.paid_from) == (None, date(2026, 3, 2))
    assert [
        (one.name, one.charge_model, one.unit_price, one.total, one.in_use, one.available)
        for one in agreed.licences
    ] == [
        ("Professional User", "prepaid", Fraction(20000), 5, 2, 3),
        ("Wallboard", "capped", Fraction(6000), 3, 0, 3),
    ]


def test_an_account_without_a_subscription_has_no_agreement():  # E20
    account = given_account()
    given_subscription(given_account("Contoso"))
    assert get_agreement(account, at=AT) is None
    assert list_changes_to_come(account) == []


def test_a_trial_says_when_it_ends_and_what_it_would_cost():  # A10
    subscription = given_subscription(trial=True)
    agreed = get_agreement(subscription.account, at=MID_MARCH)
    assert (agreed.trial_ends_on, agreed.paid_from) == (date(2026, 3, 31), None)
    assert (agreed.ends_on, agreed.renews_on) == (date(2026, 3, 31), None)
    assert [one.unit_price for one in agreed.licences] == [1200]
    assert get_agreement(subscription.account, at=AFTER_RENEWAL).is_over
    start_paying(subscription=subscription, takes_effect=TakesEffect.AT_PERIOD_END, at=MID_MARCH, by=STAFF)
    agreed = get_agreement(subscription.account, at=MID_MARCH)
    assert (agreed.paid_from, agreed.renews_on, agreed.ends_on) == (
        date(2026, 4, 1),
        date(2026, 4, 1),
        None,
    )


def test_what_is_included_has_no_price():  # E3
    subscription = given_subscription(version=free())
    [licence] = get_agreement(subscription.account, at=MID_MARCH).licences
    assert (licence.tariff, licence.unit_price, licence.total) == (None, None, None)


def test_an_end_stops_the_renewal():
    subscription = given_subscription()
    cancel_subscription(subscription=subscription, at=MID_MARCH, by=STAFF)
    agreed = get_agreement(subscription.account, at=MID_MARCH)
    assert (agreed.renews_on, agreed.ends_on, agreed.is_over) == (None, date(2026, 4, 1), False)
    assert get_agreement(subscription.account, at=AFTER_RENEWAL).is_over


def test_a_page_asks_few_questions_however_much_there_is_to_come(django_assert_num_queries):
    subscription = given_subscription(version=business(), quantities={"professional-user": 9})
    agree_number(subscription, 6)
    agree_plan(subscription, team())
    with django_assert_num_queries(6):
        get_agreement(subscription.account, at=MID_MARCH)


# Contradictions


def test_what_goes_together_contradicts_nothing():
    subscription = given_subscription(quantities={"professional-user": 10})
    agree_number(subscription, 6)
    agree_plan(subscription, business())
    assert contradictions(subscription.account) == [("plan", []), ("quantity", [])]


def test_a_number_after_the_end_is_shown_beside_the_end():
    subscription = given_subscription(quantities={"professional-user": 10})
    agree_number(subscription, 6)
    end = cancel_subscription(subscription=subscription, at=LATER_THAT_DAY, by=STAFF)
    number, ending = list_changes_to_come(subscription.account)
    [after] = number.contradictions
    assert (after.why, after.other.pk) == (Why.AFTER_THE_END, end.pk)
    assert after.words == "The subscription ends with 01 April 2026, before this counts."
    [before] = ending.contradictions
    assert (before.why, before.other.pk) == (Why.ENDS_BEFORE, number.change.pk)
    withdraw_change(change=end, at=LATER_THAT_DAY, by=STAFF)
    assert contradictions(subscription.account) == [("quantity", [])]


def test_two_plans_for_one_instant():
    subscription = given_subscription(version=free())
    agree_plan(subscription, team())
    agree_plan(subscription, business(), at=LATER_THAT_DAY)
    assert contradictions(subscription.account) == [("plan", [Why.TWO_PLANS]), ("plan", [Why.TWO_PLANS])]
    assert Change.objects.filter(subscription=subscription).count() == 3


def test_two_numbers_for_one_instant():
    subscription = given_subscription(quantities={"professional-user": 10})
    agree_number(subscription, 6)
    agree_number(subscription, 7, at=LATER_THAT_DAY)
    assert contradictions(subscription.account) == [
        ("quantity", [Why.TWO_NUMBERS]),
        ("quantity", [Why.TWO_NUMBERS]),
    ]


def test_a_number_and_the_number_that_comes_with_a_plan():
    subscription = given_subscription(quantities={"professional-user": 10})
    agree_plan(subscription, business(), quantities={"professional-user": 20})
    agree_number(subscription, 7, at=LATER_THAT_DAY)
    assert contradictions(subscription.account) == [
        ("plan", [Why.TWO_NUMBERS]),
        ("quantity", [Why.TWO_NUMBERS]),
    ]


def test_fewer_than_are_in_use():
    subscription = given_subscription(quantities={"professional-user": 10})
    give_licences(subscription.account, 8)
    agree_number(subscription, 6)
    [one] = list_changes_to_come(subscription.account)
    [found] = one.contradictions
    assert (found.why, found.other) == (Why.IN_USE, None)
    assert found.words == (
        "8 Professional User licences are in use. Those that are not released by then stay and are paid for."
    )


def test_a_number_of_what_the_next_plan_has_not():
    subscription = given_subscription(version=business())
    agree_number(subscription, 2, licence="wallboard")
    agree_plan(subscription, team(), at=LATER_THAT_DAY)
    assert contradictions(subscription.account) == [("quantity", [Why.NOT_IN_THE_PLAN]), ("plan", [])]


def test_what_is_agreed_for_after_a_trial_that_nobody_pays_for():
    subscription = given_subscription(trial=True)
    agree_plan(subscription, business())
    assert contradictions(subscription.account) == [("plan", [Why.TRIAL_ENDS])]
    start_paying(
        subscription=subscription, takes_effect=TakesEffect.AT_PERIOD_END, at=LATER_THAT_DAY, by=STAFF
    )
    assert contradictions(subscription.account) == [("plan", []), ("paying", [])]
