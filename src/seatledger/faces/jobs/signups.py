"""The job that tidies up after sign-ups. It is safe to run twice, and twice at once."""

from django.utils import timezone
from procrastinate.contrib.django import app

from seatledger.domain.events.actions import Actor
from seatledger.domain.notifications import actions
from seatledger.faces.jobs.messages import TRY_AGAIN


@app.periodic(cron="17 * * * *", periodic_id="tidy_signups")
@app.task(name="tidy_signups", queueing_lock="tidy_signups", retry=TRY_AGAIN)
def tidy_signups(timestamp: int) -> None:
    """Forget who never followed the link, and give the letters of accounts that were opened to them."""
    del timestamp
    actions.tidy_signups(at=timezone.now(), by=Actor.system())
