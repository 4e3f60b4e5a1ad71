"""The job that records what time ends: licences whose last day is past, and access after days of grace."""

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor
from seatledger.domain.licences.actions import note_endings
from seatledger.domain.licences.queries import find_ended_for_operator
from seatledger.faces.jobs.caring import with_care


@app.periodic(cron="1,16,31,46 * * * *", periodic_id="watch_endings")
@app.task(name="watch_endings", queueing_lock="watch_endings")
def watch_endings(timestamp: int) -> None:
    """Record what has ended: every quarter of an hour, for days begin at every quarter somewhere. Safe to run twice."""
    del timestamp
    for account_id in find_ended_for_operator(timezone.now()):
        with_care("ending_not_noted", account_id, note, account_id)


def note(account_id: UUID) -> None:
    account = Account.objects.get(pk=account_id)
    note_endings(account=account, at=timezone.now(), by=Actor.system())
