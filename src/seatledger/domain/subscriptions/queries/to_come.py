"""What is to change, and what of it contradicts the rest: shown, so that somebody can decide; never dropped."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.price_words import offered_in_words
from seatledger.domain.subscriptions.course import Course, load_course
from seatledger.domain.subscriptions.kept_prices import prices_left_behind
from seatledger.domain.subscriptions.models import Change, ChangeKind, Subscription, SubscriptionItem


class Why(StrEnum):
    """Why a change to come does not go together with something else."""

    AFTER_THE_END = "after_the_end"  # it counts when the subscription has ended
    TRIAL_ENDS = "trial_ends"  # it counts when a trial that nobody pays for has ended by itself
    ENDS_BEFORE = "ends_before"  # this end overtakes another change
    TWO_PLANS = "two_plans"  # two plans are to begin at one instant
    TWO_PRICES = "two_prices"  # two prices of one licence are to count from one instant
    PRICE_ENDS = "price_ends"  # a price was agreed for the plan before it, and not for this one
    TWO_NUMBERS = "two_numbers"  # two numbers of one licence are to count from one instant
    NOT_IN_THE_PLAN = "not_in_the_plan"  # the plan in force then has no such licence
    IN_USE = "in_use"  # more are in use now than there would be then


@dataclass(frozen=True)
class Contradiction:
    """One thing that a change to come does not go together with: another change, or what is in use (None)."""

    why: Why
    words: str
    other: Change | None = None


@dataclass(frozen=True)
class ChangeToCome:
    """A change that has not been applied, with all that contradicts it."""

    change: Change
    contradictions: tuple[Contradiction, ...]


def list_changes_to_come(account: Account) -> list[ChangeToCome]:
    """Return what is to change in the account's subscription, in the order in which it counts, all of it.

    Each comes with what it contradicts. Of two for one instant the one agreed last would count; what an end overtakes
    would never be done.
    """
    subscription = get_subscription(account)
    return [] if subscription is None else changes_to_come(load_course(subscription))


def get_subscription(account: Account) -> Subscription | None:
    """Return the account's newest subscription, which may be over, or None."""
    rows = Subscription.objects.filter(account=account).select_related("account__provider")
    return rows.order_by("-started_at").first()


def is_trial_bought(account: Account) -> bool:
    """Say whether a trial of the account is or will be paid for."""
    return Change.objects.filter(account=account, kind=ChangeKind.PAYING).exists()


def changes_to_come(course: Course) -> list[ChangeToCome]:
    """Return what `list_changes_to_come` does for a course that is loaded already."""
    waiting = [change for change in course.changes if change.applied_at is None]
    return [
        ChangeToCome(change, tuple(found for look in _LOOKS for found in look(course, change, waiting)))
        for change in waiting
    ]


def _after_the_end(course: Course, change: Change, _waiting: list[Change]) -> Iterator[Contradiction]:
    ends_at = course.ends_at
    if ends_at is None or change.kind == ChangeKind.END or change.effective_at < ends_at:
        return
    day = course.last_day_before(ends_at)
    ends = [end for end in course.changes if end.kind == ChangeKind.END and end.effective_at == ends_at]
    for end in ends:
        yield Contradiction(
            Why.AFTER_THE_END, f"The subscription ends with {day:%d %B %Y}, before this counts.", end
        )
    if not ends:
        yield Contradiction(
            Why.TRIAL_ENDS, f"The trial ends with {day:%d %B %Y}, and it is not to become paid."
        )


def _ends_before(course: Course, change: Change, waiting: list[Change]) -> Iterator[Contradiction]:
    if change.kind != ChangeKind.END or change.effective_at != course.ends_at:
        return
    for other in waiting:
        if other.kind != ChangeKind.END and other.effective_at >= change.effective_at:
            yield Contradiction(
                Why.ENDS_BEFORE, f"{_in_words(other)} was agreed for a time after this end.", other
            )


def _two_plans(_course: Course, change: Change, waiting: list[Change]) -> Iterator[Contradiction]:
    for other in waiting:
        if not (change.kind == other.kind == ChangeKind.PLAN and _meet(change, other)):
            continue
        if (change.version_id, change.interval) != (other.version_id, other.interval):
            yield Contradiction(Why.TWO_PLANS, f"{_in_words(other)} was agreed for the same instant.", other)


def _two_prices(course: Course, change: Change, waiting: list[Change]) -> Iterator[Contradiction]:
    """Look for two prices of one type; which plan it is is no contradiction, where both say the same."""
    for other in waiting:
        if (
            change.kind != ChangeKind.PLAN
            or not _meet(change, other)
            or other.version_id != change.version_id
        ):
            continue
        for item in course.items_of(other):
            theirs = other.agreed_prices.get(item.licence_type.key)
            plan = course.plan_for(other, item.licence_type_id)
            if theirs and plan and change.agreed_prices.get(item.licence_type.key, theirs) != theirs:
                price = offered_in_words(plan)
                yield Contradiction(
                    Why.TWO_PRICES,
                    f"{item.licence_type.name} at {price} was agreed for the same instant.",
                    other,
                )


def _price_ends(course: Course, change: Change, _waiting: list[Change]) -> Iterator[Contradiction]:
    if change.kind != ChangeKind.PLAN:
        return
    for item, plan in prices_left_behind(course, change):
        assert change.version is not None, "a change of plan names it"
        yield Contradiction(
            Why.PRICE_ENDS,
            f"The price that was agreed for {item.licence_type.name} is not for {change.version.plan.name} by the "
            f"{change.interval}. The list price applies from then on: {offered_in_words(plan)}.",
        )


def _two_numbers(course: Course, change: Change, waiting: list[Change]) -> Iterator[Contradiction]:
    own = _numbers_of(course, change)
    for other in waiting:
        if not _meet(change, other) or change.kind == other.kind == ChangeKind.PLAN:
            continue
        theirs = _numbers_of(course, other)
        for item, quantity in own.items():
            if theirs.get(item, quantity) != quantity:
                yield Contradiction(
                    Why.TWO_NUMBERS,
                    f"{theirs[item]} {item.pool.licence_type.name} licences were agreed for the same instant.",
                    other,
                )


def _not_in_the_plan(course: Course, change: Change, _waiting: list[Change]) -> Iterator[Contradiction]:
    if change.kind != ChangeKind.QUANTITY or change.item is None:
        return
    plan = course.plan_at(change.effective_at)
    if not course.has_type(plan, change.item.pool.licence_type_id):
        yield Contradiction(
            Why.NOT_IN_THE_PLAN,
            f"{_in_words(plan)} has no {change.item.pool.licence_type.name} licences.",
            plan,
        )


def _in_use(course: Course, change: Change, _waiting: list[Change]) -> Iterator[Contradiction]:
    for item, quantity in _numbers_of(course, change).items():
        used = item.pool.assigned_licences
        if quantity < used:
            yield Contradiction(
                Why.IN_USE,
                f"{used} {item.pool.licence_type.name} licences are in use. "
                f"Those that are not released by then stay and are paid for.",
            )


_LOOKS: tuple[Callable[[Course, Change, list[Change]], Iterator[Contradiction]], ...] = (
    _after_the_end,
    _ends_before,
    _two_plans,
    _two_prices,
    _price_ends,
    _two_numbers,
    _not_in_the_plan,
    _in_use,
)


def _meet(change: Change, other: Change) -> bool:
    return change.pk != other.pk and change.effective_at == other.effective_at


def _numbers_of(course: Course, change: Change) -> dict[SubscriptionItem, int]:
    """Return how many licences a change asks for, by item."""
    if change.kind == ChangeKind.QUANTITY:
        return {item: change.quantity or 0 for item in course.items if item.pk == change.item_id}
    return {
        item: change.quantities[item.pool.licence_type.key]
        for item in course.items
        if item.pool.licence_type.key in change.quantities
    }


def _in_words(change: Change) -> str:
    if change.version is not None:
        return f"The plan {change.version.plan.name}"
    if change.item is not None:
        return f"A number of {change.quantity} {change.item.pool.licence_type.name} licences"
    return "The start of paying"
