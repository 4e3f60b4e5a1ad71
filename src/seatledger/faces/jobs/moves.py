"""The job that forgets whom a region sent on to another one."""

from django.utils import timezone
from procrastinate.contrib.django import app

from seatledger.domain.moves.actions import forget_old_forwarding


@app.periodic(cron="41 3 * * *", periodic_id="forget_forwarding")
@app.task(name="forget_forwarding", queueing_lock="forget_forwarding")
def forget_forwarding(timestamp: int) -> None:
    """Forget whom we sent on long enough."""
    del timestamp
    forget_old_forwarding(at=timezone.now())
