"""The jobs that tell what time brings: reminders, and licences that run out. Each is safe to run twice, and twice at once."""

import structlog
from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from seatledger.domain.events.actions import Actor
from seatledger.domain.notifications.actions import note_crossing, write_reminder
from seatledger.domain.notifications.queries import (
    find_crossings_for_operator,
    find_due_reminders_for_operator,
)
from seatledger.faces.jobs.messages import queue_to_send

MOST_AT_ONCE = 1_000

log = structlog.get_logger(__name__)


@app.periodic(cron="11 * * * *", periodic_id="write_reminders")
@app.task(name="write_reminders", queueing_lock="write_reminders")
def write_reminders(timestamp: int) -> None:
    """Write the reminders that are due. Every hour, because it is morning somewhere; one that fails holds up no other."""
    del timestamp
    now = timezone.now()
    due = find_due_reminders_for_operator(
        at=now, days=settings.SEATLEDGER_REMINDER_DAYS, trial_days=settings.SEATLEDGER_TRIAL_REMINDER_DAYS
    )
    for reminder in due:
        try:
            messages = write_reminder(reminder=reminder, at=now)
        except Exception:
            log.exception("reminder_not_written", cause=reminder.cause)
            continue
        for message in messages:
            queue_to_send(message.pk)


@app.periodic(cron="*/5 * * * *", periodic_id="watch_licences")
@app.task(name="watch_licences", queueing_lock="watch_licences")
def watch_licences(timestamp: int) -> None:
    """Tell of pools that have reached a level of use. Looked at now and then, so that an import tells once."""
    del timestamp
    now = timezone.now()
    for crossing in find_crossings_for_operator(at=now, limit=MOST_AT_ONCE):
        for message in note_crossing(crossing=crossing, at=now, by=Actor.system()):
            queue_to_send(message.pk)
