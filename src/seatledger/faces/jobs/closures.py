"""The job that goes on with the ends of accounts. It is safe to run twice, and twice at once."""

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from seatledger.domain.closures.going_on import go_on
from seatledger.domain.closures.queries import list_due_for_operator
from seatledger.domain.events.actions import Actor

log = structlog.get_logger(__name__)


@app.periodic(cron="*/5 * * * *", periodic_id="go_on_with_closures")
@app.task(name="go_on_with_closures", queueing_lock="go_on_with_closures")
def go_on_with_closures(timestamp: int) -> None:
    """Take the steps of closures that are due. One that fails is logged and holds up no other."""
    del timestamp
    now = timezone.now()
    for closure in list_due_for_operator(now):
        try:
            go_on(closure, at=now, by=Actor.system())
        except Exception:
            log.exception("closure_held_up", closure=str(closure.pk))
