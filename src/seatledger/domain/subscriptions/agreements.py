"""What was agreed, as the engine reads it: each item's tariffs over time, built from the rows of its subscription."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from seatledger.domain.accounts.models import Account, Brand
from seatledger.domain.catalogue.models import LicenceType, Price
from seatledger.domain.catalogue.tariffs import plan_of
from seatledger.domain.licences.queries import branded
from seatledger.domain.subscriptions.models import Change, ChangeKind, TakesEffect
from seatledger.domain.subscriptions.timelines import End, PlanStep, phases_over
from seatledger.engine.days import day_of, start_of_day
from seatledger.engine.items import Phase
from seatledger.engine.phases import step_start
from seatledger.engine.plans import Plan
from seatledger.shared.arrays import uuid_array
from seatledger.shared.instants import read_instants_quickly


class Known(NamedTuple):
    """An item's tariffs over time, as they were known from an instant on.

    `at_once` says that what came to be known then takes effect without waiting for a period's end.
    """

    since: datetime
    phases: tuple[Phase, ...]
    at_once: bool


class AgreedItem(NamedTuple):
    """One pool that a subscription charges for: its tariffs over time, as they came to be known.

    Its own id and the pool's are texts, as they are read and written by the thousand.
    `counts_from` says from when a ledger entry counts for billing, by the entry's sequence, where a change that was
    to count from an instant (a renewal's midnight, a day's beginning) was written some time after it.
    """

    item_id: str
    pool_id: str
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
    """What decides how the items of a subscription are charged, beside its changes."""

    free_until: date | None
    time_zone: str
    currency: str


class _Course(NamedTuple):
    """How an item is charged over time, and from when each change counts for it, in the order of the changes."""

    known: tuple[Known, ...]
    counts_from: tuple[datetime, ...]


@dataclass(slots=True)
class _Subscribed:
    """A subscription: its changes, and by licence type the courses of all those whose terms and changes say the same."""

    account_id: UUID
    terms: _Terms
    changes: list[ChangeRow] = field(default_factory=list)
    courses: dict[str, _Course] = field(default_factory=dict)
    has_entries: bool = False

    def course_of(self, kind_id: str, tariffs: "Tariffs") -> _Course:
        course = self.courses.get(kind_id)
        if course is None:
            course = self.courses[kind_id] = _course_of(UUID(kind_id), self.terms, self.changes, tariffs)
        return course


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
            phases = phases_over(steps, zone, charged_from=charged_from, ends=ends)
            found = self.phases[key] = tuple(_one_of(phase) for phase in phases)
        return found


# Looked up by the thousand, and what is the same object needs no comparison.
@lru_cache(maxsize=4096)
def _one_of(phase: Phase) -> Phase:
    """Return the one that stands for all phases that are equal to it, whenever they were read."""
    return phase


# Each row's subscription and account by their keys: a join would read all there are, or most of them.
_CHANGES = """
SELECT change.subscription_id::text, change.account_id, subscription.free_until, account.time_zone, account.currency,
       change.kind, change.asked_at, change.takes_effect, change.effective_at, change.version_id, change.interval,
       change.keeps_anchor, change.agreed_prices, change.entry_sequences
FROM subscriptions_change change
CROSS JOIN LATERAL (
  SELECT free_until FROM subscriptions_subscription WHERE id = change.subscription_id LIMIT 1
) subscription
CROSS JOIN LATERAL (SELECT time_zone, currency FROM accounts_account WHERE id = change.account_id LIMIT 1) account
WHERE change.account_id = ANY(%s::uuid[])
ORDER BY change.effective_at, change.asked_at, change.number
"""
# In the order in which they are shown on documents. The accounts are said of both, so neither is read beyond them.
_ITEMS = """
SELECT item.id::text, item.pool_id::text, item.subscription_id::text, kind.id::text
FROM subscriptions_subscriptionitem item
JOIN licences_pool pool ON pool.id = item.pool_id
JOIN catalogue_licencetype kind ON kind.id = pool.licence_type_id
WHERE item.account_id = ANY(%(accounts)s::uuid[]) AND pool.account_id = ANY(%(accounts)s::uuid[])
ORDER BY item.account_id, item.started_at, kind.metric_order, kind.key
"""


def load_agreed_items(account_ids: Collection[UUID]) -> dict[UUID, tuple[AgreedItem, ...]]:
    """Return what is charged for, by account, in four statements whatever the number of accounts.

    A fifth one asks for the accounts' own words, where names of licences are made of such.
    """
    subscribed = _load_subscribed(account_ids)
    with connection.cursor() as cursor:
        cursor.execute(_ITEMS, {"accounts": uuid_array(account_ids)})
        rows = cursor.fetchall()
    versions = {change.version_id for each in subscribed.values() for change in each.changes}
    tariffs = Tariffs.load(
        [pk for pk in versions if pk], [UUID(kind_id) for kind_id in {row[3] for row in rows}]
    )
    kinds = {str(pk): kind for pk, kind in tariffs.kinds.items()}
    words = _load_words(account_ids) if any("{" in kind.name for kind in kinds.values()) else {}
    found: defaultdict[UUID, list[AgreedItem]] = defaultdict(list)
    of_subscription = {key: found[own.account_id] for key, own in subscribed.items()}
    for item_id, pool_id, subscription_id, kind_id in rows:
        own = subscribed.get(subscription_id)
        if own is None:
            continue
        course = own.course_of(kind_id, tariffs)
        if course.known:
            name = _name_of(kinds[kind_id], own, words)
            counts_from = _counts_from(own.changes, course) if own.has_entries else {}
            item = AgreedItem(item_id, pool_id, own.account_id, name, course.known, counts_from)
            of_subscription[subscription_id].append(item)
    return {account_id: tuple(items) for account_id, items in found.items() if items}


def _load_subscribed(account_ids: Collection[UUID]) -> dict[str, _Subscribed]:
    """Return the subscriptions with their changes. Many were given the same at the same time: worked out once."""
    found: dict[str, _Subscribed] = {}
    with connection.cursor() as cursor:
        read_instants_quickly(cursor)
        cursor.execute(_CHANGES, [uuid_array(account_ids)])
        for subscription_id, account_id, *row in cursor.fetchall():
            *said, prices, entry_sequences = row
            if subscription_id not in found:
                found[subscription_id] = _Subscribed(account_id, _Terms(*said[:3]))
            change = ChangeRow._make([*said[3:], json.loads(prices), entry_sequences])
            found[subscription_id].changes.append(change)
            found[subscription_id].has_entries |= bool(entry_sequences)
    courses: defaultdict[tuple[object, ...], dict[str, _Course]] = defaultdict(dict)
    for each in found.values():
        each.courses = courses[(each.terms, *map(_said_by, each.changes))]
    return found


def _name_of(kind: LicenceType, own: _Subscribed, words: Mapping[UUID, dict[str, str]]) -> str:
    if "{" not in kind.name:
        return kind.name
    return branded(kind.name, kind.product.brand_words, words.get(own.account_id, {}))


def _counts_from(changes: Sequence[ChangeRow], course: _Course) -> dict[int, datetime]:
    return {
        sequence: at
        for change, at in zip(changes, course.counts_from, strict=True)
        for sequence in change.entry_sequences
    }


def _load_words(account_ids: Collection[UUID]) -> dict[UUID, dict[str, str]]:
    """Return the words of each account's brand: its provider's, or its own where it has none above it."""
    brands = Account.objects.filter(pk__in=account_ids).values_list("pk", "provider_id")
    found = dict(
        Brand.objects.values_list("account", "words").filter(account__in={p or pk for pk, p in brands})
    )
    return {pk: found.get(provider_id or pk, {}) for pk, provider_id in brands}


def _said_by(change: ChangeRow) -> tuple[object, ...]:
    """Return all that a change says but its entries, as something that can be looked up."""
    agreed = json.dumps(change.agreed_prices, sort_keys=True) if change.agreed_prices else ""
    *said, _, _ = change
    return (*said, agreed)


def _course_of(kind_id: UUID, terms: _Terms, changes: Sequence[ChangeRow], tariffs: Tariffs) -> _Course:
    zone = ZoneInfo(terms.time_zone)
    steps = [
        _step(change, tariffs.plan_for(change, kind_id, terms.currency), zone)
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
