"""Whether a plan can be had so: in this currency, by this interval, at these prices."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from seatledger.domain.catalogue.models import PlanItem, PlanVersion, Price, PriceInterval
from seatledger.domain.catalogue.tariffs import plan_of
from seatledger.domain.subscriptions import refusals

_USUAL: Final = {PriceInterval.MONTH: 0, PriceInterval.YEAR: 1}


def check_offer(
    version: PlanVersion, *, currency: str, interval: str, agreed_prices: Mapping[str, Mapping[str, Any]]
) -> None:
    """Raise NotSoldSo, NotInThePlan or FieldRefused where what was agreed could not be charged.

    What has a price somewhere is not given away because there is none for this currency and interval.
    """
    items = version.items.select_related("licence_type").prefetch_related("prices__item__version__plan")
    agreed = dict(agreed_prices)
    for item in items:
        terms = agreed.pop(item.licence_type.key, None)
        prices = list(item.prices.all())
        price = next((p for p in prices if (p.currency, p.interval) == (currency, interval)), None)
        if price is not None:
            plan_of(price, item.licence_type, agreed=terms)
        elif terms is not None or any(price.unit_amount != 0 for price in prices):
            raise refusals.NotSoldSo(
                f"{item.licence_type.name} in {version.plan.name} has no price in {currency} by the {interval}. "
                f"{_offers(item)}"
            )
    if agreed:
        raise refusals.NotInThePlan(
            f"{version.plan.name} has no licences “{min(agreed)}” to agree a price for. Leave that price out."
        )


def list_plans_on_sale(day: date) -> list[PlanVersion]:
    """Return the version of each plan that holds on `day`, by product and name."""
    versions = PlanVersion.objects.filter(effective_on__lte=day).select_related("plan__product")
    current = versions.order_by("plan_id", "-effective_on").distinct("plan_id")
    return sorted(current, key=lambda version: (version.plan.product.name, version.plan.name))


def currencies_of(version: PlanVersion) -> list[str]:
    """Return the currencies in which a plan version has prices; none where everything in it is included."""
    prices = Price.objects.filter(item__version=version)
    return list(prices.order_by("currency").values_list("currency", flat=True).distinct())


def intervals_of(version: PlanVersion, *, currency: str) -> list[PriceInterval]:
    """Return the intervals by which a plan is sold in a currency, the usual ones first; a month where all is included."""
    found: set[str] | None = None
    for item in version.items.prefetch_related("prices"):
        prices = list(item.prices.all())
        if any(price.unit_amount != 0 for price in prices):
            here = {price.interval for price in prices if price.currency == currency}
            found = here if found is None else found & here
    usual = sorted(PriceInterval, key=lambda interval: _USUAL.get(interval, len(_USUAL)))
    return [PriceInterval.MONTH] if found is None else [interval for interval in usual if interval in found]


def _offers(item: PlanItem) -> str:
    offers = sorted({f"{price.currency} by the {price.interval}" for price in item.prices.all()})
    return (
        f"Choose one of these: {', '.join(offers)}." if offers else "It is included; agree no price for it."
    )
