"""The job that reckons the figures of the business. It is safe to run twice, and twice at once."""

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from seatledger.domain.figures.runs import reckon_figures as reckon

log = structlog.get_logger(__name__)


@app.periodic(cron="41 2 * * *", periodic_id="reckon_figures")
@app.task(name="reckon_figures", queueing_lock="reckon_figures")
def reckon_figures(timestamp: int) -> None:
    """Close the months that are over, and work out the running one and what is to come, every night."""
    del timestamp
    done = reckon(at=timezone.now())
    log.info("figures_reckoned", months=len(done.months), accounts=done.accounts)
