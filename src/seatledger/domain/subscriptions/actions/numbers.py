"""Agree how many licences there are from the renewal on."""

from datetime import datetime

from django.db import transaction

from seatledger.domain.events.actions import Actor
from seatledger.domain.licences.limits import check_total
from seatledger.domain.subscriptions import refusals
from seatledger.domain.subscriptions.following import hold_course, require_going_on, take_effect
from seatledger.domain.subscriptions.models import (
    Change,
    ChangeKind,
    Subscription,
    SubscriptionItem,
    TakesEffect,
)
from seatledger.shared.errors import NotFound


@transaction.atomic
def schedule_quantity(
    *, subscription: Subscription, item: SubscriptionItem, quantity: int, at: datetime, by: Actor
) -> Change:
    """Let the number of licences of an item be `quantity` from its renewal on; until then it stays what it is.

    Fewer than are in use then are not taken from anybody: what is in use stays and is paid for. That it will be so is
    shown beforehand (`list_changes_to_come`). Raises SubscriptionOver, NotFound, NotInThePlan, NothingChanges and
    UnlikelyNumber.
    """
    check_total(quantity)
    course = hold_course(subscription, at=at, by=by)
    require_going_on(course, at)
    own = next((one for one in course.items if one.pk == item.pk), None)
    if own is None:
        raise NotFound("licence of this subscription", "")
    if own.pool.total_licences is None or not course.has_type(course.plan_at(at), own.pool.licence_type_id):
        raise refusals.NotInThePlan(
            f"{own.pool.licence_type.name} licences have no number in this plan. Choose others."
        )
    effective_at = course.period_ends_at(at)
    if quantity == own.pool.total_licences and not any(
        one.item_id == own.pk and one.applied_at is None for one in course.changes
    ):
        raise refusals.NothingChanges(f"There are {quantity} already. Choose another number.")
    change = Change(
        account=course.subscription.account,
        subscription=course.subscription,
        kind=ChangeKind.QUANTITY,
        asked_at=at,
        takes_effect=TakesEffect.AT_PERIOD_END,
        effective_at=effective_at,
        item=own,
        quantity=quantity,
    )
    return take_effect(change, at=at, by=by)
