"""Begin a subscription, on trial or paid."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from seatledger.domain.accounts.actions import check_time_zone, lock_account
from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.models import PlanVersion, PriceInterval
from seatledger.domain.events.actions import Actor, record
from seatledger.domain.licences.actions import NewAccount, NewUser, open_account
from seatledger.domain.licences.models import Terms
from seatledger.domain.licences.plans import trial_ends_on
from seatledger.domain.licences.queries import today_of
from seatledger.domain.people.models import User
from seatledger.domain.subscriptions import refusals
from seatledger.domain.subscriptions.actions.ending import cancel_subscription
from seatledger.domain.subscriptions.following import apply_due_of
from seatledger.domain.subscriptions.happenings import SubscriptionStarted
from seatledger.domain.subscriptions.holding import Footing, hold_pools, new_pool, wanted_of
from seatledger.domain.subscriptions.models import (
    Change,
    ChangeKind,
    SoldBy,
    Subscription,
    SubscriptionItem,
    TakesEffect,
)
from seatledger.domain.subscriptions.offers import check_offer
from seatledger.engine.days import day_of, start_of_day


@dataclass(frozen=True)
class NewSubscription:
    """What an account agrees to.

    `quantities` are by the key of the licence type; what is left out is what the account holds of it already, or else
    the number the plan begins with. `agreed_prices` are by the same key, in the form of docs/rating.md, and go before
    the catalogue's.
    """

    version: PlanVersion
    interval: PriceInterval
    sold_by: SoldBy = SoldBy.ONLINE
    quantities: Mapping[str, int] = field(default_factory=dict)
    trial: bool = False
    agreed_prices: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@transaction.atomic
def start_subscription(*, account: Account, new: NewSubscription, at: datetime, by: Actor) -> Subscription:
    """Put the account on a plan from `at` on: its pools are opened or taken over, and what was agreed is kept.

    A trial is free and ends by itself on its last day, with the pools; a paid subscription has no end. Raises
    AlreadySubscribed, NotInThePlan, NotSoldSo, NoTrial, and what opening and changing pools raise.
    """
    account = lock_account(account)
    apply_due_of(account, at=at, by=by)
    _check_free(account, at)
    check_offer(
        new.version,
        currency=account.currency,
        interval=new.interval,
        agreed_prices=new.agreed_prices,
    )
    footing = _footing_of(new, today_of(account, at))
    pools, sequences = hold_pools(
        account,
        wanted_of(new.version, new.quantities),
        lambda _kind: footing,
        reason=f"Subscription to {new.version.plan.name}",
        at=at,
        by=by,
    )
    free_until = footing.expires_on + timedelta(days=1) if footing.expires_on else None
    subscription = Subscription.objects.create(
        account=account,
        sold_by=new.sold_by,
        started_at=at,
        free_until=free_until,
        ended_at=start_of_day(free_until, ZoneInfo(account.time_zone)) if free_until else None,
    )
    for pool in pools.values():
        SubscriptionItem.objects.create(account=account, subscription=subscription, pool=pool, started_at=at)
    Change.objects.create(
        account=account,
        subscription=subscription,
        number=1,
        kind=ChangeKind.PLAN,
        asked_at=at,
        takes_effect=TakesEffect.AT_ONCE,
        effective_at=at,
        applied_at=at,
        entry_sequences=sequences,
        version=new.version,
        interval=new.interval,
        agreed_prices=dict(new.agreed_prices),
        quantities=dict(new.quantities),
    )
    started = SubscriptionStarted(
        subscription_id=subscription.pk,
        plan=new.version.plan.key,
        version=new.version.number,
        interval=new.interval,
        sold_by=new.sold_by,
        free_until=subscription.free_until,
    )
    record(started, account=account, at=at, by=by)
    return subscription


@transaction.atomic
def open_subscribed_account(
    *,
    new: NewAccount,
    administrator: NewUser,
    subscription: NewSubscription,
    last_day: date | None = None,
    at: datetime,
    by: Actor,
) -> tuple[Account, User]:
    """Open an account that begins with a subscription; `last_day` is for a contract for a fixed term.

    Raises what opening an account, starting a subscription and ending it raise.
    """
    check_time_zone(new.time_zone)
    footing = _footing_of(subscription, day_of(at, ZoneInfo(new.time_zone)))
    wanted = wanted_of(subscription.version, subscription.quantities)
    account, first = open_account(
        new=new,
        administrator=administrator,
        pools=[new_pool(one, footing) for one in wanted],
        at=at,
        by=by,
    )
    started = start_subscription(account=account, new=subscription, at=at, by=by)
    if last_day is not None:
        cancel_subscription(subscription=started, last_day=last_day, at=at, by=by)
    return account, first


def _footing_of(new: NewSubscription, today: date) -> Footing:
    if not new.trial:
        return Footing(Terms.PAID)
    return Footing(Terms.TRIAL, trial_ends_on(new.version, begins_on=today))


def _check_free(account: Account, at: datetime) -> None:
    going_on = Q(ended_at__isnull=True) | Q(ended_at__gt=at)
    if Subscription.objects.filter(going_on, account=account).exists():
        raise refusals.AlreadySubscribed(
            "This account has a subscription already. Change its plan instead, or end it first."
        )
