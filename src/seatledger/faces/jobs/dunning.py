"""The jobs that ask for what was not paid, and tell of cards that expire. Each is safe to run twice, and at once."""

from django.utils import timezone
from procrastinate.contrib.django import app

from seatledger.domain.events.actions import Actor
from seatledger.domain.invoices.models import Document
from seatledger.domain.payments.actions import asking
from seatledger.domain.payments.models import Dunning, PaymentMethod
from seatledger.domain.payments.queries.dunning import (
    list_dunnings_due_for_operator,
    list_expiring_cards_for_operator,
    list_overdue_for_operator,
)
from seatledger.faces.jobs.caring import with_care
from seatledger.faces.jobs.messages import TRY_AGAIN


@app.periodic(cron="*/5 * * * *", periodic_id="step_dunnings")
@app.task(name="step_dunnings", queue="payments", queueing_lock="step_dunnings", retry=TRY_AGAIN)
def step_dunnings(timestamp: int) -> None:
    """Begin to ask for what is overdue, do the steps that are due, and stop asking for what is settled."""
    del timestamp
    for invoice in list_overdue_for_operator(timezone.now()):
        with_care("overdue_not_begun", invoice.pk, begin, invoice)
    for dunning in list_dunnings_due_for_operator(timezone.now()):
        with_care("dunning_not_stepped", dunning.pk, step, dunning)


@app.periodic(cron="41 5 * * *", periodic_id="tell_expiring_cards")
@app.task(name="tell_expiring_cards", queue="payments", queueing_lock="tell_expiring_cards", retry=TRY_AGAIN)
def tell_expiring_cards(timestamp: int) -> None:
    """Tell of the cards that are good for 30 or for 7 more days."""
    del timestamp
    for method in list_expiring_cards_for_operator(timezone.now()):
        with_care("expiry_not_told", method.pk, tell, method)


def begin(invoice: Document) -> None:
    asking.begin_overdue(invoice=invoice, at=timezone.now(), by=Actor.system())


def step(dunning: Dunning) -> None:
    asking.step_dunning(dunning=dunning, at=timezone.now(), by=Actor.system())


def tell(method: PaymentMethod) -> None:
    asking.tell_expiring(method=method, at=timezone.now(), by=Actor.system())
