"""Questions about what is sold. The catalogue belongs to the vendor, so no account comes first."""

from collections.abc import Iterable
from datetime import date

from seatledger.domain.catalogue.models import (
    LicenceType,
    MetricGroup,
    Plan,
    PlanVersion,
    Price,
    PriceInterval,
)
from seatledger.domain.catalogue.specs import ItemSpec, PriceSpec
from seatledger.domain.catalogue.tariffs import fields_of
from seatledger.shared.errors import NotFound


def get_licence_type_for_operator(key: str) -> LicenceType:
    """Return the licence type with this key. Raises NotFound."""
    try:
        return LicenceType.objects.select_related("product").get(key=key)
    except LicenceType.DoesNotExist:
        raise NotFound("licence type", "") from None


def get_plan_version_for_operator(key: str, day: date) -> PlanVersion:
    """Return the version of a plan that holds on `day`. Raises NotFound."""
    versions = PlanVersion.objects.filter(plan__key=key, effective_on__lte=day).order_by("-effective_on")
    version = versions.select_related("plan").first()
    if version is None:
        raise NotFound("plan", " on that day")
    return version


def get_price(
    version: PlanVersion, licence_type: LicenceType, *, currency: str, interval: str
) -> Price | None:
    """Return what a licence costs in a plan version, or None where it is included and not billed."""
    item = version.items.filter(licence_type=licence_type).first()
    return None if item is None else item.prices.filter(currency=currency, interval=interval).first()


def list_plans_for_operator() -> list[Plan]:
    """Return every plan, by product and name."""
    return list(Plan.objects.select_related("product").order_by("product__name", "name"))


def list_licence_types_for_operator() -> list[LicenceType]:
    """Return every licence type, by product and in the order of the licence metrics."""
    groups = [group.value for group in MetricGroup]
    rows = LicenceType.objects.select_related("product").prefetch_related("needs")
    return sorted(
        rows,
        key=lambda kind: (kind.product.name, groups.index(kind.metric_group), kind.metric_order, kind.name),
    )


def items_of(version: PlanVersion) -> tuple[ItemSpec, ...]:
    """Return what a plan version holds, in the order of `in_order`."""
    rows = version.items.select_related("licence_type").prefetch_related("prices")
    return in_order(
        ItemSpec(
            row.licence_type.key,
            row.licences,
            tuple(
                PriceSpec(price.currency, PriceInterval(price.interval), fields_of(price))
                for price in row.prices.all()
            ),
        )
        for row in rows
    )


def in_order(items: Iterable[ItemSpec]) -> tuple[ItemSpec, ...]:
    """Return the items by licence type, and their prices by currency and interval, however they came."""
    ordered = sorted(items, key=lambda item: item.licence_type)
    return tuple(
        ItemSpec(
            item.licence_type,
            item.licences,
            tuple(sorted(item.prices, key=lambda price: (price.currency, price.interval))),
        )
        for item in ordered
    )
