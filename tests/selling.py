"""A catalogue for the tests of what was agreed: two plans by the seat, one with a trial, and a free one.

Figures of the tests rest on these prices, in GBP: Professional User 12.00 a month and 120.00 a year in Team, 20.00 and
200.00 in Business, which also has Wallboards (up to a maximum, 5.00 a month or 60.00 a year for each in use).
"""

from collections.abc import Sequence
from datetime import date

from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.models import (
    LicenceType,
    Plan,
    PlanItem,
    PlanVersion,
    Price,
    PriceInterval,
    Product,
)
from seatledger.domain.subscriptions.actions import NewSubscription, start_subscription
from seatledger.domain.subscriptions.models import Subscription
from support import AT, STAFF, given_account, given_device_type, given_licence_type

MONTHLY, YEARLY = PriceInterval.MONTH, PriceInterval.YEAR
Offered = tuple[LicenceType, int | None, dict[str, str]]


def given_plan(key: str, items: Sequence[Offered], *, trial_days: int = 0) -> PlanVersion:
    """Return the first version of a plan: each licence type, the number it begins with, its GBP prices by interval."""
    product, _ = Product.objects.get_or_create(key="suite", defaults={"name": "Suite"})
    plan, made = Plan.objects.get_or_create(
        key=key, defaults={"product": product, "name": key.title(), "trial_days": trial_days}
    )
    if not made:
        return plan.versions.select_related("plan").get(number=1)
    version = PlanVersion.objects.create(plan=plan, number=1, effective_on=date(2024, 1, 1))
    for kind, licences, prices in items:
        item = PlanItem.objects.create(version=version, licence_type=kind, licences=licences)
        for interval, amount in prices.items():
            Price.objects.create(item=item, currency="GBP", interval=interval, unit_amount=amount)
    return version


def team() -> PlanVersion:
    """Professional User, five to begin with; 30 days of trial."""
    prices = {"month": "12.00", "year": "120.00"}
    return given_plan("team", [(given_licence_type(), 5, prices)], trial_days=30)


def business() -> PlanVersion:
    """Professional User and Wallboards."""
    prices = {"month": "20.00", "year": "200.00"}
    boards = {"month": "5.00", "year": "60.00"}
    return given_plan(
        "business", [(given_licence_type(), 5, prices), (given_device_type(), 3, boards)], trial_days=14
    )


def free() -> PlanVersion:
    return given_plan("free", [(given_licence_type("free-user", charge_model="active"), None, {})])


def given_subscription(account: Account | None = None, **said: object) -> Subscription:
    """Put an account on the Team plan by the month, unless told otherwise, at the instant of the setup."""
    at = said.pop("at", AT)
    stated = {"version": team(), "interval": MONTHLY}
    new = NewSubscription(**stated | said)
    return start_subscription(account=account or given_account(), new=new, at=at, by=STAFF)
