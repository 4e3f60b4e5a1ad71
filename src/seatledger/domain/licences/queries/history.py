"""The licence history: the ledger, newest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.models import ActorKind
from seatledger.domain.licences.models import Device, EntryKind, LedgerEntry, Pool
from seatledger.domain.licences.queries.names import brand_words_of, branded
from seatledger.domain.people.models import User
from seatledger.domain.people.queries import names_of_users
from seatledger.shared.text import clean_search


@dataclass(frozen=True)
class HistoryFilter:
    """Which ledger entries a list shows; days are of the account's zone, both included."""

    pool_id: UUID | None = None
    kinds: tuple[EntryKind, ...] = ()
    first_on: date | None = None
    last_on: date | None = None
    holder_id: UUID | None = None
    holder_ids: tuple[UUID, ...] | None = None


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
    if wanted.holder_ids is not None:
        rows = rows.filter(Q(user_id__in=wanted.holder_ids) | Q(device_id__in=wanted.holder_ids))
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


def find_holders_named(account: Account, words: str, *, limit: int = 100) -> tuple[UUID, ...]:
    """Return users, deleted ones included, and devices whose name or address contains every word."""
    people, devices = User.objects.filter(account=account), Device.objects.filter(account=account)
    for word in clean_search(words).split():
        people = people.filter(
            Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(email__icontains=word)
        )
        devices = devices.filter(name__icontains=word)
    return (
        *people.order_by("id").values_list("pk", flat=True)[:limit],
        *devices.order_by("id").values_list("pk", flat=True)[:limit],
    )


@dataclass(frozen=True)
class HistoryRow:
    """A ledger entry with the names a reader needs."""

    entry: LedgerEntry
    actor: str
    licence: str
    holder: str
    by_activation: bool = False


def name_history(account: Account, entries: Sequence[LedgerEntry]) -> list[HistoryRow]:
    """Return the entries with the names of who acted, which licence, and who held it, in four queries at most."""
    actors = {entry.actor_id for entry in entries if entry.actor_kind == ActorKind.USER}
    people = names_of_users(account, {i for i in {*actors, *(e.user_id for e in entries)} if i})
    devices = names_of_devices(account, [entry.device_id for entry in entries if entry.device_id])
    pools, words = _pools_of(account, entries), brand_words_of(account)
    return [
        HistoryRow(
            entry=entry,
            actor=_actor_name(entry, people),
            licence=branded(entry.licence_name, pools[entry.pool_id].licence_type.product.brand_words, words),
            holder=_holder_name(entry, people, devices),
            by_activation=pools[entry.pool_id].counts_active_users,
        )
        for entry in entries
    ]


def names_of_devices(account: Account, device_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return device names by id, removed devices included."""
    return dict(Device.objects.filter(account=account, pk__in=set(device_ids)).values_list("pk", "name"))


def _pools_of(account: Account, entries: Iterable[LedgerEntry]) -> dict[UUID, Pool]:
    pools = Pool.objects.filter(account=account, pk__in={entry.pool_id for entry in entries})
    return {pool.pk: pool for pool in pools.select_related("licence_type__product")}


def _actor_name(entry: LedgerEntry, people: dict[UUID, str]) -> str:
    if entry.actor_kind == ActorKind.USER and entry.actor_id:
        return people.get(entry.actor_id, "A former user")
    if entry.actor_kind == ActorKind.SYNC:
        return f"{entry.actor_label} sync"
    return entry.actor_label or ActorKind(entry.actor_kind).label


def _holder_name(entry: LedgerEntry, people: dict[UUID, str], devices: dict[UUID, str]) -> str:
    if entry.user_id:
        return people.get(entry.user_id, "A former user")
    return devices.get(entry.device_id, "A former device") if entry.device_id else ""
