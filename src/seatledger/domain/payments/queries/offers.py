"""The plans and intervals that an account can change to by itself."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.models import PlanItem, PlanVersion, Price, PriceInterval
from seatledger.domain.catalogue.tariffs import plan_of
from seatledger.domain.licences.queries.names import name_type
from seatledger.domain.subscriptions.models import Subscription
from seatledger.engine.policies import ChargeModel
from seatledger.engine.tariffs import Tariff


@dataclass(frozen=True)
class SoldByNumber:
    """A licence type that a plan sells by number: its key, what it is called, and how many the plan begins with."""

    key: str
    name: str
    licences: int


@dataclass(frozen=True)
class Offer:
    """A plan at one interval, with the price of each licence type that is not included, by what it is called.

    `numbers` are the licence types that are bought ahead, so that their number is chosen.
    """

    version: PlanVersion
    interval: PriceInterval
    tariffs: tuple[tuple[str, Tariff], ...]
    numbers: tuple[SoldByNumber, ...] = ()

    def sells(self, key: str) -> bool:
        """Say whether the number of a licence type is chosen with this plan."""
        return any(one.key == key for one in self.numbers)

    @property
    def key(self) -> str:
        """What a form calls it."""
        return f"{self.version.plan.key}.{self.interval}"


def list_offers(account: Account, subscription: Subscription, *, today: date) -> list[Offer]:
    """Return the plans of the subscription's product as sold on a day in the account's currency, by name.

    A plan is offered by an interval when everything in it that has prices has one for that interval.
    """
    products = subscription.changes.filter(version__isnull=False).values("version__plan__product")
    versions = PlanVersion.objects.filter(plan__product__in=products, effective_on__lte=today)
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
        if (offer := _offer(account, version, of_version, interval))
    ]
    intervals = [*PriceInterval]
    return sorted(found, key=lambda offer: (offer.version.plan.name, intervals.index(offer.interval)))


def _offer(
    account: Account, version: PlanVersion, items: list[PlanItem], interval: PriceInterval
) -> Offer | None:
    tariffs, numbers = [], []
    for item in items:
        prices: list[Price] = list(item.prices.all())
        if not prices:
            continue
        sold = (account.currency, interval)
        price = next((one for one in prices if (one.currency, one.interval) == sold), None)
        if price is None:
            return None
        name = name_type(account, item.licence_type)
        tariff = plan_of(price, item.licence_type).tariff
        tariffs.append((name, tariff))
        if tariff.charge_model is ChargeModel.PREPAID:
            numbers.append(SoldByNumber(item.licence_type.key, name, item.licences or 0))
    if not tariffs:
        return None
    return Offer(version, interval, tuple(sorted(tariffs, key=lambda named: named[0])), tuple(numbers))
