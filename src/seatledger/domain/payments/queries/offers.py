"""The plans and intervals that an account can change to by itself."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.models import PlanItem, PlanVersion, PriceInterval
from seatledger.domain.licences.queries import today_of
from seatledger.domain.subscriptions.course import Course, load_course
from seatledger.domain.subscriptions.kept_prices import prices_kept
from seatledger.domain.subscriptions.models import Subscription
from seatledger.domain.subscriptions.queries.prices import OfferedPrice, price_items
from seatledger.engine.policies import ChargeModel


@dataclass(frozen=True)
class SoldByNumber:
    """A licence type that a plan sells by number: its key, what it is called, and how many the plan begins with."""

    key: str
    name: str
    licences: int


@dataclass(frozen=True)
class Offer:
    """A plan at one interval, with the price of each licence type that is not included, as this account would pay it.

    `numbers` are the licence types that are bought ahead, so that their number is chosen.
    """

    version: PlanVersion
    interval: PriceInterval
    prices: tuple[OfferedPrice, ...]
    numbers: tuple[SoldByNumber, ...] = ()

    def sells(self, key: str) -> bool:
        """Say whether the number of a licence type is chosen with this plan."""
        return any(one.key == key for one in self.numbers)

    @property
    def key(self) -> str:
        """What a form calls it."""
        return f"{self.version.plan.key}.{self.interval}"


def list_offers(account: Account, subscription: Subscription, *, at: datetime) -> list[Offer]:
    """Return the plans of the subscription's product as sold at an instant in the account's currency, by name.

    A plan is offered by an interval when everything in it that has prices has one for that interval. What was agreed
    with the account for it goes before the catalogue's price.
    """
    course = load_course(subscription)
    products = subscription.changes.filter(version__isnull=False).values("version__plan__product")
    versions = PlanVersion.objects.filter(plan__product__in=products, effective_on__lte=today_of(account, at))
    current = versions.order_by("plan_id", "-effective_on").distinct("plan_id").select_related("plan")
    items: defaultdict[PlanVersion, list[PlanItem]] = defaultdict(list)
    rows = PlanItem.objects.filter(version__in=[version.pk for version in current])
    by_id = {version.pk: version for version in current}
    for row in rows.select_related("licence_type__product", "version__plan").prefetch_related(
        "prices__item__version__plan"
    ):
        items[by_id[row.version_id]].append(row)
    found = [
        offer
        for version, of_version in items.items()
        for interval in PriceInterval
        if (offer := _offer(course, version, of_version, interval, at))
    ]
    intervals = [*PriceInterval]
    return sorted(found, key=lambda offer: (offer.version.plan.name, intervals.index(offer.interval)))


def _offer(
    course: Course, version: PlanVersion, items: list[PlanItem], interval: PriceInterval, at: datetime
) -> Offer | None:
    account = course.subscription.account
    prices = price_items(account, items, interval, prices_kept(course, version, interval, at=at))
    if not prices:
        return None
    begins_with = {item.licence_type.key: item.licences or 0 for item in items}
    numbers = [
        SoldByNumber(one.key, one.name, begins_with[one.key])
        for one in prices
        if one.plan.tariff.charge_model is ChargeModel.PREPAID
    ]
    return Offer(version, interval, prices, tuple(numbers))
