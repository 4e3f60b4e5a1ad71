"""The job that does what was agreed, once it counts."""

import pytest

from seatledger.domain.events.models import Event
from seatledger.domain.subscriptions.actions import cancel_subscription
from seatledger.domain.subscriptions.models import Change
from seatledger.faces.jobs.agreements import apply_changes
from selling import given_subscription
from support import AT, STAFF, given_account

pytestmark = pytest.mark.django_db


def test_a_job_does_what_has_come_to_count():
    due = given_subscription(given_account("Northwind"))
    cancel_subscription(subscription=due, at=AT, by=STAFF)
    given_subscription(given_account("Contoso"))
    for _ in range(2):
        apply_changes(timestamp=0)
    [end] = Change.objects.filter(kind="end")
    assert end.applied_at is not None
    assert Event.objects.filter(kind="change_applied", payload__what="end").count() == 1
