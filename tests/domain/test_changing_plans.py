"""Change the plan, let a trial become paid, end it, withdraw what is to come."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from seatledger.domain.accounts.models import AccountType
from seatledger.domain.events.models import Event
from seatledger.domain.licences.models import Pool, Terms
from seatledger.domain.licences.queries import get_account_type
from seatledger.domain.subscriptions.actions import (
    PlanChoice,
    apply_due_changes,
    cancel_subscription,
    change_plan,
    start_paying,
    withdraw_change,
)
from seatledger.domain.subscriptions.models import Change, TakesEffect
from seatledger.domain.subscriptions.queries import agreed_items_for_operator, get_agreement
from seatledger.domain.subscriptions.refusals import (
    CountsAlready,
    EndsAlready,
    NothingChanges,
    NothingToPay,
    NotOnTrial,
    PaidAhead,
    SubscriptionOver,
    TrialOver,
)
from seatledger.shared.errors import NotFound
from selling import MONTHLY, YEARLY, business, free, given_plan, given_subscription, team
from support import AT, LATER, STAFF, SYSTEM, given_account, given_licence_type, refreshed

pytestmark = pytest.mark.django_db

MID_MARCH = datetime(2026, 3, 16, 10, tzinfo=UTC)
# The Team plan was taken on 2 March; London's clocks go forward on the 29th.
RENEWAL = datetime(2026, 4, 1, 23, tzinfo=UTC)
AFTER_RENEWAL = datetime(2026, 4, 2, 1, tzinfo=UTC)


def tariffs(account):
    """Return `licence plan minor-units-a-seat first-day..day-after` of every phase."""
    return [
        f"{item.licence_name}: {phase.tariff.key} {phase.tariff.price.amount(1)} "
        f"{phase.starts_at.astimezone(phase.zone).date()}.."
        f"{phase.ends_at.astimezone(phase.zone).date() if phase.ends_at else ''}"
        for item in agreed_items_for_operator([account.pk]).get(account.pk, ())
        for phase in item.phases
    ]


def pools(account):
    rows = Pool.objects.filter(account=account, counts_active_users=False).order_by("licence_type__key")
    return {pool.licence_type.key: (pool.total_licences, Terms(pool.terms), pool.expires_on) for pool in rows}


def apply(account, at):
    return [change.kind for change in apply_due_changes(account=account, at=at, by=SYSTEM)]


def change_to(subscription, version, interval=MONTHLY, **said):
    at, takes_effect = said.pop("at", MID_MARCH), said.pop("takes_effect", TakesEffect.AT_ONCE)
    choice = PlanChoice(version, interval, **said)
    return change_plan(subscription=subscription, choice=choice, takes_effect=takes_effect, at=at, by=STAFF)


# A plan that changes at once


def test_a_plan_changes_at_once_from_the_beginning_of_the_day():
    subscription = given_subscription()
    change_to(subscription, business(), quantities={"wallboard": 4})
    assert tariffs(subscription.account) == [
        "Professional User: team 1200 2026-03-02..2026-03-16",
        "Professional User: business 2000 2026-03-16..",
        "Wallboard: business 500 2026-03-16..",
    ]
    assert pools(subscription.account) == {
        "professional-user": (5, Terms.PAID, None),
        "wallboard": (4, Terms.PAID, None),
    }


def test_of_many_that_are_asked_for_at_one_instant_the_last_counts():
    subscription = given_subscription(at=AT)
    wanted = [(business(), MONTHLY), (team(), MONTHLY)] * 3 + [(business(), MONTHLY)]
    changes = [
        change_plan(subscription=subscription, choice=PlanChoice(*one), at=AT, by=STAFF) for one in wanted
    ]
    assert [change.number for change in changes] == [2, 3, 4, 5, 6, 7, 8]
    now = get_agreement(subscription.account, at=AT)
    assert now is not None
    assert now.plan_key == "business"
    assert {line.split(": ")[1].split()[0] for line in tariffs(subscription.account)} == {"business"}
    # The numbers are the database's, too: nobody writes one that is taken.
    changes[0].pk, changes[0].number = uuid4(), 8
    with pytest.raises(IntegrityError, match="changes_come_one_after_the_other"), transaction.atomic():
        changes[0].save(force_insert=True)


def test_a_licence_type_that_joins_later_is_charged_by_the_same_periods():
    subscription = given_subscription()
    change_to(subscription, business())
    anchors = {
        phase.schedule.anchor
        for item in agreed_items_for_operator([subscription.account_id])[subscription.account_id]
        for phase in item.phases
    }
    assert anchors == {date(2026, 3, 2)}


def test_periods_begin_anew_when_the_anchor_is_not_kept():
    subscription = given_subscription()
    change_to(subscription, business(), keeps_anchor=False)
    found = agreed_items_for_operator([subscription.account_id])[subscription.account_id]
    assert [item.phases[-1].schedule.anchor for item in found] == [date(2026, 3, 16)] * 2


def test_what_the_new_plan_has_not_ends_that_day():
    subscription = given_subscription(version=business())
    change_to(subscription, team())
    assert pools(subscription.account) == {
        "professional-user": (5, Terms.PAID, None),
        "wallboard": (3, Terms.PAID, date(2026, 3, 16)),
    }
    assert "Wallboard: business 500 2026-03-02..2026-03-16" in tariffs(subscription.account)


def test_what_comes_back_is_taken_up_again():
    subscription = given_subscription(version=business())
    change_to(subscription, team())
    change_to(subscription, business(), at=AFTER_RENEWAL)
    assert pools(subscription.account)["wallboard"] == (3, Terms.PAID, None)
    assert [line for line in tariffs(subscription.account) if line.startswith("Wallboard")] == [
        "Wallboard: business 500 2026-03-02..2026-03-16",
        "Wallboard: business 500 2026-04-02..",
    ]


# A plan that changes at the end of the period


def test_a_plan_changes_at_the_end_of_the_period():
    subscription = given_subscription()
    change = change_to(subscription, business(), takes_effect=TakesEffect.AT_PERIOD_END)
    assert change.effective_at == RENEWAL
    assert "wallboard" not in pools(subscription.account)
    assert apply(subscription.account, RENEWAL) == ["plan"]
    assert apply(subscription.account, AFTER_RENEWAL) == []
    assert pools(subscription.account)["wallboard"] == (3, Terms.PAID, None)
    assert tariffs(subscription.account) == [
        "Professional User: team 1200 2026-03-02..2026-04-02",
        "Professional User: business 2000 2026-04-02..",
        "Wallboard: business 500 2026-04-02..",
    ]


def test_what_will_be_left_out_shows_its_last_day_at_once():
    subscription = given_subscription(version=business())
    change = change_to(subscription, team(), takes_effect=TakesEffect.AT_PERIOD_END)
    assert pools(subscription.account)["wallboard"] == (3, Terms.PAID, date(2026, 4, 1))
    withdraw_change(change=change, at=MID_MARCH, by=STAFF)
    assert pools(subscription.account)["wallboard"] == (3, Terms.PAID, None)


def test_a_paid_year_is_not_cut_short():  # E4
    subscription = given_subscription(interval=YEARLY)
    with pytest.raises(PaidAhead) as refused:
        change_to(subscription, team(), MONTHLY)
    assert str(refused.value) == (
        "This year is paid until 01 March 2027. Change to payment by the month at the end of that period."
    )
    change_to(subscription, team(), MONTHLY, takes_effect=TakesEffect.AT_PERIOD_END)
    assert tariffs(subscription.account) == [
        "Professional User: team 12000 2026-03-02..2027-03-02",
        "Professional User: team 1200 2027-03-02..",
    ]


def test_a_month_becomes_a_year_at_once():
    subscription = given_subscription()
    change_to(subscription, team(), YEARLY, keeps_anchor=False)
    assert tariffs(subscription.account) == [
        "Professional User: team 1200 2026-03-02..2026-03-16",
        "Professional User: team 12000 2026-03-16..",
    ]


def test_the_plan_it_is_on_is_no_change():
    subscription = given_subscription()
    with pytest.raises(NothingChanges):
        change_to(subscription, team())


# A trial


def test_a_trial_ends_by_itself_and_nothing_is_charged():  # A10
    subscription = given_subscription(trial=True)
    after = datetime(2026, 4, 1, 9, tzinfo=UTC)
    assert apply(subscription.account, after) == []
    assert get_account_type(subscription.account, after) == AccountType.EXPIRED
    assert tariffs(subscription.account) == []
    with pytest.raises(SubscriptionOver):
        change_to(subscription, business(), at=after)


def test_a_trial_is_paid_from_the_day_on_which_that_is_said():  # A10, A21
    subscription = given_subscription(trial=True)
    start_paying(subscription=subscription, at=MID_MARCH, by=STAFF)
    assert tariffs(subscription.account) == ["Professional User: team 1200 2026-03-16.."]
    assert pools(subscription.account) == {"professional-user": (5, Terms.PAID, None)}
    assert get_account_type(subscription.account, MID_MARCH) == AccountType.ACTIVE
    assert refreshed(subscription).ended_at is None


def test_a_trial_becomes_paid_by_itself_only_when_that_was_said():
    subscription = given_subscription(trial=True)
    paying = start_paying(
        subscription=subscription, takes_effect=TakesEffect.AT_PERIOD_END, at=MID_MARCH, by=STAFF
    )
    assert tariffs(subscription.account) == ["Professional User: team 1200 2026-04-01.."]
    # Nothing stops working for the minutes until the change is applied.
    assert pools(subscription.account) == {"professional-user": (5, Terms.TRIAL, None)}
    withdraw_change(change=paying, at=MID_MARCH, by=STAFF)
    assert pools(subscription.account) == {"professional-user": (5, Terms.TRIAL, date(2026, 3, 31))}
    start_paying(subscription=subscription, takes_effect=TakesEffect.AT_PERIOD_END, at=MID_MARCH, by=STAFF)
    assert apply(subscription.account, datetime(2026, 4, 1, tzinfo=UTC)) == ["paying"]
    assert pools(subscription.account) == {"professional-user": (5, Terms.PAID, None)}


def test_who_is_to_pay_later_may_pay_now():
    subscription = given_subscription(trial=True)
    start_paying(subscription=subscription, takes_effect=TakesEffect.AT_PERIOD_END, at=AT, by=STAFF)
    start_paying(subscription=subscription, at=MID_MARCH, by=STAFF)
    assert tariffs(subscription.account) == ["Professional User: team 1200 2026-03-16.."]
    assert Change.objects.filter(subscription=subscription, kind="paying").count() == 1


def test_a_trial_that_is_over_can_still_become_paid_from_that_day():
    subscription = given_subscription(trial=True)
    after = datetime(2026, 4, 7, 9, tzinfo=UTC)
    with pytest.raises(TrialOver):
        start_paying(subscription=subscription, takes_effect=TakesEffect.AT_PERIOD_END, at=after, by=STAFF)
    start_paying(subscription=subscription, at=after, by=STAFF)
    assert tariffs(subscription.account) == ["Professional User: team 1200 2026-04-07.."]


def test_a_trial_of_a_plan_without_prices_is_followed_by_one_that_has_some():
    taster = given_plan("taster", [(given_licence_type(), 2, {})], trial_days=10)
    subscription = given_subscription(version=taster, trial=True)
    with pytest.raises(NothingToPay):
        start_paying(subscription=subscription, at=MID_MARCH, by=STAFF)
    choice = PlanChoice(team(), YEARLY, quantities={"professional-user": 8})
    start_paying(subscription=subscription, choice=choice, at=MID_MARCH, by=STAFF)
    assert tariffs(subscription.account) == ["Professional User: team 12000 2026-03-16.."]
    assert pools(subscription.account) == {"professional-user": (8, Terms.PAID, None)}


def test_a_plan_chosen_during_the_trial_is_charged_when_the_trial_is_paid():
    subscription = given_subscription(trial=True)
    change_to(subscription, business(), at=LATER)
    assert pools(subscription.account)["wallboard"] == (3, Terms.TRIAL, date(2026, 3, 31))
    start_paying(subscription=subscription, at=MID_MARCH, by=STAFF)
    assert tariffs(subscription.account) == [
        "Professional User: business 2000 2026-03-16..",
        "Wallboard: business 500 2026-03-16..",
    ]


def test_what_is_paid_is_no_trial():
    subscription = given_subscription()
    with pytest.raises(NotOnTrial):
        start_paying(subscription=subscription, at=MID_MARCH, by=STAFF)


# The end


def test_a_subscription_ends_with_its_period():
    subscription = given_subscription()
    cancel_subscription(subscription=subscription, at=MID_MARCH, by=STAFF)
    assert tariffs(subscription.account) == ["Professional User: team 1200 2026-03-02..2026-04-02"]
    assert pools(subscription.account) == {"professional-user": (5, Terms.PAID, date(2026, 4, 1))}
    assert refreshed(subscription).ended_at == RENEWAL
    assert apply(subscription.account, AFTER_RENEWAL) == ["end"]
    assert get_account_type(subscription.account, AFTER_RENEWAL) == AccountType.EXPIRED


def test_an_end_that_is_withdrawn_leaves_everything_as_it_was():
    subscription = given_subscription()
    end = cancel_subscription(subscription=subscription, at=MID_MARCH, by=STAFF)
    change_id = end.pk
    withdraw_change(change=end, at=MID_MARCH, by=STAFF)
    assert tariffs(subscription.account) == ["Professional User: team 1200 2026-03-02.."]
    assert pools(subscription.account) == {"professional-user": (5, Terms.PAID, None)}
    assert refreshed(subscription).ended_at is None
    said = Event.objects.filter(account=subscription.account, kind__in=["change_agreed", "change_withdrawn"])
    assert [event.payload["change_id"] for event in said.order_by("sequence")] == [str(change_id)] * 2


def test_an_end_at_once_keeps_what_was_paid_ahead():
    subscription = given_subscription(version=business())
    cancel_subscription(subscription=subscription, takes_effect=TakesEffect.AT_ONCE, at=MID_MARCH, by=STAFF)
    assert pools(subscription.account) == {
        "professional-user": (5, Terms.PAID, date(2026, 3, 16)),
        "wallboard": (3, Terms.PAID, date(2026, 3, 16)),
    }
    # The wallboards are charged in arrears, for the days to this one.
    assert tariffs(subscription.account) == [
        "Professional User: business 2000 2026-03-02..2026-04-02",
        "Wallboard: business 500 2026-03-02..2026-03-17",
    ]


def test_an_account_can_begin_again_after_the_end():
    account = given_account()
    first = given_subscription(account)
    cancel_subscription(subscription=first, at=MID_MARCH, by=STAFF)
    given_subscription(account, version=business(), at=AFTER_RENEWAL)
    assert pools(account)["professional-user"] == (5, Terms.PAID, None)
    assert tariffs(account) == [
        "Professional User: team 1200 2026-03-02..2026-04-02",
        "Professional User: business 2000 2026-04-02..",
        "Wallboard: business 500 2026-04-02..",
    ]


def test_an_end_is_agreed_once():
    subscription = given_subscription()
    cancel_subscription(subscription=subscription, at=MID_MARCH, by=STAFF)
    with pytest.raises(EndsAlready):
        cancel_subscription(subscription=subscription, at=MID_MARCH, by=STAFF)
    with pytest.raises(SubscriptionOver):
        cancel_subscription(subscription=subscription, at=AFTER_RENEWAL, by=STAFF)


def test_a_trial_that_ends_by_itself_needs_no_end():
    subscription = given_subscription(trial=True)
    with pytest.raises(EndsAlready):
        cancel_subscription(subscription=subscription, at=MID_MARCH, by=STAFF)


def test_a_trial_ends_at_once():
    subscription = given_subscription(trial=True)
    cancel_subscription(subscription=subscription, takes_effect=TakesEffect.AT_ONCE, at=MID_MARCH, by=STAFF)
    assert pools(subscription.account) == {"professional-user": (5, Terms.TRIAL, date(2026, 3, 16))}
    with pytest.raises(SubscriptionOver):
        start_paying(subscription=subscription, at=MID_MARCH, by=STAFF)


def test_what_was_to_be_paid_is_not_when_the_trial_is_ended_before():
    subscription = given_subscription(trial=True)
    start_paying(subscription=subscription, takes_effect=TakesEffect.AT_PERIOD_END, at=AT, by=STAFF)
    cancel_subscription(subscription=subscription, takes_effect=TakesEffect.AT_ONCE, at=MID_MARCH, by=STAFF)
    assert tariffs(subscription.account) == []


def test_what_counts_is_not_withdrawn():
    subscription = given_subscription()
    change = change_to(subscription, business())
    with pytest.raises(CountsAlready):
        withdraw_change(change=change, at=MID_MARCH, by=STAFF)
    end = cancel_subscription(subscription=subscription, at=MID_MARCH, by=STAFF)
    with pytest.raises(CountsAlready):
        withdraw_change(change=end, at=AFTER_RENEWAL, by=STAFF)


def test_a_change_is_withdrawn_once():
    subscription = given_subscription()
    end = cancel_subscription(subscription=subscription, at=MID_MARCH, by=STAFF)
    again = Change.objects.select_related("subscription__account").get(pk=end.pk)
    withdraw_change(change=end, at=MID_MARCH, by=STAFF)
    with pytest.raises(NotFound):
        withdraw_change(change=again, at=MID_MARCH, by=STAFF)


def test_a_free_plan_can_become_a_paid_one():  # E3
    subscription = given_subscription(version=free())
    change_to(subscription, team())
    assert tariffs(subscription.account) == ["Professional User: team 1200 2026-03-16.."]
