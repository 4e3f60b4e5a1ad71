"""What can be tried by signing up: plans of the catalogue that have a trial."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings

from seatledger.domain.catalogue.models import PlanVersion, PriceInterval
from seatledger.domain.subscriptions.offers import intervals_of


@dataclass(frozen=True)
class Offer:
    """A plan that can be tried, and how often it would be paid for in each currency it is sold in."""

    version: PlanVersion
    intervals: dict[str, PriceInterval]

    @property
    def key(self) -> str:
        return self.version.plan.key

    @property
    def days(self) -> int:
        return self.version.plan.trial_days

    @property
    def licences(self) -> list[str]:
        """What the trial begins with, in words: `50 Managed Agent`."""
        rows = self.version.items.select_related("licence_type").order_by(
            "licence_type__metric_order", "licence_type__key"
        )
        return [
            f"{row.licences:,} {row.licence_type.name}" if row.licences else row.licence_type.name
            for row in rows
        ]


def list_offers(day: date) -> list[Offer]:
    """Return what can be tried from `day` on; nothing where sign-up is closed.

    The plans that the vendor names in the settings, in his order; or else every plan that has a trial and a price.
    """
    if not settings.SEATLEDGER_SIGNUP:
        return []
    named = settings.SEATLEDGER_SIGNUP_PLANS
    rows = PlanVersion.objects.select_related("plan__product").filter(
        effective_on__lte=day, plan__trial_days__gt=0
    )
    if named:
        rows = rows.filter(plan__key__in=named)
    newest = {version.plan.key: version for version in rows.order_by("effective_on")}
    order = named or [
        one.plan.key
        for one in sorted(
            newest.values(), key=lambda one: (one.plan.product.name, one.plan.trial_days, one.plan.key)
        )
    ]
    offers = [Offer(newest[key], _intervals(newest[key])) for key in order if key in newest]
    return [offer for offer in offers if offer.intervals]


def _intervals(version: PlanVersion) -> dict[str, PriceInterval]:
    items = version.items.prefetch_related("prices")
    currencies = sorted({price.currency for item in items for price in item.prices.all()})
    usual = {currency: intervals_of(version, currency=currency) for currency in currencies}
    return {currency: intervals[0] for currency, intervals in usual.items() if intervals}
