"""End a subscription, and withdraw what has not taken effect."""

from datetime import date, datetime, timedelta

from django.db import transaction

from seatledger.domain.events.actions import Actor
from seatledger.domain.licences.limits import check_expiry
from seatledger.domain.subscriptions import refusals
from seatledger.domain.subscriptions.course import load_course
from seatledger.domain.subscriptions.following import (
    drop,
    follow,
    hold_course,
    instant_of,
    require_going_on,
    take_effect,
)
from seatledger.domain.subscriptions.models import Change, ChangeKind, Subscription, TakesEffect
from seatledger.engine.days import start_of_day
from seatledger.shared.errors import NotFound


@transaction.atomic
def cancel_subscription(
    *,
    subscription: Subscription,
    takes_effect: TakesEffect = TakesEffect.AT_PERIOD_END,
    last_day: date | None = None,
    at: datetime,
    by: Actor,
) -> Change:
    """End the subscription: at the end of its period, until which everything stays, or at once.

    `last_day` is for a contract for a fixed term: it ends with that day instead, which may lie within a later period.
    The pools are valid to the last day. At once, this day is the last one; what was paid ahead is given back only where
    the price says so. Raises SubscriptionOver, EndsAlready and UnlikelyDate.
    """
    course = hold_course(subscription, at=at, by=by)
    require_going_on(course, at)
    effective_at = instant_of(course, takes_effect, at)
    if last_day is not None:
        check_expiry(last_day, first_year=at.year)
        effective_at = max(at, start_of_day(last_day + timedelta(days=1), course.zone))
    ends_at = course.ends_at
    if ends_at is not None and ends_at <= effective_at:
        raise refusals.EndsAlready(
            f"It ends with {course.last_day_before(ends_at):%d %B %Y} already. Nothing is left to do."
        )
    end = Change(
        account=course.subscription.account,
        subscription=course.subscription,
        kind=ChangeKind.END,
        asked_at=at,
        takes_effect=takes_effect,
        effective_at=effective_at,
    )
    return take_effect(end, at=at, by=by)


@transaction.atomic
def withdraw_change(*, change: Change, at: datetime, by: Actor) -> None:
    """Take back a change that has not taken effect; what followed from it is undone.

    Its row is gone and its event remains. Raises CountsAlready, and NotFound when it was withdrawn meanwhile.
    """
    course = hold_course(change.subscription, at=at, by=by)
    stored = next((one for one in course.changes if one.pk == change.pk), None)
    if stored is None:
        raise NotFound("change")
    if stored.applied_at is not None:
        raise refusals.CountsAlready("This has taken effect already. Agree a new change instead.")
    drop(stored, at=at, by=by)
    follow(load_course(course.subscription), reason="A change to come was withdrawn", at=at, by=by)
