"""The account summary: what an account is on, what it pays, how, and what is to change."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from uuid import UUID

from django.db.models import Q

from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.models import HeldBy, MetricGroup
from seatledger.domain.catalogue.words import subscription_type_of
from seatledger.domain.licences.models import Pool
from seatledger.domain.licences.queries import today_of
from seatledger.domain.licences.queries.names import name_type
from seatledger.domain.payments.models import PaymentMethod
from seatledger.domain.payments.queries.methods import get_default_method
from seatledger.domain.subscriptions.course import Course, load_course
from seatledger.domain.subscriptions.models import (
    Change,
    Preferences,
    SoldBy,
    Subscription,
    SubscriptionItem,
)
from seatledger.engine.items import Phase
from seatledger.engine.periods import Interval, Period, Unit
from seatledger.engine.phases import phase_at
from seatledger.engine.policies import ChargeModel
from seatledger.engine.prices import Exact, PerUnit
from seatledger.engine.rates import Rate


@dataclass(frozen=True)
class SummaryItem:
    """A pool under the subscription. Amounts are exact, in minor units, for one full interval; None: included.

    `number` is how many are paid for: those bought, or in arrears those held now. `unit_amount` is what one costs; where
    the number makes a difference to that, it is what one costs on average.
    """

    item_id: UUID
    pool: Pool
    name: str
    number: int
    unit_amount: Exact | None = None
    amount: Exact = 0
    is_average: bool = False
    is_prepaid: bool = True

    @property
    def held_by(self) -> str:
        return "device" if self.pool.licence_type.held_by == HeldBy.DEVICE else "user"

    @property
    def is_shown(self) -> bool:
        """Say whether there is a number or a price to show; what merely counts has neither."""
        return self.unit_amount is not None or self.pool.total_licences is not None

    @property
    def subscription_type(self) -> str:
        return subscription_type_of(self.pool.licence_type)


@dataclass(frozen=True)
class AccountSummary:
    """Everything the Account summary shows of a subscription. `period` is the one that is paid now, if anything is.

    `free_until` is the day after a trial's last one while it is free; `ends_on` the last day, where an end is known.
    """

    subscription: Subscription
    plan_name: str
    currency: str
    interval: Interval
    items: tuple[SummaryItem, ...]
    free_until: date | None
    is_bought: bool
    period: Period | None
    ends_on: date | None
    preferences: Preferences
    method: PaymentMethod | None

    @property
    def sold_by(self) -> SoldBy:
        return SoldBy(self.subscription.sold_by)

    @property
    def priced(self) -> tuple[SummaryItem, ...]:
        return tuple(item for item in self.items if item.unit_amount is not None)

    @property
    def renews_on(self) -> date | None:
        return self.period.ends_on if self.period and self.ends_on is None else None

    @property
    def last_free_day(self) -> date | None:
        return self.free_until - timedelta(days=1) if self.free_until else None


def get_account_summary(account: Account, at: datetime) -> AccountSummary | None:
    """Return the summary of the account's subscription as it stands at `at`, or None when there is none."""
    subscription = _find_subscription(account, at)
    if subscription is None:
        return None
    course = load_course(subscription)
    plan, today = course.plan_at(at), today_of(account, at)
    held = [item for item in course.items if course.has_type(plan, item.pool.licence_type_id)]
    phases = {item.pk: phase for item in held if (phase := _phase_of(course, plan, item, at))}
    items = [_summary_item(account, item, phases.get(item.pk), today) for item in held]
    interval = next((phase.tariff.interval for phase in phases.values()), None)
    ends_at, free = course.ends_at, course.is_trial_at(at)
    return AccountSummary(
        subscription=subscription,
        plan_name=plan.version.plan.name if plan.version else "",
        currency=account.currency,
        interval=interval or Interval(Unit(plan.interval)),
        items=tuple(sorted((item for item in items if item.is_shown), key=_place)),
        free_until=subscription.free_until if free else None,
        is_bought=course.charged_from is not None,
        period=course.period_at(at) if phases else None,
        ends_on=course.last_day_before(ends_at) if ends_at else None,
        preferences=Preferences.objects.filter(account=account).first() or Preferences(account=account),
        method=get_default_method(account),
    )


def _place(item: SummaryItem) -> tuple[int, int, str]:
    kind = item.pool.licence_type
    return [group.value for group in MetricGroup].index(kind.metric_group), kind.metric_order, item.name


def _find_subscription(account: Account, at: datetime) -> Subscription | None:
    held = Subscription.objects.filter(account=account).filter(Q(ended_at__isnull=True) | Q(ended_at__gt=at))
    return held.select_related("account").order_by("started_at").first()


def _phase_of(course: Course, plan: Change, item: SubscriptionItem, at: datetime) -> Phase | None:
    """Return by what an item is charged at `at`; for a trial that is not bought, by what it would be from then on."""
    phases = course.phases_of(item.pool.licence_type_id)
    if phases:
        return phase_at(phases, at)
    offer = course.plan_for(plan, item.pool.licence_type_id)
    return offer.begin(at, course.zone) if offer else None


def _summary_item(account: Account, row: SubscriptionItem, phase: Phase | None, today: date) -> SummaryItem:
    pool, name = row.pool, name_type(account, row.pool.licence_type)
    if phase is None:
        return SummaryItem(row.pk, pool, name, pool.total_licences or 0)
    prepaid = phase.tariff.charge_model is ChargeModel.PREPAID
    number = (pool.total_licences or 0) if prepaid else pool.assigned_licences
    rate = phase.tariff.rate_on(max(today, phase.part_begins_on(phase.schedule.period_of(today))))
    linear = _is_linear(rate)
    counted = 1 if linear else max(number, 1)
    return SummaryItem(
        item_id=row.pk,
        pool=pool,
        name=name,
        number=number,
        unit_amount=Fraction(rate.amount(counted)) / counted,
        amount=rate.amount(number),
        is_average=not linear,
        is_prepaid=prepaid,
    )


def _is_linear(rate: Rate) -> bool:
    """Say whether every licence costs the same."""
    price = rate.price
    plain = not (price.free_quantity or price.minimum_quantity or price.minimum_amount)
    return plain and isinstance(price.scheme, PerUnit) and not any(cut.amount for cut in rate.reductions)
