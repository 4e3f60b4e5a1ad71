"""What a plan costs an account that would choose it: the catalogue's prices, or those that were agreed for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.models import PlanItem, PlanVersion, Price
from seatledger.domain.catalogue.price_words import offered_in_words
from seatledger.domain.catalogue.tariffs import plan_of
from seatledger.domain.licences.queries.names import name_type
from seatledger.domain.subscriptions.course import load_course
from seatledger.domain.subscriptions.following import instant_of
from seatledger.domain.subscriptions.kept_prices import Prices, is_same_offer, prices_kept
from seatledger.domain.subscriptions.models import Subscription, TakesEffect
from seatledger.engine.plans import Plan


@dataclass(frozen=True)
class OfferedPrice:
    """What licences of one type cost in a plan; `is_agreed` with this account, in place of the catalogue's price."""

    key: str
    name: str
    plan: Plan
    is_agreed: bool

    @property
    def words(self) -> str:
        """The price with its discounts: `12.00 GBP per licence per month, 10 % off`."""
        return offered_in_words(self.plan)


@dataclass(frozen=True)
class PriceSpan:
    """For which plan and interval a price would be agreed, and to which day until another one follows, if one does."""

    plan_name: str
    interval: str
    until: date | None
    followed_by: str


def find_price_span(subscription: Subscription, takes_effect: TakesEffect, *, at: datetime) -> PriceSpan:
    """Return where prices would hold that are agreed at `at`, as far as it is known then."""
    course = load_course(subscription)
    begins_at = instant_of(course, takes_effect, at)
    now = course.plan_at(begins_at)
    assert now.version is not None, "a change of plan names it"
    later = [one for one in course.plans if one.effective_at > begins_at and not is_same_offer(one, now)]
    span = PriceSpan(now.version.plan.name, now.interval, None, "")
    if not later or later[0].version is None:
        return span
    until = course.last_day_before(later[0].effective_at)
    followed_by = f"{later[0].version.plan.name}, by the {later[0].interval},"
    return replace(span, until=until, followed_by=followed_by)


def get_prices_kept(
    subscription: Subscription,
    version: PlanVersion,
    interval: str,
    takes_effect: TakesEffect,
    *,
    at: datetime,
) -> Prices:
    """Return the prices that hold if a plan and interval are chosen at `at`: those agreed for it, {} for the catalogue's."""
    course = load_course(subscription)
    return prices_kept(course, version, interval, at=instant_of(course, takes_effect, at))


def price_choice(
    subscription: Subscription,
    version: PlanVersion,
    interval: str,
    takes_effect: TakesEffect,
    *,
    at: datetime,
) -> tuple[OfferedPrice, ...]:
    """Return what a plan costs by an interval if it is chosen at `at`, by name; what is included is left out."""
    agreed = get_prices_kept(subscription, version, interval, takes_effect, at=at)
    rows = PlanItem.objects.filter(version=version).select_related("licence_type__product")
    items = rows.prefetch_related("prices__item__version__plan")
    return price_items(subscription.account, items, interval, agreed) or ()


def price_items(
    account: Account, items: Iterable[PlanItem], interval: str, agreed: Mapping[str, Mapping[str, Any]]
) -> tuple[OfferedPrice, ...] | None:
    """Return what the items of a plan cost an account, by name; None where one has prices, but none for it so."""
    found = []
    for item in items:
        prices: list[Price] = list(item.prices.all())
        if not prices:
            continue
        price = next(
            (one for one in prices if (one.currency, one.interval) == (account.currency, interval)), None
        )
        if price is None:
            return None
        kind = item.licence_type
        own = agreed.get(kind.key)
        plan = plan_of(price, kind, agreed=own)
        found.append(OfferedPrice(kind.key, name_type(account, kind), plan, is_agreed=bool(own)))
    return tuple(sorted(found, key=lambda one: one.name))
