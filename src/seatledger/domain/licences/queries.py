"""Questions about what an account holds, now and at any past instant.

Counts come from one place each: *held* and *bought* now are the pool's counters, which the actions keep and `seatledger verify` proves;
at another instant they are the sums of the ledger up to it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Lower

from seatledger.domain.accounts.models import Account, AccountType
from seatledger.domain.catalogue.models import MetricGroup
from seatledger.domain.licences.models import (
    Assignment,
    Device,
    EntryKind,
    LedgerEntry,
    Pool,
    RoleLicence,
    Terms,
)
from seatledger.shared.errors import NotFound
from seatledger.shared.text import clean_search


def today_of(account: Account, at: datetime) -> date:
    """Return the day on which `at` falls in the account's zone."""
    return at.astimezone(ZoneInfo(account.time_zone)).date()


# Pools


def list_pools(account: Account) -> list[Pool]:
    """Return the account's pools with their licence types, in the order of the licence metrics."""
    rows = list(Pool.objects.filter(account=account).select_related("licence_type", "licence_type__product"))
    groups = [group.value for group in MetricGroup]
    return sorted(
        rows,
        key=lambda pool: (
            groups.index(pool.licence_type.metric_group),
            pool.licence_type.metric_order,
            pool.licence_type.name,
        ),
    )


def get_pool(account: Account, pool_id: UUID) -> Pool:
    """Return the account's pool. Raises NotFound for another account's, as for none."""
    try:
        return Pool.objects.select_related("account", "licence_type", "licence_type__product").get(
            account=account, pk=pool_id
        )
    except Pool.DoesNotExist:
        raise NotFound("pool of licences") from None


def count_active_users(account: Account) -> int:
    """Return how many users are active: what is held of the pool that every active user holds."""
    counted = Pool.objects.filter(account=account, counts_active_users=True)
    return counted.values_list("assigned_licences", flat=True).first() or 0


def get_account_type(account: Account, at: datetime) -> AccountType:
    """Return Trial, Active or Expired: Active while a paid pool is valid, else Trial while a trial pool is."""
    valid = Pool.objects.filter(account=account).exclude(expires_on__lt=today_of(account, at))
    terms = set(valid.values_list("terms", flat=True))
    if Terms.PAID in terms:
        return AccountType.ACTIVE
    return AccountType.TRIAL if Terms.TRIAL in terms else AccountType.EXPIRED


# Metrics


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


def brand_words_of(account: Account) -> dict[str, str]:
    """Return the provider's own words for product names, which win over the product's."""
    branded = account.provider if account.provider_id and account.provider else account
    return {str(key): str(value) for key, value in branded.brand_words.items()}


def branded(name: str, product_words: dict[str, str], own_words: dict[str, str]) -> str:
    """Return a name with its brand words in place: `{UcClient} Desktop` becomes `Converse Desktop`."""
    for word, text in {**product_words, **own_words}.items():
        name = name.replace("{" + word + "}", text)
    return name


def get_licence_metrics(account: Account) -> list[MetricsGroup]:
    """Return what the account consumes now, in the four groups in their order; empty groups are left out."""
    pools = [pool for pool in list_pools(account) if pool.licence_type.metric_group]
    kinds = count_device_kinds(account, pools)
    words = brand_words_of(account)
    metrics: dict[MetricGroup, list[Metric]] = {}
    for pool in pools:
        kind = pool.licence_type
        metric = Metric(
            pool=pool,
            name=branded(kind.name, kind.product.brand_words, words),
            used=pool.assigned_licences,
            maximum=pool.total_licences,
            kinds=kinds.get(pool.pk, ()),
        )
        metrics.setdefault(MetricGroup(kind.metric_group), []).append(metric)
    return [MetricsGroup(group, tuple(metrics[group])) for group in MetricGroup if group in metrics]


def count_device_kinds(account: Account, pools: Iterable[Pool]) -> dict[UUID, tuple[tuple[str, int], ...]]:
    """Return, for pools whose devices take their kind from their user's licence, how many there are of each."""
    result = {}
    for pool in pools:
        by_key: dict[str, str] = pool.licence_type.kinds_by_licence
        if not by_key:
            continue
        names = sorted(set(by_key.values()))
        counts = dict.fromkeys([*names, ""], 0)
        for _, kind in list_device_kinds(account, pool):
            counts[kind] += 1
        result[pool.pk] = tuple(
            (name or "No user assigned", count) for name, count in counts.items() if name or count
        )
    return result


def list_device_kinds(account: Account, pool: Pool) -> list[tuple[UUID, str]]:
    """Return each device of the pool with the kind that its user's licence makes it ("" without one)."""
    by_key: dict[str, str] = pool.licence_type.kinds_by_licence
    devices = Device.objects.filter(
        account=account, licence_type=pool.licence_type_id, removed_at__isnull=True
    )
    users = dict(devices.values_list("pk", "user_id"))
    held = Assignment.objects.filter(
        account=account,
        released_at__isnull=True,
        user_id__in={user for user in users.values() if user},
        pool__licence_type__key__in=by_key,
    ).values_list("user_id", "pool__licence_type__key")
    kind_of_user = {user: by_key[key] for user, key in held}
    return [(device, kind_of_user.get(user, "")) for device, user in users.items()]


# Any past instant


@dataclass(frozen=True)
class PoolSnapshot:
    """A pool's two numbers at one instant. `bought` is what was entitled, `held` what was assigned."""

    pool_id: UUID
    bought: int
    held: int


def get_snapshot(account: Account, at: datetime) -> dict[UUID, PoolSnapshot]:
    """Return what each pool of the account was at `at`, from the ledger alone."""
    sums = (
        LedgerEntry.objects.filter(account=account, at__lte=at)
        .order_by()
        .values("pool_id")
        .annotate(bought=Sum("bought_change"), held=Sum("held_change"))
    )
    return {row["pool_id"]: PoolSnapshot(row["pool_id"], row["bought"], row["held"]) for row in sums}


@dataclass(frozen=True)
class Step:
    """The two numbers of a pool from `at` on."""

    at: datetime
    bought: int
    held: int


def list_steps(account: Account, pool: Pool, *, start: datetime, end: datetime) -> list[Step]:
    """Return the pool's step functions over [start, end): the values at `start`, then one step per instant."""
    entries = LedgerEntry.objects.filter(account=account, pool=pool)
    before = entries.filter(at__lte=start).aggregate(bought=Sum("bought_change"), held=Sum("held_change"))
    steps = [Step(start, before["bought"] or 0, before["held"] or 0)]
    changes = (
        entries.filter(at__gt=start, at__lt=end)
        .order_by("at")
        .values("at")
        .annotate(bought=Sum("bought_change"), held=Sum("held_change"))
    )
    for change in changes:
        last = steps[-1]
        steps.append(Step(change["at"], last.bought + change["bought"], last.held + change["held"]))
    return steps


# History


@dataclass(frozen=True)
class HistoryFilter:
    """Which ledger entries a list shows; days are of the account's zone, both included."""

    pool_id: UUID | None = None
    kinds: tuple[EntryKind, ...] = ()
    first_on: date | None = None
    last_on: date | None = None
    holder_id: UUID | None = None


HistoryKey = tuple[datetime, int]


def entries_matching(account: Account, wanted: HistoryFilter) -> QuerySet[LedgerEntry]:
    """Return the account's ledger entries that a filter lets through, newest first."""
    rows = LedgerEntry.objects.filter(account=account)
    zone = ZoneInfo(account.time_zone)
    if wanted.pool_id:
        rows = rows.filter(pool_id=wanted.pool_id)
    if wanted.kinds:
        rows = rows.filter(kind__in=wanted.kinds)
    if wanted.first_on:
        rows = rows.filter(at__gte=datetime.combine(wanted.first_on, time.min, tzinfo=zone))
    if wanted.last_on and wanted.last_on < date.max:
        rows = rows.filter(at__lt=datetime.combine(wanted.last_on + timedelta(days=1), time.min, tzinfo=zone))
    if wanted.holder_id:
        rows = rows.filter(Q(user_id=wanted.holder_id) | Q(device_id=wanted.holder_id))
    return rows.order_by("-at", "-sequence")


def list_history(
    account: Account, wanted: HistoryFilter, *, before: HistoryKey | None = None, limit: int = 50
) -> list[LedgerEntry]:
    """Return ledger entries newest first, beginning below the key `before` (at, sequence)."""
    rows = entries_matching(account, wanted)
    if before:
        at, sequence = before
        rows = rows.filter(at__lte=at).filter(Q(at__lt=at) | Q(sequence__lt=sequence))
    return list(rows[:limit])


# Who holds what


def list_holders(
    account: Account, pool: Pool, *, after: tuple[str, UUID] | None = None, limit: int = 50
) -> list[Assignment]:
    """Return who holds a licence of the pool now: by last name, or by device name."""
    rows = Assignment.objects.filter(account=account, pool=pool, released_at__isnull=True)
    rows = rows.select_related("user", "device").annotate(
        holder_name=Lower("device__name")
        if pool.licence_type.held_by == "device"
        else Lower("user__last_name")
    )
    if after:
        rows = rows.filter(Q(holder_name__gt=after[0]) | Q(holder_name=after[0], id__gt=after[1]))
    return list(rows.order_by("holder_name", "id")[:limit])


def get_assignment(account: Account, assignment_id: UUID) -> Assignment:
    """Return a licence in use. Raises NotFound for another account's and for released ones."""
    try:
        return Assignment.objects.select_related("account", "pool__licence_type", "user").get(
            account=account, pk=assignment_id, released_at__isnull=True
        )
    except Assignment.DoesNotExist:
        raise NotFound("licence in use") from None


def list_licences_of(account: Account, user_id: UUID) -> list[Assignment]:
    """Return the licences a user holds now, in the order of the licence metrics."""
    rows = Assignment.objects.filter(account=account, user_id=user_id, released_at__isnull=True)
    return list(
        rows.select_related("pool__licence_type__product").order_by("pool__licence_type__metric_order", "id")
    )


def licence_types_given_by(account: Account) -> dict[UUID, set[UUID]]:
    """Return, for each role of the account that gives licences, the licence types it gives."""
    gives: dict[UUID, set[UUID]] = {}
    for role_id, type_id in RoleLicence.objects.filter(account=account).values_list(
        "role_id", "licence_type_id"
    ):
        gives.setdefault(role_id, set()).add(type_id)
    return gives


# Devices


def get_device(account: Account, device_id: UUID) -> Device:
    """Return the account's device. Raises NotFound for another account's and for removed ones."""
    try:
        return Device.objects.select_related("account", "licence_type", "user").get(
            account=account, pk=device_id, removed_at__isnull=True
        )
    except Device.DoesNotExist:
        raise NotFound("device") from None


def list_devices(
    account: Account,
    *,
    search: str = "",
    licence_type_id: UUID | None = None,
    after: tuple[str, UUID] | None = None,
    limit: int = 50,
) -> list[Device]:
    """Return the account's devices by name, beginning behind the key `after` (name in lower case, id)."""
    rows = Device.objects.filter(account=account, removed_at__isnull=True).select_related(
        "licence_type", "user"
    )
    if search := clean_search(search):
        rows = rows.filter(name__icontains=search)
    if licence_type_id:
        rows = rows.filter(licence_type_id=licence_type_id)
    rows = rows.annotate(name_lower=Lower("name"))
    if after:
        rows = rows.filter(Q(name_lower__gt=after[0]) | Q(name_lower=after[0], id__gt=after[1]))
    return list(rows.order_by("name_lower", "id")[:limit])
