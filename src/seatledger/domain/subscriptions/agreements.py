"""What was agreed, as the engine reads it: each item's tariffs over time, built from the rows of its subscription."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.models import LicenceType, Price
from seatledger.domain.catalogue.tariffs import plan_of
from seatledger.domain.licences.queries import branded
from seatledger.domain.subscriptions.models import Change, ChangeKind, SubscriptionItem, TakesEffect
from seatledger.domain.subscriptions.timelines import End, PlanStep, phases_over
from seatledger.engine.days import day_of, start_of_day
from seatledger.engine.items import Phase
from seatledger.engine.phases import step_start
from seatledger.engine.plans import Plan


class Known(NamedTuple):
    """An item's tariffs over time, as they were known from an instant on.

    `at_once` says that what came to be known then takes effect without waiting for a period's end.
    """

    since: datetime
    phases: tuple[Phase, ...]
    at_once: bool


@dataclass(frozen=True, slots=True)
class AgreedItem:
    """One pool that a subscription charges for: its tariffs over time, as they came to be known.

    `counts_from` says from when a ledger entry counts for billing, by the entry's sequence, where a change that was
    to count from an instant (a renewal's midnight, a day's beginning) was written some time after it.
    """

    item_id: UUID
    pool_id: UUID
    account_id: UUID
    licence_name: str
    known: tuple[Known, ...]
    counts_from: Mapping[int, datetime]

    @property
    def phases(self) -> tuple[Phase, ...]:
        """The tariffs over time, as they are known now."""
        return self.known[-1].phases if self.known else ()


class ChangeRow(NamedTuple):
    """A change, as far as it matters to what is charged."""

    kind: str
    asked_at: datetime
    takes_effect: str
    effective_at: datetime
    version_id: UUID | None
    interval: str
    keeps_anchor: bool
    agreed_prices: dict[str, Any]
    entry_sequences: list[int]


# A page or an action has the rows of one subscription; the billing run has those of a thousand.
AnyChange = ChangeRow | Change


class _Terms(NamedTuple):
    """What decides how an item is charged, beside the changes of its subscription."""

    licence_type_id: UUID
    free_until: date | None
    time_zone: str
    currency: str


class _ItemRow(NamedTuple):
    id: UUID
    pool_id: UUID
    account_id: UUID
    subscription_id: UUID
    terms: _Terms


class _Course(NamedTuple):
    """How an item is charged over time, and from when each change counts for it, in the order of the changes."""

    known: tuple[Known, ...]
    counts_from: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class _Subscribed:
    """The changes of a subscription, with the courses of items of all those whose changes say the same."""

    changes: Sequence[ChangeRow]
    courses: dict[_Terms, _Course]


@dataclass
class Tariffs:
    """The catalogue's prices as plans of the engine, each worked out once."""

    kinds: Mapping[UUID, LicenceType]
    prices: Mapping[tuple[UUID | None, UUID, str, str], Price]
    known: dict[tuple[UUID, str], Plan] = field(default_factory=dict)
    # Many accounts began on the same day with the same plan. A plan is known by its identity: it is kept in `known`.
    phases: dict[tuple[object, ...], tuple[Phase, ...]] = field(default_factory=dict)

    @classmethod
    def load(cls, version_ids: Collection[UUID], kind_ids: Collection[UUID]) -> "Tariffs":
        """Read what these plan versions cost, whatever the currency and interval, in two statements."""
        kinds = LicenceType.objects.filter(pk__in=set(kind_ids)).select_related("product")
        prices = Price.objects.filter(item__version__in=set(version_ids)).select_related(
            "item__version__plan"
        )
        return cls(
            {kind.pk: kind for kind in kinds},
            {
                (price.item.version_id, price.item.licence_type_id, price.currency, price.interval): price
                for price in prices
            },
        )

    def plan_for(self, change: AnyChange, kind_id: UUID, currency: str) -> Plan | None:
        """Return what a change of plan charges for a licence type; None where it is not charged for."""
        price = self.prices.get((change.version_id, kind_id, currency, change.interval))
        if price is None:
            return None
        kind = self.kinds[kind_id]
        agreed = change.agreed_prices.get(kind.key)
        key = price.pk, json.dumps(agreed, sort_keys=True) if agreed else ""
        if key not in self.known:
            self.known[key] = plan_of(price, kind, agreed=agreed)
        return self.known[key]

    def phases_of(
        self,
        steps: Sequence[PlanStep],
        zone: ZoneInfo,
        *,
        charged_from: datetime | None,
        ends: Sequence[End],
    ) -> tuple[Phase, ...]:
        """Return what `phases_over` does, worked out once for all items that went the same way."""
        way = tuple((step.effective_at, id(step.plan), step.keeps_anchor) for step in steps)
        key = (zone.key, charged_from, way, *ends)
        found = self.phases.get(key)
        if found is None:
            found = self.phases[key] = phases_over(steps, zone, charged_from=charged_from, ends=ends)
        return found


def load_agreed_items(account_ids: Collection[UUID]) -> dict[UUID, tuple[AgreedItem, ...]]:
    """Return what is charged for, by account, in four statements whatever the number of accounts.

    A fifth one asks for the accounts' own words, where names of licences are made of such.
    """
    changes = _load_changes(account_ids)
    rows = _load_items(account_ids)
    versions = {row.version_id for of_one in changes.values() for row in of_one if row.version_id}
    tariffs = Tariffs.load(versions, {row.terms.licence_type_id for row in rows})
    words = _load_words(account_ids) if any("{" in kind.name for kind in tariffs.kinds.values()) else {}
    subscribed = _share_courses({row.subscription_id: changes[row.subscription_id] for row in rows})
    found: defaultdict[UUID, list[AgreedItem]] = defaultdict(list)
    for row in rows:
        item = _agreed_item(row, subscribed[row.subscription_id], tariffs, words.get(row.account_id, {}))
        if item.known:
            found[row.account_id].append(item)
    return {account_id: tuple(items) for account_id, items in found.items()}


def _load_changes(account_ids: Collection[UUID]) -> defaultdict[UUID, list[ChangeRow]]:
    found: defaultdict[UUID, list[ChangeRow]] = defaultdict(list)
    rows = Change.objects.filter(account__in=account_ids).order_by("effective_at", "asked_at", "id")
    for subscription_id, *row in rows.values_list("subscription_id", *ChangeRow._fields):
        found[subscription_id].append(ChangeRow(*row))
    return found


def _load_items(account_ids: Collection[UUID]) -> list[_ItemRow]:
    # In the order in which they are shown on documents.
    rows = SubscriptionItem.objects.filter(account__in=account_ids).order_by(
        "account_id", "started_at", "pool__licence_type__metric_order", "pool__licence_type__key"
    )
    return [
        _ItemRow(*row[:4], _Terms(*row[4:]))
        for row in rows.values_list(
            "id",
            "pool_id",
            "account_id",
            "subscription_id",
            "pool__licence_type_id",
            "subscription__free_until",
            "account__time_zone",
            "account__currency",
        )
    ]


def _load_words(account_ids: Collection[UUID]) -> dict[UUID, dict[str, str]]:
    """Return the words of each account's brand: its provider's, or its own where it has none above it."""
    rows = Account.objects.filter(pk__in=account_ids).values_list(
        "pk", "brand_words", "provider__brand_words"
    )
    return {pk: own if providers is None else providers for pk, own, providers in rows}


def _share_courses(changes: Mapping[UUID, Sequence[ChangeRow]]) -> dict[UUID, _Subscribed]:
    """Return the changes by subscription. Many accounts were given the same at the same time: worked out once."""
    courses: defaultdict[tuple[object, ...], dict[_Terms, _Course]] = defaultdict(dict)
    return {
        subscription_id: _Subscribed(of_one, courses[tuple([_said_by(change) for change in of_one])])
        for subscription_id, of_one in changes.items()
    }


def _said_by(change: ChangeRow) -> tuple[object, ...]:
    """Return all that a change says but its entries, as something that can be looked up."""
    agreed = json.dumps(change.agreed_prices, sort_keys=True) if change.agreed_prices else ""
    *said, _, _ = change
    return (*said, agreed)


def _agreed_item(
    row: _ItemRow, subscribed: _Subscribed, tariffs: Tariffs, words: Mapping[str, str]
) -> AgreedItem:
    kind = tariffs.kinds[row.terms.licence_type_id]
    course = subscribed.courses.get(row.terms)
    if course is None:
        course = subscribed.courses[row.terms] = _course_of(row.terms, subscribed.changes, tariffs)
    return AgreedItem(
        item_id=row.id,
        pool_id=row.pool_id,
        account_id=row.account_id,
        licence_name=branded(kind.name, kind.product.brand_words, dict(words))
        if "{" in kind.name
        else kind.name,
        known=course.known,
        counts_from={
            sequence: at
            for change, at in zip(subscribed.changes, course.counts_from, strict=True)
            for sequence in change.entry_sequences
        },
    )


def _course_of(terms: _Terms, changes: Sequence[ChangeRow], tariffs: Tariffs) -> _Course:
    zone = ZoneInfo(terms.time_zone)
    steps = [
        _step(change, tariffs.plan_for(change, terms.licence_type_id, terms.currency), zone)
        if change.kind == ChangeKind.PLAN
        else None
        for change in changes
    ]
    counts_from = [
        step.effective_at if step else change.effective_at
        for change, step in zip(changes, steps, strict=True)
    ]
    return _Course(_as_it_became_known(terms, changes, steps, tariffs), tuple(counts_from))


def _step(change: ChangeRow, plan: Plan | None, zone: ZoneInfo) -> PlanStep:
    """Return a change of plan from the instant on from which it counts for an item: a day's first one, if days count."""
    at = change.effective_at
    return PlanStep(at if plan is None else step_start(at, zone, plan), plan, change.keeps_anchor)


def _as_it_became_known(
    terms: _Terms, changes: Sequence[ChangeRow], steps: Sequence[PlanStep | None], tariffs: Tariffs
) -> tuple[Known, ...]:
    """Return the item's tariffs as each change that was asked for left them, from the first that charged anything."""
    zone = ZoneInfo(terms.time_zone)
    known: list[Known] = []
    for asked_at in sorted({change.asked_at for change in changes if change.kind != ChangeKind.QUANTITY}):
        asked = [change for change in changes if change.asked_at <= asked_at]
        plans = [
            step for change, step in zip(changes, steps, strict=True) if step and change.asked_at <= asked_at
        ]
        began = min(step.effective_at for step in plans)
        phases = tariffs.phases_of(
            plans,
            zone,
            charged_from=charged_from(asked, zone, started_at=began, free_until=terms.free_until),
            ends=ends_of(asked),
        )
        at_once = any(
            change.asked_at == asked_at and change.takes_effect == TakesEffect.AT_ONCE for change in asked
        )
        if phases or known:
            known.append(Known(asked_at, phases, at_once))
    return tuple(known)


def charged_from(
    changes: Iterable[AnyChange], zone: ZoneInfo, *, started_at: datetime, free_until: date | None
) -> datetime | None:
    """Return the instant before which nothing is charged; None while a trial is not to become paid."""
    if free_until is None:
        return started_at
    paying = [change.effective_at for change in changes if change.kind == ChangeKind.PAYING]
    return start_of_day(day_of(min(paying), zone), zone) if paying else None


def ends_of(changes: Iterable[AnyChange]) -> list[End]:
    """Return the ends that were agreed; the earliest decides."""
    return [
        End(change.effective_at, at_once=change.takes_effect == TakesEffect.AT_ONCE)
        for change in changes
        if change.kind == ChangeKind.END
    ]
