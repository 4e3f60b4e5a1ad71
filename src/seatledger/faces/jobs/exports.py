"""The jobs that make archives, and let them go. Each is safe to run twice, and twice at once."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from seatledger.domain.events.actions import Actor
from seatledger.domain.exports import actions
from seatledger.domain.exports.actions import JOB, QUEUE
from seatledger.domain.exports.queries import list_unfinished_for_operator
from seatledger.faces.jobs.messages import TRY_AGAIN
from seatledger.shared.boundary import bind_account


@app.task(name=JOB, queue=QUEUE, retry=TRY_AGAIN)
def make_export(export_id: str, account_id: str) -> None:
    """Take one step of an archive after the other until it is whole."""
    while _take_step(UUID(export_id), UUID(account_id)):
        pass


@app.periodic(cron="*/5 * * * *", periodic_id="go_on_with_exports")
@app.task(name="go_on_with_exports", queueing_lock="go_on_with_exports", retry=TRY_AGAIN)
def go_on_with_exports(timestamp: int) -> None:
    """Go on with archives whose job was lost, and let those go that were kept long enough."""
    del timestamp
    actions.forget_exports(at=timezone.now(), by=Actor.system())
    for export_id, account_id in list_unfinished_for_operator():
        job = make_export.configure(queueing_lock=f"{JOB}:{export_id}")
        try:
            with transaction.atomic():
                job.defer(export_id=str(export_id), account_id=str(account_id))
        except AlreadyEnqueued:
            continue


def _take_step(export_id: UUID, account_id: UUID) -> bool:
    """Take a step behind the account's own wall: a forgotten filter would put nothing of a neighbour's into its archive."""
    with transaction.atomic():
        bind_account(account_id)
        return actions.take_step(export_id=export_id, at=timezone.now(), by=Actor.system())
