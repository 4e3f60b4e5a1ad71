"""The jobs that go on with the ends of accounts. Each is safe to run twice, and twice at once."""

from uuid import UUID

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from seatledger.domain.closures.going_on import go_on, note_failure
from seatledger.domain.closures.models import Certificate, Closure
from seatledger.domain.closures.papers.making import store_pdf
from seatledger.domain.closures.queries import list_due_for_operator
from seatledger.domain.events.actions import Actor

log = structlog.get_logger(__name__)


@app.periodic(cron="*/5 * * * *", periodic_id="go_on_with_closures")
@app.task(name="go_on_with_closures", queueing_lock="go_on_with_closures")
def go_on_with_closures(timestamp: int) -> None:
    """Take the steps of closures that are due. One that fails is logged and holds up no other."""
    del timestamp
    for closure in list_due_for_operator(timezone.now()):
        _go_on(closure)


@app.task(name="go_on_with_closure")
def go_on_with_closure(closure_id: str) -> None:
    """Take the steps of one closure that are due, because somebody asked for it."""
    _go_on(Closure.objects.select_related("account").get(pk=UUID(closure_id)))


@app.task(name="make_certificate_pdf", queue="documents")
def make_certificate_pdf(closure_id: str) -> None:
    """Make the PDF of a certificate, unless it is there."""
    store_pdf(Certificate.objects.get(closure_id=UUID(closure_id)))


def _go_on(closure: Closure) -> None:
    now = timezone.now()
    try:
        go_on(closure, at=now, by=Actor.system())
    except Exception:
        log.exception("closure_held_up", closure=str(closure.pk))
        note_failure(closure)
