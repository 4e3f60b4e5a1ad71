"""What a page shows of what was agreed."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.models import ChargeModel, PriceInterval
from seatledger.domain.licences.queries.names import name_type
from seatledger.domain.subscriptions.course import Course, load_course
from seatledger.domain.subscriptions.models import SoldBy, Subscription, SubscriptionItem
from seatledger.domain.subscriptions.queries.to_come import ChangeToCome, changes_to_come, get_subscription
from seatledger.engine.days import day_of
from seatledger.engine.periods import Period
from seatledger.engine.phases import phase_at
from seatledger.engine.prices import Exact, PerUnit
from seatledger.engine.tariffs import Tariff


@dataclass(frozen=True)
class AgreedLicence:
    """One licence type of the plan. `tariff` is None where it is included; a trial shows what it would cost.

    `unit_price` is what one licence costs for a full period, exactly, in minor units; None where it depends on how
    many there are. `is_agreed` says whether the price, or a part of it, was agreed in place of the catalogue's. `available` and `total` are None where licences are not limited.
    """

    item: SubscriptionItem
    pool_id: UUID
    name: str
    charge_model: ChargeModel
    tariff: Tariff | None
    unit_price: Exact | None
    is_agreed: bool
    total: int | None
    in_use: int
    available: int | None


@dataclass(frozen=True)
class Agreement:
    """What was agreed with an account, as it is at one instant. Days are of the account's zone.

    `period` is the one paid for, or the trial. `renews_on` is the day after it, None when nothing follows. `trial_ends_on`
    is the last day of a trial that is going on, `paid_from` the first day that is charged (None: the trial is not to
    become paid), `ends_on` the last day of the subscription as far as an end is known.
    """

    subscription: Subscription
    plan_key: str
    plan_name: str
    sold_by: SoldBy
    interval: PriceInterval
    currency: str
    licences: tuple[AgreedLicence, ...]
    period: Period
    renews_on: date | None
    trial_ends_on: date | None
    paid_from: date | None
    ends_on: date | None
    is_over: bool
    to_come: tuple[ChangeToCome, ...]


def get_agreement(account: Account, *, at: datetime) -> Agreement | None:
    """Return what was agreed with the account, as it is at `at`: its newest subscription, over or not, or None."""
    subscription = get_subscription(account)
    return None if subscription is None else _agreement(load_course(subscription), at)


def _agreement(course: Course, at: datetime) -> Agreement:
    subscription = course.subscription
    plan = course.plan_at(at)
    assert plan.version is not None, "a change of plan names it"
    period, ends_at, paid_from = course.period_at(at), course.ends_at, course.charged_from
    on_trial = course.is_trial_at(at) and subscription.free_until is not None
    goes_on = ends_at is None or ends_at > period.instants(course.zone)[1]
    return Agreement(
        subscription=subscription,
        plan_key=plan.version.plan.key,
        plan_name=plan.version.plan.name,
        sold_by=SoldBy(subscription.sold_by),
        interval=PriceInterval(plan.interval),
        currency=subscription.account.currency,
        licences=tuple(
            _licence(course, item, at)
            for item in course.items
            if course.has_type(plan, item.pool.licence_type_id)
        ),
        period=period,
        renews_on=period.ends_on if goes_on else None,
        trial_ends_on=period.last_day if on_trial else None,
        paid_from=day_of(paid_from, course.zone) if paid_from else None,
        ends_on=course.last_day_before(ends_at) if ends_at else None,
        is_over=ends_at is not None and ends_at <= at,
        to_come=tuple(changes_to_come(course)),
    )


def _licence(course: Course, item: SubscriptionItem, at: datetime) -> AgreedLicence:
    pool = item.pool
    tariff = _tariff_at(course, item, at)
    scheme = tariff.price.scheme if tariff else None
    return AgreedLicence(
        item=item,
        pool_id=pool.pk,
        name=name_type(course.subscription.account, pool.licence_type),
        charge_model=ChargeModel(pool.licence_type.charge_model),
        tariff=tariff,
        unit_price=scheme.unit_amount if isinstance(scheme, PerUnit) else None,
        is_agreed=tariff is not None and pool.licence_type.key in course.plan_at(at).agreed_prices,
        total=pool.total_licences,
        in_use=pool.assigned_licences,
        available=pool.available_licences,
    )


def _tariff_at(course: Course, item: SubscriptionItem, at: datetime) -> Tariff | None:
    """Return the tariff in force, with its discounts; before anything is charged, the one that would be."""
    kind_id = item.pool.licence_type_id
    begun = [phase for phase in course.phases_of(kind_id) if phase.starts_at <= at]
    plan = course.plan_for(course.plan_at(at), kind_id)
    if plan is None:
        return None
    return phase_at(begun, at).tariff if begun else plan.tariff
