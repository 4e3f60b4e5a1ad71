"""A receiver that is dead, comes back, or stays away; and a worker of ours that is killed."""

import os
import signal
import time
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from delivery import forget_the_jobs, jobs_named
from hooks import given_endpoint, make_due, send_all
from receiving import receiver
from seatledger.domain.events.models import Event
from seatledger.domain.notifications.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from seatledger.domain.notifications.webhooks import actions, schedule
from seatledger.domain.notifications.webhooks.sending import Answer
from seatledger.domain.notifications.webhooks.working_off import (
    give_up_old_deliveries,
    note_answer,
    take_delivery,
)
from seatledger.faces.jobs.webhooks import send_one, start_due_webhooks
from support import AT, STAFF, given_account, refreshed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def inbox(transactional_db):
    forget_the_jobs()
    with receiver() as ours:
        yield ours


def given_waiting(url: str, number: int) -> WebhookEndpoint:
    endpoint, _ = given_endpoint(given_account("Northwind"), url)
    for _ in range(number):
        actions.send_test(endpoint=endpoint, at=timezone.now(), by=STAFF)
    return endpoint


def fail(endpoint: WebhookEndpoint, at, answer: Answer | None = None) -> WebhookDelivery:
    """Try what is due at an instant, in vain; returns it as it is then."""
    taken = take_delivery(endpoint_id=endpoint.pk, at=at)
    assert taken is not None
    note_answer(taken=taken, answer=answer or Answer(5, 500), at=at)
    return refreshed(taken.delivery)


def test_what_waits_for_a_dead_receiver_is_held_back_and_follows_in_order_once_it_is_back(inbox):
    endpoint = given_waiting(inbox.url, 30)
    inbox.status = 503
    start_due_webhooks.func(timestamp=0)
    send_all()
    assert len(inbox.received) == schedule.HOLDS_BACK_AFTER  # and not thirty
    waiting = WebhookDelivery.objects.filter(next_at__isnull=False)
    assert (waiting.count(), waiting.filter(tries=0).count()) == (30, 27)
    start_due_webhooks.func(timestamp=0)
    send_all()
    assert len(inbox.received) == schedule.HOLDS_BACK_AFTER  # it is not time yet
    make_due(endpoint)
    inbox.status, inbox.received[:] = 204, []
    start_due_webhooks.func(timestamp=0)
    send_all()
    assert waiting.count() == 0
    assert refreshed(endpoint).state == "active"
    sequences = [each.said["data"]["sequence"] for each in inbox.received]
    assert sorted(sequences) == list(range(1, 31))


def test_while_it_is_dead_one_is_tried_at_a_time_and_another_after_a_while(inbox):
    endpoint = given_waiting(inbox.url, 6)
    now = timezone.now()
    for _ in range(schedule.HOLDS_BACK_AFTER):
        fail(endpoint, now)
    assert take_delivery(endpoint_id=endpoint.pk, at=now) is None
    probed = []
    for _ in range(8):
        now = refreshed(endpoint).probe_at
        taken = take_delivery(endpoint_id=endpoint.pk, at=now)
        assert taken is not None
        assert take_delivery(endpoint_id=endpoint.pk, at=now) is None
        again = note_answer(taken=taken, answer=Answer(5, 500), at=now)
        assert again is not None
        assert timedelta(0) < again - now <= schedule.PROBE_AFTER[-1] * 1.2
        probed.append(taken.delivery.pk)
    assert len(set(probed)) > 1, "a message the receiver cannot take does not hold up the others"


def test_a_delivery_waits_longer_each_time_and_is_given_up_after_three_days(inbox):
    endpoint = given_waiting(inbox.url, 1)
    now = timezone.now()
    pauses = []
    for step in schedule.TRY_AGAIN:
        delivery = fail(endpoint, now)
        WebhookEndpoint.objects.filter(pk=endpoint.pk).update(failures=0, failing_since=None, probe_at=None)
        assert delivery.next_at is not None
        assert step <= delivery.next_at - now <= step * 1.2
        pauses.append(delivery.next_at - now)
        now = delivery.next_at
    assert pauses == sorted(pauses)
    assert give_up_old_deliveries(at=delivery.asked_at + schedule.TRIED_FOR - timedelta(seconds=1)) == 0
    assert give_up_old_deliveries(at=delivery.asked_at + schedule.TRIED_FOR) == 1
    assert refreshed(delivery).state == "given_up"
    actions.redeliver(delivery=delivery, at=now, by=STAFF)
    assert (refreshed(delivery).state, refreshed(delivery).tries) == ("waiting", 0)


def test_a_receiver_that_asks_for_time_gets_it_up_to_an_hour(inbox):
    endpoint = given_waiting(inbox.url, 2)
    now = timezone.now()
    assert fail(endpoint, now, Answer(5, 429, retry_after_s=600)).next_at == now + timedelta(minutes=10)
    assert fail(endpoint, now, Answer(5, 503, retry_after_s=90_000)).next_at == now + timedelta(hours=1)


@pytest.mark.parametrize(
    ("status", "after", "because"), [(410, timedelta(0), "gone"), (500, schedule.DISABLED_AFTER, "failing")]
)
def test_an_endpoint_is_switched_off_when_it_is_gone_or_away_for_three_days(inbox, status, after, because):
    endpoint = given_waiting(inbox.url, 2)
    now = timezone.now()
    if after:
        fail(endpoint, now)
        WebhookDelivery.objects.update(next_at=now + after)
    fail(endpoint, now + after, Answer(5, status))
    assert (refreshed(endpoint).state, refreshed(endpoint).disabled_because) == ("disabled", because)
    event = Event.objects.get(account=endpoint.account, kind="webhook_endpoint_disabled")
    assert event.payload == {"endpoint_id": str(endpoint.pk), "because": because}
    assert take_delivery(endpoint_id=endpoint.pk, at=now + after) is None
    actions.enable_endpoint(endpoint=endpoint, at=now + after, by=STAFF)
    assert take_delivery(endpoint_id=endpoint.pk, at=now + after) is not None


def test_a_worker_killed_in_the_middle_sends_again_under_the_same_id(inbox):
    """It may be sent twice: the receiver had it, and nobody was left to note that."""
    endpoint = given_waiting(inbox.url, 1)
    inbox.behave = lambda _handler: time.sleep(30)
    connections.close_all()
    worker = os.fork()
    if not worker:
        try:
            taken = take_delivery(endpoint_id=endpoint.pk, at=timezone.now())
            assert taken is not None
            send_one(taken)
        finally:
            os._exit(1)
    deadline = time.monotonic() + 300
    while not inbox.received and time.monotonic() < deadline:
        time.sleep(0.05)
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)
    assert WebhookAttempt.objects.count() == 0
    assert take_delivery(endpoint_id=endpoint.pk, at=timezone.now()) is None  # somebody may still be at it
    WebhookDelivery.objects.update(claimed_at=AT)  # a minute goes by
    inbox.behave = None
    start_due_webhooks.func(timestamp=0)
    send_all()
    first, second = inbox.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert WebhookDelivery.objects.get().state == "delivered"


def test_a_dead_endpoint_is_one_job_however_much_waits(inbox):
    given_waiting(inbox.url, 20)
    inbox.status = 500
    for _ in range(3):
        start_due_webhooks.func(timestamp=0)
        send_all()
    todo = [job for job in jobs_named("send_webhooks") if job.status == "todo"]
    assert len(todo) <= schedule.HOLDS_BACK_AFTER
