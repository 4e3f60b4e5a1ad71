"""The licence metrics: what an account consumes, in four groups."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery

from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.models import MetricGroup
from seatledger.domain.licences.models import Assignment, Device, Pool
from seatledger.domain.licences.queries.names import name_pools
from seatledger.domain.licences.queries.pools import list_pools
from seatledger.domain.licences.queries.snapshots import get_snapshot


@dataclass(frozen=True)
class Metric:
    """One line of the licence metrics. `used` and `maximum` are licences; `kinds` splits `used` for devices."""

    pool: Pool
    name: str
    used: int
    maximum: int | None
    kinds: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class MetricsGroup:
    group: MetricGroup
    metrics: tuple[Metric, ...]


def get_licence_metrics(account: Account, *, at: datetime | None = None) -> list[MetricsGroup]:
    """Return what the account consumes, in the four groups in their order; empty groups are left out.

    Without `at` these are the figures of now, which the pools keep. With it they are worked out from the ledger:
    pools that did not exist yet are left out, and devices are not split into kinds, for those follow from licences
    of today.
    """
    pools = [pool for pool in list_pools(account) if pool.licence_type.metric_group]
    figures = _now(pools) if at is None else _then(account, pools, at)
    kinds = count_device_kinds(account, pools) if at is None else {}
    names = name_pools(account, pools)
    metrics: dict[MetricGroup, list[Metric]] = {}
    for pool in pools:
        if pool.pk not in figures:
            continue
        used, maximum = figures[pool.pk]
        metric = Metric(pool, names[pool.pk], used, maximum, kinds.get(pool.pk, ()))
        metrics.setdefault(MetricGroup(pool.licence_type.metric_group), []).append(metric)
    return [MetricsGroup(group, tuple(metrics[group])) for group in MetricGroup if group in metrics]


def _now(pools: Iterable[Pool]) -> dict[UUID, tuple[int, int | None]]:
    return {pool.pk: (pool.assigned_licences, pool.total_licences) for pool in pools}


def _then(account: Account, pools: Iterable[Pool], at: datetime) -> dict[UUID, tuple[int, int | None]]:
    limited = {pool.pk for pool in pools if pool.total_licences is not None}
    snapshot = get_snapshot(account, at)
    return {
        pool_id: (was.held, was.bought if pool_id in limited else None) for pool_id, was in snapshot.items()
    }


def count_device_kinds(account: Account, pools: Iterable[Pool]) -> dict[UUID, tuple[tuple[str, int], ...]]:
    """Return, for pools whose devices take their kind from their user's licence, how many there are of each.

    The database counts, in one query for each such pool.
    """
    pools = list(pools)
    result = {}
    for pool in pools:
        kinds = _kinds_by_pool(pool, pools)
        if not kinds:
            continue
        counts = dict.fromkeys([*sorted(set(pool.licence_type.kinds_by_licence.values())), ""], 0)
        decided = _devices(account, pool).annotate(decided_by=_deciding_pool(account, kinds))
        rows = decided.order_by().values_list("decided_by").annotate(devices=Count("pk"))
        for decided_by, devices in rows:
            counts[kinds.get(decided_by, "")] += devices
        result[pool.pk] = tuple(
            (name or "without a kind", count) for name, count in counts.items() if name or count
        )
    return result


def list_device_kinds(account: Account, pool: Pool) -> list[tuple[UUID, str]]:
    """Return each device of the pool with the kind that its user's licence makes it ("" without one)."""
    kinds = _kinds_by_pool(pool, list_pools(account))
    decided = _devices(account, pool).annotate(decided_by=_deciding_pool(account, kinds))
    rows = decided.values_list("pk", "decided_by")
    return [(device_id, kinds.get(decided_by, "")) for device_id, decided_by in rows]


def _kinds_by_pool(pool: Pool, pools: Iterable[Pool]) -> dict[UUID | None, str]:
    """Return which kind a device of `pool` is when its user holds a licence of another of the pools."""
    by_key: dict[str, str] = pool.licence_type.kinds_by_licence
    return {other.pk: by_key[other.licence_type.key] for other in pools if other.licence_type.key in by_key}


def _devices(account: Account, pool: Pool) -> QuerySet[Device]:
    return Device.objects.filter(account=account, licence_type=pool.licence_type_id, removed_at__isnull=True)


def _deciding_pool(account: Account, kinds: Iterable[UUID | None]) -> Subquery:
    """Return, for a device, the pool of the licence that its user holds and that decides its kind."""
    held = Assignment.objects.filter(
        account=account, user=OuterRef("user"), pool__in=list(kinds), released_at__isnull=True
    )
    return Subquery(held.order_by("pool").values("pool")[:1])
