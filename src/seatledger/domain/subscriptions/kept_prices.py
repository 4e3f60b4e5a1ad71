"""Prices that were agreed with an account: for which plan and interval they hold, and when they go along with a change."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from seatledger.domain.catalogue.models import PlanItem, PlanVersion
from seatledger.domain.subscriptions import refusals
from seatledger.domain.subscriptions.course import Course, load_course
from seatledger.domain.subscriptions.models import Change, Subscription
from seatledger.engine.days import day_of
from seatledger.engine.plans import Plan

# By the key of the licence type, in the form of docs/rating.md.
Prices = dict[str, dict[str, Any]]


def prices_kept(course: Course, version: PlanVersion, interval: str, *, at: datetime) -> Prices:
    """Return the prices agreed with the account for a plan by an interval, as they hold if it is on it from `at` on.

    They are those of the last time before it was, or was to be, on any version of the plan by this interval; {} if none
    were agreed. What the version does not sell so is left out.
    """
    before = [
        change for change in course.plans if change.effective_at <= at and _is_of(change, version, interval)
    ]
    if not before:
        return {}
    last = before[-1]
    goes_on = last is course.plan_at(at) and last.version_id == version.pk
    agreed = dict(last.agreed_prices) if goes_on else prices_begun(course, last)
    if not agreed:
        return {}
    sold = _keys_sold(version, course.subscription.account.currency, interval)
    return {key: fields for key, fields in agreed.items() if key in sold}


def prices_begun(course: Course, change: Change) -> Prices:
    """Return the prices of a change of plan, for one that follows it.

    A discount for some periods is counted from the day on which it began, so that it does not begin anew.
    """
    charged_from = course.charged_from
    if charged_from is None:
        return dict(change.agreed_prices)
    began_on = day_of(max(change.effective_at, charged_from), course.zone).isoformat()
    return {key: _counted_from(fields, began_on) for key, fields in change.agreed_prices.items()}


def check_prices_kept(
    subscription: Subscription, prices: Mapping[str, Mapping[str, Any]], *, at: datetime
) -> None:
    """Raise PriceNotKept where prices that are promised would be lost with a change that is agreed for later."""
    course = load_course(subscription)
    now = course.plan_at(at)
    for later in [change for change in course.plans if change.effective_at > at]:
        assert later.version is not None, "a change of plan names it"
        if any(_charged(course, later, prices)) and not is_same_offer(later, now):
            begins_on = course.last_day_before(later.effective_at) + timedelta(days=1)
            raise refusals.PriceNotKept(
                f"From {begins_on:%d %B %Y} on, {later.version.plan.name} by the {later.interval} is agreed, where this "
                "price would not hold. Withdraw that change first, or agree on a price for then."
            )


def carry_prices(
    course: Course, now: Change, prices: Mapping[str, Mapping[str, Any]], *, after: datetime
) -> None:
    """Let prices hold after the changes to come that stay with plan and interval, too.

    What one of them says of its own about a price stays.
    """
    for later in [change for change in course.plans if change.effective_at > after]:
        kept = dict(_charged(course, later, prices))
        if not kept or not is_same_offer(later, now):
            continue
        own = {
            key: fields for key, fields in later.agreed_prices.items() if fields != now.agreed_prices.get(key)
        }
        later.agreed_prices = {**later.agreed_prices, **kept, **own}
        later.save(update_fields=["agreed_prices"])


def prices_left_behind(course: Course, change: Change) -> Iterator[tuple[PlanItem, Plan]]:
    """Yield what is charged after a change of plan at another price than the one agreed for the plan before it."""
    before = [one for one in course.plans if one.effective_at < change.effective_at][-1:]
    if not before or change is not course.plan_at(change.effective_at) or is_same_offer(change, before[0]):
        return
    for item in course.items_of(change):
        key, plan = item.licence_type.key, course.plan_for(change, item.licence_type_id)
        if plan and before[0].agreed_prices.get(key) and not change.agreed_prices.get(key):
            yield item, plan


def is_same_offer(one: Change, other: Change) -> bool:
    """Say whether two changes of plan are to one plan by one interval, whichever version."""
    assert other.version is not None, "a change of plan names it"
    return _is_of(one, other.version, other.interval)


def _is_of(change: Change, version: PlanVersion, interval: str) -> bool:
    assert change.version is not None, "a change of plan names it"
    return (change.version.plan_id, change.interval) == (version.plan_id, interval)


def _charged(
    course: Course, change: Change, prices: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield those of the prices whose licences are charged for after a change of plan."""
    kinds = {item.licence_type.key: item.licence_type_id for item in course.items_of(change)}
    for key, fields in prices.items():
        if key in kinds and course.plan_for(change, kinds[key]):
            yield key, dict(fields)


def _keys_sold(version: PlanVersion, currency: str, interval: str) -> set[str]:
    sold = PlanItem.objects.filter(version=version, prices__currency=currency, prices__interval=interval)
    return set(sold.values_list("licence_type__key", flat=True))


def _counted_from(fields: Mapping[str, Any], began_on: str) -> dict[str, Any]:
    if "discounts" not in fields:
        return dict(fields)
    discounts = [
        {**one, "starts_on": began_on} if one.get("periods") and not one.get("starts_on") else one
        for one in fields["discounts"]
    ]
    return {**fields, "discounts": discounts}
