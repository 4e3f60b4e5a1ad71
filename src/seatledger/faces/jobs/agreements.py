"""The job that does what was agreed, once it counts. It is safe to run twice, and twice at once."""

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from seatledger.domain.events.actions import Actor
from seatledger.domain.subscriptions.actions import apply_due_changes
from seatledger.domain.subscriptions.queries import accounts_with_changes_due_for_operator

log = structlog.get_logger(__name__)


@app.periodic(cron="*/5 * * * *", periodic_id="apply_changes")
@app.task(name="apply_changes", queueing_lock="apply_changes")
def apply_changes(timestamp: int) -> None:
    """Apply the changes of subscriptions that count by now. One that cannot be is logged and holds up no other."""
    del timestamp
    now = timezone.now()
    for account in accounts_with_changes_due_for_operator(now):
        try:
            apply_due_changes(account=account, at=now, by=Actor.system())
        except Exception:
            log.exception("changes_not_applied", account=str(account.pk))
