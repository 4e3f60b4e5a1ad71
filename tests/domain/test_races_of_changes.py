"""What was agreed happens once, however many do it at one moment; with a control that must break."""

from datetime import UTC, datetime
from itertools import count

import pytest
from django.db import transaction

from seatledger.domain.events.actions import record
from seatledger.domain.events.models import Event
from seatledger.domain.licences.models import LedgerEntry, Pool
from seatledger.domain.subscriptions.actions import (
    NewSubscription,
    apply_due_changes,
    cancel_subscription,
    schedule_quantity,
    start_subscription,
    withdraw_change,
)
from seatledger.domain.subscriptions.happenings import ChangeApplied
from seatledger.domain.subscriptions.models import Change, Subscription, SubscriptionItem
from seatledger.domain.subscriptions.refusals import AlreadySubscribed, CountsAlready, EndsAlready
from seatledger.shared.errors import NotFound
from selling import MONTHLY, given_subscription, team
from support import AT, STAFF, SYSTEM, count_of, given_account, racers

THREADS = 8
ROUNDS = 4
MID_MARCH = datetime(2026, 3, 16, 10, tzinfo=UTC)
# The renewal is at the midnight of London, which is eleven in the evening of 1 April in UTC.
BEFORE_RENEWAL = datetime(2026, 4, 1, 22, 59, tzinfo=UTC)
AFTER_RENEWAL = datetime(2026, 4, 2, 1, tzinfo=UTC)

pytestmark = pytest.mark.django_db(transaction=True)


def given_fewer_at_renewal(names):
    subscription = given_subscription(
        given_account(f"Company {next(names)}"), quantities={"professional-user": 10}
    )
    item = SubscriptionItem.objects.get(subscription=subscription)
    change = schedule_quantity(subscription=subscription, item=item, quantity=6, at=MID_MARCH, by=STAFF)
    return subscription.account, change


def applied(account):
    """Return how often a number was applied, and what the ledger and the pool say of it."""
    told = Event.objects.filter(account=account, kind="change_applied", payload__what="quantity").count()
    entries = LedgerEntry.objects.filter(account=account, bought_change__lt=0)
    total = Pool.objects.get(account=account, licence_type__key="professional-user").total_licences
    return told, [entry.bought_change for entry in entries], total


def test_what_is_due_is_done_once():
    names = count(1)
    with racers(THREADS) as run_round:
        for _ in range(ROUNDS):
            account, change = given_fewer_at_renewal(names)
            outcomes = run_round(
                *[lambda account=account: apply_due_changes(account=account, at=AFTER_RENEWAL, by=SYSTEM)]
                * THREADS
            )
            assert sorted(len(done) for done in outcomes) == [0] * (THREADS - 1) + [1]
            assert applied(account) == (1, [-4], 6)
            [entry] = LedgerEntry.objects.filter(account=account, bought_change=-4)
            assert Change.objects.get(pk=change.pk).entry_sequences == [entry.sequence]


def test_a_change_is_withdrawn_or_done():
    names = count(1)
    with racers(THREADS) as run_round:
        for _ in range(ROUNDS):
            account, change = given_fewer_at_renewal(names)
            stored = Change.objects.select_related("subscription__account").get(pk=change.pk)
            outcomes = run_round(
                *[lambda account=account: apply_due_changes(account=account, at=AFTER_RENEWAL, by=SYSTEM)]
                * (THREADS // 2),
                *[lambda one=stored: withdraw_change(change=one, at=BEFORE_RENEWAL, by=STAFF)]
                * (THREADS // 2),
            )
            stays = Change.objects.filter(pk=change.pk).exists()
            assert applied(account) == ((1, [-4], 6) if stays else (0, [], 10))
            refused = count_of(CountsAlready if stays else NotFound, outcomes)
            assert refused == (THREADS // 2 if stays else THREADS // 2 - 1)


def test_an_account_is_subscribed_once():
    names = count(1)
    new = NewSubscription(team(), MONTHLY)
    with racers(THREADS) as run_round:
        for _ in range(ROUNDS):
            account = given_account(f"Company {next(names)}")
            outcomes = run_round(
                *[lambda account=account: start_subscription(account=account, new=new, at=AT, by=STAFF)]
                * THREADS
            )
            assert (count_of(Subscription, outcomes), count_of(AlreadySubscribed, outcomes)) == (
                1,
                THREADS - 1,
            )


def test_an_end_is_agreed_once_by_many():
    names = count(1)
    with racers(THREADS) as run_round:
        for _ in range(ROUNDS):
            subscription = given_subscription(given_account(f"Company {next(names)}"))
            outcomes = run_round(
                *[lambda one=subscription: cancel_subscription(subscription=one, at=MID_MARCH, by=STAFF)]
                * THREADS
            )
            assert (count_of(Change, outcomes), count_of(EndsAlready, outcomes)) == (1, THREADS - 1)


def apply_naively(account):
    """Look first, write afterwards, and hold nothing: as one would without the lock and the conditional UPDATE."""
    with transaction.atomic():
        waiting = list(Change.objects.filter(account=account, applied_at__isnull=True))
        for change in waiting:
            what = ChangeApplied(
                subscription_id=change.subscription_id, change_id=change.pk, what=change.kind
            )
            record(what, account=account, at=AFTER_RENEWAL, by=SYSTEM)
            Change.objects.filter(pk=change.pk).update(applied_at=AFTER_RENEWAL)


def test_control_who_looks_first_does_it_twice():
    names = count(1)
    with racers(THREADS) as run_round:

        def race():
            account, _ = given_fewer_at_renewal(names)
            run_round(*[lambda: apply_naively(account)] * THREADS)
            return applied(account)[0] > 1

        assert next((True for _ in range(ROUNDS) if race()), False)
