"""How the rest follows from the rows of a subscription: its end, its pools' footing, and each change as it is applied."""

from dataclasses import replace
from datetime import datetime

from django.db.models import Max, Sum

from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor, record
from seatledger.domain.licences.models import LedgerEntry, Pool
from seatledger.domain.subscriptions import refusals
from seatledger.domain.subscriptions.course import Course, load_course
from seatledger.domain.subscriptions.happenings import ChangeAgreed, ChangeApplied, ChangeWithdrawn
from seatledger.domain.subscriptions.holding import hold_pools, put_on_footing, set_number, wanted_of
from seatledger.domain.subscriptions.models import (
    Change,
    ChangeKind,
    Subscription,
    SubscriptionItem,
    TakesEffect,
)


def hold_course(subscription: Subscription, *, at: datetime, by: Actor) -> Course:
    """Hold the account, do what is due, and return the subscription as it is then."""
    account = lock_account(subscription.account)
    fresh = Subscription.objects.select_related("account").get(account=account, pk=subscription.pk)
    course = load_course(fresh)
    return load_course(fresh) if apply_what_is_due(course, at=at, by=by) else course


def require_going_on(course: Course, at: datetime) -> None:
    """Raise SubscriptionOver when it has ended."""
    ends_at = course.ends_at
    if ends_at is not None and ends_at <= at:
        raise refusals.SubscriptionOver("This subscription has ended. Start a new one.")


def instant_of(course: Course, takes_effect: TakesEffect, at: datetime) -> datetime:
    """Return when a change that is asked for at `at` counts."""
    return at if takes_effect == TakesEffect.AT_ONCE else course.period_ends_at(at)


def apply_due_of(account: Account, *, at: datetime, by: Actor) -> list[Change]:
    """Apply what is due of every subscription of an account, the oldest first. The account is held."""
    waiting = Change.objects.filter(account=account, applied_at__isnull=True, effective_at__lte=at)
    subscriptions = Subscription.objects.filter(account=account, pk__in=waiting.values("subscription"))
    return [
        change
        for subscription in subscriptions.select_related("account").order_by("started_at")
        for change in apply_what_is_due(load_course(subscription), at=at, by=by)
    ]


def apply_what_is_due(course: Course, *, at: datetime, by: Actor) -> list[Change]:
    """Apply what has come to count, in its order; what the end overtook is left to be withdrawn.

    The account is held.
    """
    ends_at = course.ends_at
    due = [
        change
        for change in course.changes
        if change.applied_at is None
        and change.effective_at <= at
        and (ends_at is None or change.effective_at < ends_at or change.kind == ChangeKind.END)
    ]
    return [change for change in due if apply_change(course, change, at=at, by=by)]


def take_effect(change: Change, *, at: datetime, by: Actor) -> Change:
    """Store a change and tell of it; do it when it counts at once, else let the pools show what is to come."""
    told = Change.objects.filter(account=change.account, subscription=change.subscription)
    change.number = told.aggregate(last=Max("number", default=0))["last"] + 1
    change.save(force_insert=True)
    agreed = ChangeAgreed(
        subscription_id=change.subscription_id,
        change_id=change.pk,
        what=change.kind,
        takes_effect=change.takes_effect,
        effective_at=change.effective_at,
        plan=change.version.plan.key if change.version else "",
        interval=change.interval,
        licence_type=change.item.pool.licence_type.key if change.item else "",
        quantity=change.quantity,
    )
    record(agreed, account=change.account, at=at, by=by)
    course = load_course(change.subscription)
    if change.takes_effect == TakesEffect.AT_ONCE:
        apply_change(course, change, at=at, by=by)
    else:
        follow(course, reason=_reason_of(course, change), at=at, by=by)
    return change


def drop(change: Change, *, at: datetime, by: Actor) -> None:
    """Take away a change that has not been applied: its row goes, its event tells what it was."""
    subscription, change_id = change.subscription, change.pk
    change.delete()
    withdrawn = ChangeWithdrawn(subscription_id=subscription.pk, change_id=change_id, what=change.kind)
    record(withdrawn, account=subscription.account, at=at, by=by)


def apply_change(course: Course, change: Change, *, at: datetime, by: Actor) -> bool:
    """Do what a change says, once: False when it was done already. The course knows the change."""
    waiting = Change.objects.filter(pk=change.pk, applied_at__isnull=True)
    if not waiting.update(applied_at=at):
        return False
    change.applied_at = at
    if change.kind == ChangeKind.PLAN:
        change.entry_sequences = _take_up_plan(course, change, at=at, by=by)
    elif change.kind == ChangeKind.QUANTITY:
        change.entry_sequences = _take_up_number(course, change, at=at, by=by)
    change.save(update_fields=["entry_sequences"])
    follow(course, at=at, by=by, reason=_reason_of(course, change))
    applied = ChangeApplied(subscription_id=course.subscription.pk, change_id=change.pk, what=change.kind)
    record(applied, account=course.subscription.account, at=at, by=by)
    return True


def follow(course: Course, *, reason: str, at: datetime, by: Actor) -> None:
    """Let the end and the pools' terms and expiry dates be what the rows say."""
    subscription = course.subscription
    if subscription.ended_at != course.ends_at:
        subscription.ended_at = course.ends_at
        subscription.save(update_fields=["ended_at"])
    if Subscription.objects.filter(
        account=subscription.account, started_at__gt=subscription.started_at
    ).exists():
        return  # the pools came under a later one
    put_on_footing(
        subscription.account,
        [item.pool.licence_type_id for item in course.items],
        lambda kind_id: course.footing_of(kind_id, at),
        reason=reason,
        at=at,
        by=by,
    )


def _take_up_plan(course: Course, change: Change, *, at: datetime, by: Actor) -> list[int]:
    """Hold the pools of a plan; returns the sequences of the entries that changed how many are bought."""
    assert change.version is not None, "a change of plan names it"
    account = course.subscription.account
    wanted = wanted_of(change.version, change.quantities)
    pools = {
        pool.licence_type_id: pool
        for pool in Pool.objects.filter(account=account, licence_type__in=[one.kind for one in wanted])
    }
    if change.effective_at < at:
        wanted = [
            one
            if one.quantity is None or one.kind.pk not in pools
            else replace(one, quantity=_number_now(course, change, pools[one.kind.pk], one.quantity))
            for one in wanted
        ]
    held, sequences = hold_pools(
        account,
        wanted,
        lambda kind_id: course.footing_of(kind_id, at),
        reason=_reason_of(course, change),
        at=at,
        by=by,
    )
    # Asked anew: another change of plan that counts from the same instant may have brought some just now.
    own = SubscriptionItem.objects.filter(account=account, subscription=course.subscription)
    known = set(own.values_list("pool_id", flat=True))
    SubscriptionItem.objects.bulk_create(
        SubscriptionItem(account=account, subscription=course.subscription, pool=pool, started_at=at)
        for pool in held.values()
        if pool.pk not in known
    )
    return sequences


def _take_up_number(course: Course, change: Change, *, at: datetime, by: Actor) -> list[int]:
    assert change.item is not None, "a change of number names its item"
    assert change.quantity is not None, "and the number"
    pool = Pool.objects.select_related("account").get(pk=change.item.pool_id)
    number = _number_now(course, change, pool, change.quantity)
    return set_number(pool, number, reason=_reason_of(course, change), at=at, by=by)


def _number_now(course: Course, change: Change, pool: Pool, quantity: int) -> int:
    """Return what a pool's total becomes when a number that was to count earlier is applied now.

    What was added since is added to it. Nobody loses a licence that is in use: it is paid for until it is released.
    """
    applied = [sequence for other in course.changes for sequence in other.entry_sequences]
    since = LedgerEntry.objects.filter(pool=pool, at__gt=change.effective_at).exclude(sequence__in=applied)
    added = since.aggregate(added=Sum("bought_change"))["added"] or 0
    return max(quantity + added, pool.assigned_licences)


def _reason_of(course: Course, change: Change) -> str:
    if change.kind == ChangeKind.QUANTITY:
        return "The number agreed for the renewal"
    if change.kind == ChangeKind.END:
        return "The end of the subscription"
    plan = change.version or course.plan_at(change.effective_at).version
    return f"Subscription to {plan.plan.name}" if plan else ""
