"""Write what happened, and queue its delivery in the same transaction."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from procrastinate import App
from procrastinate.contrib.django.django_connector import DjangoConnector

from seatledger.domain.events.chains import append_rows, say_nothing
from seatledger.domain.events.models import ActorKind, Event
from seatledger.domain.events.relays import Relay

if TYPE_CHECKING:
    from procrastinate.types import JSONValue

    from seatledger.domain.accounts.models import Account


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something. `label` names a team, a provider or a system, never a person."""

    kind: ActorKind
    id: UUID | None = None
    label: str = ""

    @classmethod
    def admin_team(cls, staff_id: UUID | None = None) -> "Actor":
        """Return the vendor's staff as customers see them."""
        return cls(ActorKind.STAFF, staff_id, "Admin Team")

    @classmethod
    def system(cls) -> "Actor":
        return cls(ActorKind.SYSTEM, None, "Seatledger")

    @classmethod
    def user(cls, user_id: UUID) -> "Actor":
        return cls(ActorKind.USER, user_id)

    @classmethod
    def sync(cls, source: str) -> "Actor":
        """Return an outside system that sends lists, for example `pbx`."""
        return cls(ActorKind.SYNC, None, source.upper())


@dataclass(frozen=True)
class Happening:
    """What an event says. Subclasses are named in the past tense and hold ids and facts, no personal data."""

    @classmethod
    @cache
    def kind(cls) -> str:
        """Return the stored name: `LicenceAssigned` becomes `licence_assigned`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


_FIELDS = ("account", "kind", "at", "payload", "actor_kind", "actor_id", "actor_label")
_PAYLOADS = DjangoJSONEncoder()
_subscribed: set[str] = set()
_relays: list[Relay] = []
# A queue of our own on Django's connection: within a worker the usual one has another connection, which would queue
# a delivery before the transaction that causes it is committed, and even when it never is.
_queue = App(connector=DjangoConnector())


def deliver(*happenings: type[Happening]) -> None:
    """Have every later event of these kinds queue a `deliver_event` job. Called while the process starts."""
    _subscribed.update(happening.kind() for happening in happenings)


def relay(relayed: Relay) -> None:
    """Have every later event that fits queued for a job, many to one job. Called while the process starts."""
    _relays.append(relayed)


def record(what: Happening, *, account: "Account", at: datetime, by: Actor) -> None:
    """Write one event to the account's chain and queue its delivery."""
    record_all([(what, at)], account=account, by=by)


def record_all(
    changes: Sequence[tuple[Happening, datetime]],
    *,
    account: "Account",
    by: Actor,
    on_written: Callable[[int], None] = say_nothing,
) -> None:
    """Write many events in their order, and queue their deliveries. `on_written` hears of them as they are written."""
    record_across([(account.pk, *change) for change in changes], by=by, on_written=on_written)


# A part of the change it tells of: without a savepoint, for it is undone with that change or not at all.
@transaction.atomic(savepoint=False)
def record_across(
    changes: Sequence[tuple[UUID, Happening, datetime]],
    *,
    by: Actor,
    on_written: Callable[[int], None] = say_nothing,
) -> None:
    """Write events of many accounts, each with its account's id first; of one account in their order."""
    kinds = [what.kind() for _, what, _ in changes]
    rows = [
        (account_id, kind, at, _payload_of(what), by.kind.value, by.id, by.label)
        for kind, (account_id, what, at) in zip(kinds, changes, strict=True)
    ]
    ids = append_rows(Event, _FIELDS, rows, on_written=on_written)
    waiting: list[dict[str, JSONValue]] = [
        {"event_id": event_id} for event_id, kind in zip(ids, kinds, strict=True) if kind in _subscribed
    ]
    if waiting:
        _queue.configure_task("deliver_event", queue="delivery").batch_defer(*waiting)
    written = [
        (change[0], kind, event_id) for change, kind, event_id in zip(changes, kinds, ids, strict=True)
    ]
    for each in _relays:
        for batch in each.batches_of(written):
            _queue.configure_task(each.job, queue=each.queue).defer(event_ids=[*batch])


def queue_job(task: str, *, queue: str, **arguments: "JSONValue") -> None:
    """Queue a job in this transaction: it is there when what it is about is, and not otherwise."""
    _queue.configure_task(task, queue=queue).defer(**arguments)


def _payload_of(what: Happening) -> str:
    # Name by name, because a billing run writes thousands that hold an id and a word; the encoder takes twice as long.
    said = [f'"{name}": {_said(value)}' for name, value in vars(what).items()]
    return f"{{{', '.join(said)}}}"


def _said(value: object) -> str:
    return f'"{value}"' if type(value) is UUID else _PAYLOADS.encode(value)
