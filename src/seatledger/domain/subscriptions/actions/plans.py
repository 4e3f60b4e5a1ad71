"""Change the plan, and let a trial become paid."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from seatledger.domain.catalogue.models import ChargeModel, PlanVersion, PriceInterval
from seatledger.domain.events.actions import Actor
from seatledger.domain.subscriptions import refusals
from seatledger.domain.subscriptions.course import Course, load_course
from seatledger.domain.subscriptions.following import (
    drop,
    hold_course,
    instant_of,
    require_going_on,
    take_effect,
)
from seatledger.domain.subscriptions.holding import wanted_of
from seatledger.domain.subscriptions.kept_prices import carry_prices, prices_begun, prices_kept
from seatledger.domain.subscriptions.models import Change, ChangeKind, Subscription, TakesEffect
from seatledger.domain.subscriptions.offers import check_offer

_BY_LENGTH: Final = [*PriceInterval]


@dataclass(frozen=True)
class PlanChoice:
    """The plan that a subscription changes to.

    `quantities` are as for a new subscription, and so are `agreed_prices`; None stands for those that were agreed for
    this plan and interval before, {} for the catalogue's. With `keeps_anchor` the periods go on from the day they are
    counted from; else they are counted from the change.
    """

    version: PlanVersion
    interval: PriceInterval
    quantities: Mapping[str, int] = field(default_factory=dict)
    agreed_prices: Mapping[str, Mapping[str, Any]] | None = None
    keeps_anchor: bool = True


@transaction.atomic
def change_plan(
    *,
    subscription: Subscription,
    choice: PlanChoice,
    takes_effect: TakesEffect = TakesEffect.AT_ONCE,
    at: datetime,
    by: Actor,
) -> Change:
    """Change to another plan or interval: at once, with the rest of what was paid credited, or at the period's end.

    New licence types open pools; of those that the new plan has not, the licences end. During a trial the trial goes on.
    Raises SubscriptionOver, NothingChanges, PaidAhead for a shorter interval at once, and what beginning raises.
    """
    course = hold_course(subscription, at=at, by=by)
    require_going_on(course, at)
    effective_at = instant_of(course, takes_effect, at)
    choice = _with_prices(course, choice, effective_at)
    _check_choice(course, choice)
    _check_changes(course, choice, effective_at)
    if takes_effect == TakesEffect.AT_ONCE:
        _check_not_paid_ahead(course, choice, at)
    change = _plan_change(course, choice, takes_effect, effective_at, at)
    return take_effect(change, at=at, by=by)


@transaction.atomic
def agree_prices(
    *,
    subscription: Subscription,
    prices: Mapping[str, Mapping[str, Any]],
    takes_effect: TakesEffect = TakesEffect.AT_ONCE,
    at: datetime,
    by: Actor,
) -> Change:
    """Agree prices for licence types of the plan, by their keys, in place of what was agreed for these before.

    All licences of such a type cost that from then on, as long as the account is on this plan by this interval, and again
    when it comes back to it. A change to another one that is to come stays as it is, and says so
    (`list_changes_to_come`). Raises what `change_plan` raises.
    """
    course = hold_course(subscription, at=at, by=by)
    effective_at = instant_of(course, takes_effect, at)
    now = course.plan_at(effective_at)
    assert now.version is not None, "a change of plan names it"
    carry_prices(course, now, prices, after=effective_at)
    new = {key: dict(fields) for key, fields in prices.items()}
    is_new = {**now.agreed_prices, **new} != now.agreed_prices
    agreed = {**(prices_begun(course, now) if is_new else now.agreed_prices), **new}
    choice = PlanChoice(version=now.version, interval=PriceInterval(now.interval), agreed_prices=agreed)
    return change_plan(subscription=subscription, choice=choice, takes_effect=takes_effect, at=at, by=by)


@transaction.atomic
def start_paying(
    *,
    subscription: Subscription,
    choice: PlanChoice | None = None,
    takes_effect: TakesEffect = TakesEffect.AT_ONCE,
    at: datetime,
    by: Actor,
) -> Change:
    """Let a trial become paid, on its own plan or on another one: from this day on, or once its days are over.

    Nothing else makes it so: a trial that nobody wants to pay for ends by itself, and nothing is charged. It can still
    become paid then, from that day on. Raises NotOnTrial, TrialOver, NothingToPay, SubscriptionOver, AlreadySubscribed
    and NothingChanges.
    """
    course = hold_course(subscription, at=at, by=by)
    _check_may_begin_paying(course, takes_effect, at)
    effective_at = instant_of(course, takes_effect, at)
    for waiting in [change for change in course.changes if change.kind == ChangeKind.PAYING]:
        drop(waiting, at=at, by=by)
    if choice is not None:
        choice = _with_prices(course, choice, effective_at)
        _check_choice(course, choice)
        take_effect(_plan_change(course, choice, takes_effect, effective_at, at), at=at, by=by)
    course = load_course(course.subscription)
    if not course.is_charged(course.plan_at(effective_at)):
        raise refusals.NothingToPay("This plan has no prices. Choose the plan that is to follow the trial.")
    paying = Change(
        account=course.subscription.account,
        subscription=course.subscription,
        kind=ChangeKind.PAYING,
        asked_at=at,
        takes_effect=takes_effect,
        effective_at=effective_at,
    )
    return take_effect(paying, at=at, by=by)


def _with_prices(course: Course, choice: PlanChoice, at: datetime) -> PlanChoice:
    """Return the choice with its prices: where none are said, those that were agreed for it before."""
    if choice.agreed_prices is not None:
        return choice
    return replace(choice, agreed_prices=prices_kept(course, choice.version, choice.interval, at=at))


def _check_choice(course: Course, choice: PlanChoice) -> None:
    wanted_of(choice.version, choice.quantities)
    check_offer(
        choice.version,
        currency=course.subscription.account.currency,
        interval=choice.interval,
        agreed_prices=choice.agreed_prices or {},
    )


def _check_changes(course: Course, choice: PlanChoice, effective_at: datetime) -> None:
    now = course.plan_at(effective_at)
    said = choice.version.pk, choice.interval, dict(choice.agreed_prices or {})
    if said == (now.version_id, now.interval, now.agreed_prices):
        raise refusals.NothingChanges(
            f"The subscription is to {choice.version.plan.name} by the {choice.interval} already. Choose another plan."
        )


def _check_not_paid_ahead(course: Course, choice: PlanChoice, at: datetime) -> None:
    now = course.plan_at(at)
    shorter = _BY_LENGTH.index(choice.interval) < _BY_LENGTH.index(PriceInterval(now.interval))
    if not shorter or course.is_trial_at(at):
        return
    for item in course.items:
        kind = item.pool.licence_type
        if kind.charge_model == ChargeModel.PREPAID and course.plan_for(now, kind.pk):
            raise refusals.PaidAhead(
                f"This {now.interval} is paid until {course.period_at(at).last_day:%d %B %Y}. "
                f"Change to payment by the {choice.interval} at the end of that period."
            )


def _check_may_begin_paying(course: Course, takes_effect: TakesEffect, at: datetime) -> None:
    ends = [change for change in course.changes if change.kind == ChangeKind.END]
    if course.trial_ends_at is None or not course.is_trial_at(at):
        raise refusals.NotOnTrial("This subscription is paid for. There is no trial to follow.")
    if any(end.effective_at <= at for end in ends):
        raise refusals.SubscriptionOver("This subscription has ended. Start a new one.")
    if takes_effect == TakesEffect.AT_PERIOD_END:
        if course.trial_ends_at <= at:
            raise refusals.TrialOver("The days of trial are over. Start paying from today.")
        if course.charged_from is not None:
            raise refusals.NothingChanges(
                "This trial becomes paid when its days are over. Nothing is left to do."
            )
    later = Subscription.objects.filter(
        account=course.subscription.account, started_at__gt=course.subscription.started_at
    )
    if later.exists():
        raise refusals.AlreadySubscribed("Another subscription followed this trial. Change that one instead.")


def _plan_change(
    course: Course, choice: PlanChoice, takes_effect: TakesEffect, effective_at: datetime, at: datetime
) -> Change:
    return Change(
        account=course.subscription.account,
        subscription=course.subscription,
        kind=ChangeKind.PLAN,
        asked_at=at,
        takes_effect=takes_effect,
        effective_at=effective_at,
        version=choice.version,
        interval=choice.interval,
        keeps_anchor=choice.keeps_anchor,
        agreed_prices=dict(choice.agreed_prices or {}),
        quantities=dict(choice.quantities),
    )
