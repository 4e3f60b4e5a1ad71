"""Write what time gives reason to tell: reminders, and how full pools have become."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from seatledger.domain.events.actions import Actor
from seatledger.domain.notifications.actions.writing import store
from seatledger.domain.notifications.models import Message, MessageKind, PoolMark, Topic
from seatledger.domain.notifications.queries.fullness import Crossing
from seatledger.domain.notifications.queries.reminders import Reminder
from seatledger.domain.notifications.telling.readers import tell_readers


def write_reminder(*, reminder: Reminder, at: datetime) -> list[Message]:
    """Write one reminder to whom it is told; returns its messages that are still to be sent. Twice changes nothing."""
    told = tell_readers(reminder.account_id, Topic.RENEWALS, reminder.kind, about=reminder.about)
    store(told, account_id=reminder.account_id, cause=reminder.cause, at=at)
    return _to_send(reminder.cause)


@transaction.atomic
def note_crossing(*, crossing: Crossing, at: datetime, by: Actor) -> list[Message]:
    """Note the level of use that a pool has come to, and tell of it when it is a higher one.

    Of two at once the second finds the level noted, and tells nobody.
    """
    del by
    PoolMark.objects.get_or_create(pool_id=crossing.pool_id, defaults={"account_id": crossing.account_id})
    rises = crossing.level > crossing.told
    noted = PoolMark.objects.filter(pool_id=crossing.pool_id, level=crossing.told)
    if not noted.update(level=crossing.level, crossings=F("crossings") + int(rises)) or not rises:
        return []
    crossings = PoolMark.objects.values_list("crossings", flat=True).get(pool_id=crossing.pool_id)
    cause = f"full:{crossing.pool_id}:{crossings}"
    about = {"pool_id": str(crossing.pool_id), "level": str(crossing.level)}
    kind = MessageKind.LICENCES_RUNNING_OUT
    told = tell_readers(crossing.account_id, Topic.LICENCES, kind, about=about)
    store(told, account_id=crossing.account_id, cause=cause, at=at)
    return _to_send(cause)


def _to_send(cause: str) -> list[Message]:
    return list(Message.objects.filter(cause=cause, sent_at__isnull=True, given_up_at__isnull=True))
