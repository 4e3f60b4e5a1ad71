"""What an account has recorded already, in the form in which the lines of a history ask for it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.models import Event
from seatledger.domain.licences.fleet import DeviceEdited, DeviceRemoved
from seatledger.domain.licences.models import Cause, Device, EntryKind, LedgerEntry
from seatledger.domain.people.models import User
from seatledger.domain.people.roster import RolesChanged, UserActivated, UserDeactivated, UserDeleted

# A fact is what one line leaves in the record: its kind, its instant, and what it was about.
Fact = tuple[object, ...]

_PEOPLE = (UserActivated, UserDeactivated, UserDeleted)
_RECORDED = (*_PEOPLE, RolesChanged, DeviceEdited, DeviceRemoved)
_BY_HAND = (Cause.MANUAL, Cause.MOVE, Cause.SYNC)


@dataclass(slots=True)
class Life:
    """From when to when a user had an e-mail address, or a device its name."""

    id: UUID
    began_at: datetime
    ended_at: datetime | None
    ended_here: bool = False

    def covers(self, at: datetime) -> bool:
        return self.began_at <= at and (self.ended_at is None or at <= self.ended_at) and not self.ended_here


@dataclass
class Record:
    """The facts of an account, and who had which address or name when."""

    latest_at: datetime | None
    facts: Counter[Fact] = field(default_factory=Counter)
    users: dict[str, list[Life]] = field(default_factory=dict)
    devices: dict[tuple[UUID, str], list[Life]] = field(default_factory=dict)

    def knows(self, *facts: Fact) -> bool:
        """Tell whether all of these facts are recorded, and count each of them once."""
        if any(not self.facts[fact] for fact in facts):
            return False
        self.facts.subtract(facts)
        return True


def load_record(account: Account, *, since: datetime) -> Record:
    """Return what an account has recorded from `since` on, and everyone and everything it ever had."""
    record = Record(_latest(account))
    record.facts.update(_facts_of_events(account, since))
    record.facts.update(_facts_of_ledger(account, since))
    for user in User.objects.filter(account=account).order_by("added_at", "deleted_at"):
        record.users.setdefault(user.email, []).append(Life(user.pk, user.added_at, user.deleted_at))
    for device in Device.objects.filter(account=account).order_by("added_at", "removed_at"):
        lives = record.devices.setdefault((device.licence_type_id, device.name.lower()), [])
        lives.append(Life(device.pk, device.added_at, device.removed_at))
    return record


def _latest(account: Account) -> datetime | None:
    """Return the newest instant of what a history tells about: an earlier line would come too late."""
    kinds = [happening.kind() for happening in _RECORDED]
    rows = Event.objects.filter(account=account, kind__in=kinds).order_by("-at", "-sequence")
    entries = LedgerEntry.objects.filter(account=account).order_by("-at", "-sequence")
    newest = [row for row in (rows.values_list("at").first(), entries.values_list("at").first()) if row]
    return max(newest)[0] if newest else None


def _facts_of_events(account: Account, since: datetime) -> Iterator[Fact]:
    kinds = [happening.kind() for happening in _RECORDED]
    rows = Event.objects.filter(account=account, at__gte=since, kind__in=kinds).order_by()
    for kind, at, payload in rows.values_list("kind", "at", "payload").iterator(chunk_size=5_000):
        if kind == RolesChanged.kind():
            yield roles_changed(at, UUID(payload["user_id"]), payload["given"], payload["taken"])
        elif kind == DeviceEdited.kind():
            yield device_edited(at, UUID(payload["device_id"]), payload["user_id"])
        elif kind == DeviceRemoved.kind():
            yield (kind, at, UUID(payload["device_id"]))
        else:
            yield (kind, at, UUID(payload["user_id"]))


def roles_changed(at: datetime, user_id: UUID, given: Iterable[object], taken: Iterable[object]) -> Fact:
    return (RolesChanged.kind(), at, user_id, frozenset(map(str, given)), frozenset(map(str, taken)))


def device_edited(at: datetime, device_id: UUID, user_id: object) -> Fact:
    return (DeviceEdited.kind(), at, device_id, str(user_id) if user_id else "")


def _facts_of_ledger(account: Account, since: datetime) -> Iterator[Fact]:
    rows = LedgerEntry.objects.filter(account=account, at__gte=since, cause__in=_BY_HAND).order_by()
    for kind, cause, at, pool_id, user_id, after in rows.values_list(
        "kind", "cause", "at", "pool_id", "user_id", "after"
    ).iterator(chunk_size=5_000):
        if kind in (EntryKind.ASSIGNED, EntryKind.RELEASED):
            yield seat_changed(kind, cause, at, pool_id, user_id)
        else:
            yield pool_changed(kind, at, pool_id, after)


def seat_changed(kind: str, cause: str, at: datetime, pool_id: UUID, user_id: UUID | None) -> Fact:
    return (str(kind), str(cause), at, pool_id, user_id)


def pool_changed(kind: str, at: datetime, pool_id: UUID, after: str) -> Fact:
    return (str(kind), at, pool_id, after)
