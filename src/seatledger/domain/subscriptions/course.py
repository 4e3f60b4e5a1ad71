"""One subscription with its changes and its items: what is in force on a day, and until when."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from seatledger.domain.catalogue.models import PlanItem
from seatledger.domain.licences.models import Terms
from seatledger.domain.subscriptions.agreements import Tariffs, charged_from, ends_of
from seatledger.domain.subscriptions.holding import Footing
from seatledger.domain.subscriptions.models import Change, ChangeKind, Subscription, SubscriptionItem
from seatledger.domain.subscriptions.timelines import PlanStep, phases_over
from seatledger.engine.days import day_of, start_of_day
from seatledger.engine.items import Phase
from seatledger.engine.periods import Interval, Period, Unit
from seatledger.engine.phases import phase_at
from seatledger.engine.plans import Plan
from seatledger.engine.prices import Flat, Price
from seatledger.engine.tariffs import Tariff

_KINDS: Final = (ChangeKind.PLAN, ChangeKind.QUANTITY, ChangeKind.PAYING, ChangeKind.END)


@dataclass(frozen=True)
class Course:
    """A subscription as an action or a page looks at it. `changes` are in the order in which they count."""

    subscription: Subscription
    changes: tuple[Change, ...]
    items: tuple[SubscriptionItem, ...]
    plan_items: dict[UUID, tuple[PlanItem, ...]]
    tariffs: Tariffs

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.subscription.account.time_zone)

    @cached_property
    def plans(self) -> tuple[Change, ...]:
        """The changes of plan; the first one is the plan that it began with."""
        return tuple(change for change in self.changes if change.kind == ChangeKind.PLAN)

    def plan_at(self, at: datetime) -> Change:
        """Return the change of plan in force at `at`, applied or not."""
        return [change for change in self.plans if change.effective_at <= at or change is self.plans[0]][-1]

    @property
    def charged_from(self) -> datetime | None:
        """The instant before which nothing is charged; None while a trial is not to become paid."""
        subscription = self.subscription
        return charged_from(
            self.changes, self.zone, started_at=subscription.started_at, free_until=subscription.free_until
        )

    @property
    def trial_ends_at(self) -> datetime | None:
        """The first instant after the days of trial."""
        free_until = self.subscription.free_until
        return start_of_day(free_until, self.zone) if free_until else None

    def is_trial_at(self, at: datetime) -> bool:
        """Say whether the pools are held on trial at `at`: not paid yet, whether or not the trial is over."""
        paid_from = self.charged_from
        return paid_from is None or at < paid_from

    @property
    def ends_at(self) -> datetime | None:
        """The instant from which the subscription is over, or None while no end is known."""
        ends = [end.effective_at for end in ends_of(self.changes)]
        if self.charged_from is None and self.trial_ends_at:
            ends.append(self.trial_ends_at)
        return min(ends, default=None)

    def period_at(self, at: datetime) -> Period:
        """Return the period that `at` lies in: the trial, or the one that is charged."""
        began = self.subscription.started_at
        if self.is_trial_at(at) and self.subscription.free_until:
            return Period(day_of(began, self.zone), self.subscription.free_until)
        phase = phase_at(self._leading_phases, at)
        return phase.schedule.period_of(day_of(max(at, phase.starts_at), self.zone))

    def period_ends_at(self, at: datetime) -> datetime:
        """Return the first instant after the period that `at` lies in."""
        return self.period_at(at).instants(self.zone)[1]

    def phases_of(self, kind_id: UUID) -> tuple[Phase, ...]:
        """Return what is charged for a licence type, over time."""
        steps = [self._step(change, self.plan_for(change, kind_id)) for change in self.plans]
        return phases_over(steps, self.zone, charged_from=self.charged_from, ends=ends_of(self.changes))

    def plan_for(self, change: Change, kind_id: UUID) -> Plan | None:
        """Return what a change of plan charges for a licence type; None where it is not charged for."""
        return self.tariffs.plan_for(change, kind_id, self.subscription.account.currency)

    def has_type(self, change: Change, kind_id: UUID) -> bool:
        """Say whether the plan of a change of plan has a licence type."""
        return any(item.licence_type_id == kind_id for item in self.items_of(change))

    def is_charged(self, change: Change) -> bool:
        """Say whether anything of the plan of a change of plan is charged for."""
        return any(self.plan_for(change, item.licence_type_id) for item in self.items_of(change))

    def valid_until(self, kind_id: UUID, at: datetime) -> datetime | None:
        """Return the first instant from which there are no licences of a type any more, as seen at `at`, or None."""
        until = None
        for change in self.plans:
            if until is not None and change.effective_at > at:
                break  # it comes back then, and is opened again when that is applied
            if self.has_type(change, kind_id):
                until = None
            elif until is None:
                until = change.effective_at
        ends = [instant for instant in (until, self.ends_at) if instant is not None]
        return min(ends, default=None)

    def footing_of(self, kind_id: UUID, at: datetime) -> Footing:
        """Return on what terms the licences of a type are held at `at`, and until which day."""
        until = self.valid_until(kind_id, at)
        last_day = None if until is None else self.last_day_before(until)
        return Footing(Terms.TRIAL if self.is_trial_at(at) else Terms.PAID, last_day)

    def last_day_before(self, instant: datetime) -> date:
        """Return the last day that something lasts which is over at `instant`; a day that has begun counts."""
        return day_of(instant - timedelta(microseconds=1), self.zone)

    @cached_property
    def _leading_phases(self) -> tuple[Phase, ...]:
        """Whose periods are the subscription's: those of the first licence type of each plan that is charged for."""
        steps = [self._step(change, self._leading_plan(change)) for change in self.plans]
        return phases_over(steps, self.zone, charged_from=self.charged_from)

    def _leading_plan(self, change: Change) -> Plan:
        plans = (self.plan_for(change, item.licence_type_id) for item in self.items_of(change))
        leading = next((plan for plan in plans if plan), None)
        return leading or _free_of_charge(change.interval, self.subscription.account.currency)

    def items_of(self, change: Change) -> tuple[PlanItem, ...]:
        """Return what the plan of a change of plan holds."""
        return self.plan_items[change.version_id] if change.version_id else ()

    @staticmethod
    def _step(change: Change, plan: Plan | None) -> PlanStep:
        return PlanStep(change.effective_at, plan, change.keeps_anchor)


def load_course(subscription: Subscription) -> Course:
    """Read a subscription's changes, items and prices, in five statements."""
    account = subscription.account
    changes = Change.objects.filter(account=account, subscription=subscription).select_related(
        "version__plan", "item__pool__licence_type"
    )
    items = SubscriptionItem.objects.filter(account=account, subscription=subscription).select_related(
        "pool__licence_type__product"
    )
    ordered = tuple(sorted(changes, key=_order_of))
    versions = {change.version_id for change in ordered if change.version_id}
    plan_items: dict[UUID, list[PlanItem]] = {version: [] for version in versions}
    rows = PlanItem.objects.filter(version__in=versions).select_related("licence_type")
    for row in rows.order_by("licence_type__metric_order", "licence_type__key"):
        plan_items[row.version_id].append(row)
    return Course(
        subscription=subscription,
        changes=ordered,
        items=tuple(items.order_by("pool__licence_type__metric_order", "pool__licence_type__key")),
        plan_items={version: tuple(found) for version, found in plan_items.items()},
        tariffs=Tariffs.load(
            versions, {row.licence_type_id for found in plan_items.values() for row in found}
        ),
    )


def _order_of(change: Change) -> tuple[datetime, datetime, int, int]:
    """Return the order in which changes count. Of those asked for at once for one instant the plan comes first, then by number."""
    kind = _KINDS.index(ChangeKind(change.kind))
    return change.effective_at, change.asked_at, kind, change.number


def _free_of_charge(interval: str, currency: str) -> Plan:
    return Plan(Tariff("free", currency, Price(Flat(0)), Interval(Unit(interval))))
