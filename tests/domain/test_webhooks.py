"""Programs are told what happens: with a real receiver, the real worker, and signatures checked as a receiver does."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from delivery import forget_the_jobs, jobs_named
from hooks import given_endpoint, make_due, send_all
from receiving import Receiver, receiver
from seatledger.domain.events.models import Event
from seatledger.domain.licences.actions import assign_licence
from seatledger.domain.notifications.models import (
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookSecret,
)
from seatledger.domain.notifications.webhooks import actions, schedule
from seatledger.domain.notifications.webhooks.sending import Answer
from seatledger.domain.notifications.webhooks.spreading import write_deliveries
from seatledger.domain.notifications.webhooks.working_off import note_answer, take_delivery
from seatledger.domain.people.actions import create_role
from seatledger.faces.jobs.webhooks import send_one
from support import AT, LATER, STAFF, bound_to, given_account, given_pool, given_user, refreshed, run_together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def inbox(transactional_db):
    forget_the_jobs()
    with receiver() as ours:
        yield ours


def given_roles(account, number: int, first: int = 1) -> None:
    for index in range(first, first + number):
        create_role(account=account, name=f"Role {index}", description="", permissions=[], at=LATER, by=STAFF)


def types_received(inbox: Receiver) -> list[str]:
    return [each.said["type"] for each in inbox.received]


def test_an_endpoint_is_told_what_happens_and_can_check_who_says_so(inbox):
    account = given_account("Northwind")
    pool, user = given_pool(account), given_user(account)
    endpoint, secret = given_endpoint(account, inbox.url)
    assignment = assign_licence(pool=pool, user=user, at=LATER, by=STAFF)
    send_all()
    [received] = inbox.received
    event = Event.objects.get(account=account, kind="licence_assigned", at=LATER)
    assert received.verified_by(secret) == {
        "type": "licence.assigned",
        "timestamp": "2026-03-02T10:00:00.000Z",
        "data": {
            "account_id": str(account.pk),
            "serial_number": account.serial_number,
            "object": "pool",
            "object_id": str(pool.pk),
            "sequence": event.sequence,
            "actor": {"kind": "staff", "id": None},
            "facts": {"pool_id": str(pool.pk), "assignment_id": str(assignment.pk)},
        },
    }
    delivery = WebhookDelivery.objects.get(endpoint=endpoint)
    assert received.headers["webhook-id"] == f"msg_{delivery.pk.hex}"
    assert received.headers["content-type"] == "application/json"
    assert delivery.state == "delivered"
    [attempt] = WebhookAttempt.objects.all()
    assert (attempt.status, attempt.answer, attempt.problem) == (204, "", "")


def test_a_replay_of_long_ago_and_a_forgery_are_refused_by_a_receiver(inbox):
    account = given_account("Northwind")
    endpoint, secret = given_endpoint(account, inbox.url)
    delivery = actions.send_test(endpoint=endpoint, at=timezone.now(), by=STAFF)
    taken = take_delivery(endpoint_id=endpoint.pk, at=timezone.now())
    assert taken is not None
    send_one(taken)
    [received] = inbox.received
    assert received.verified_by(secret)["type"] == "webhook.test"
    old = timezone.now() - timedelta(minutes=6)
    signature = Webhook(secret).sign(f"msg_{delivery.pk.hex}", old, delivery.body)
    replayed = received.headers | {
        "webhook-timestamp": str(int(old.timestamp())),
        "webhook-signature": signature,
    }
    with pytest.raises(WebhookVerificationError, match="too old"):
        Webhook(secret).verify(received.body, replayed)
    with pytest.raises(WebhookVerificationError, match="No matching"):
        Webhook(secret).verify(received.body.replace(b"test", b"text"), received.headers)


def test_nobody_is_told_of_another_account_and_the_vendor_of_all(inbox):
    northwind, southwind = given_account("Northwind"), given_account("Southwind")
    given_endpoint(northwind, inbox.url + "/north")
    given_endpoint(None, inbox.url + "/vendor")
    given_roles(northwind, 1)
    given_roles(southwind, 1)
    send_all()
    told = sorted((each.path, each.said["data"]["serial_number"]) for each in inbox.received)
    assert told == sorted(
        [
            ("/hooks/north", northwind.serial_number),
            ("/hooks/vendor", northwind.serial_number),
            ("/hooks/vendor", southwind.serial_number),
        ]
    )


def test_an_endpoint_is_told_the_types_it_asked_for(inbox):
    account = given_account("Northwind")
    given_endpoint(account, inbox.url, "user.added", "webhook.disabled")
    given_roles(account, 2)
    given_user(account)
    send_all()
    assert types_received(inbox) == ["user.added"]


def test_an_account_nobody_listens_to_costs_no_job(transactional_db):
    forget_the_jobs()
    account = given_account("Northwind")
    given_roles(account, 2)
    assert jobs_named("spread_events") == []
    endpoint, _ = given_endpoint(account, "http://127.0.0.1:9/")
    actions.disable_endpoint(endpoint=endpoint, at=AT, by=STAFF)
    given_roles(account, 1, first=3)
    assert jobs_named("spread_events") == []


def test_a_request_of_the_web_queues_for_the_vendor_it_cannot_see(inbox):
    account = given_account("Northwind")
    given_endpoint(None, inbox.url)
    with bound_to(account):
        assert WebhookEndpoint.objects.count() == 0
        given_roles(account, 1)
    send_all()
    assert types_received(inbox) == ["role.created"]


def test_what_is_undone_is_never_told(inbox):
    account = given_account("Northwind")
    given_endpoint(account, inbox.url)
    with transaction.atomic():
        given_roles(account, 1)
        transaction.set_rollback(True)
    send_all()
    assert inbox.received == []


def test_a_job_that_runs_twice_and_twice_at_once_writes_one_delivery_for_each_endpoint(inbox):
    account = given_account("Northwind")
    for number in range(3):
        given_endpoint(account, f"{inbox.url}/{number}")
    given_roles(account, 4)
    ids = list(
        Event.objects.filter(account=account, kind="role_created", at=LATER).values_list("pk", flat=True)
    )
    outcomes = run_together(*[lambda: write_deliveries(event_ids=ids, at=LATER)] * 4)
    assert [len(found) for found in outcomes] == [3] * 4
    assert WebhookDelivery.objects.count() == 12
    first = WebhookDelivery.objects.order_by("event_id").first()
    assert first is not None
    again = WebhookDelivery(
        account=account, endpoint=first.endpoint, event=first.event, event_type="x", body="",
        queued_at=AT, asked_at=AT, next_at=AT,
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="an_endpoint_is_told_an_event_once"):
        again.save()


def test_numbers_of_one_object_grow_whoever_writes_and_whatever_order_they_arrive_in(inbox):
    account = given_account("Northwind")
    pool = given_pool(account)
    users = [given_user(account, f"User {index}") for index in range(8)]
    endpoint, _ = given_endpoint(account, inbox.url, "licence.assigned")
    run_together(
        *[lambda user=user: assign_licence(pool=pool, user=user, at=LATER, by=STAFF) for user in users]
    )
    run_together(*[send_all_of(endpoint)] * 4)
    ids = [UUID(each.said["data"]["facts"]["assignment_id"]) for each in inbox.received]
    sequences = [each.said["data"]["sequence"] for each in inbox.received]
    assert {each.said["data"]["object_id"] for each in inbox.received} == {str(pool.pk)}
    assert len(set(sequences)) == len(users) == len(set(ids))
    # By number they are in the order in which they were written, whatever order they came in.
    written = list(
        Event.objects.filter(account=account, kind="licence_assigned", at=LATER)
        .order_by("pk")
        .values_list("sequence", flat=True)
    )
    assert sorted(sequences) == written


def send_all_of(endpoint: WebhookEndpoint):
    """Return a call that spreads what is recorded and sends, as one of several workers does."""

    def send() -> None:
        ids = list(Event.objects.filter(account=endpoint.account, at=LATER).values_list("pk", flat=True))
        write_deliveries(event_ids=ids, at=timezone.now())
        while taken := take_delivery(endpoint_id=endpoint.pk, at=timezone.now()):
            send_one(taken)

    return send


def test_a_delivery_is_in_one_hand_and_few_are_under_way_at_once(inbox):
    account = given_account("Northwind")
    endpoint, _ = given_endpoint(account, inbox.url)
    for _ in range(schedule.AT_ONCE):
        actions.send_test(endpoint=endpoint, at=AT, by=STAFF)
    actions.send_test(endpoint=endpoint, at=AT, by=STAFF)
    taken = run_together(*[lambda: take_delivery(endpoint_id=endpoint.pk, at=LATER)] * 8)
    in_hand = [each.delivery.pk for each in taken if each is not None]
    assert len(in_hand) == len(set(in_hand)) == schedule.AT_ONCE
    later = LATER + schedule.CLAIM_LASTS  # whoever had them is dead
    again = [take_delivery(endpoint_id=endpoint.pk, at=later) for _ in range(schedule.AT_ONCE)]
    assert len({each.delivery.pk for each in again if each} & set(in_hand)) >= schedule.AT_ONCE - 1


def test_an_answer_of_who_was_given_up_for_dead_changes_nothing_but_the_log(inbox):
    endpoint, _ = given_endpoint(given_account("Northwind"), inbox.url)
    actions.send_test(endpoint=endpoint, at=AT, by=STAFF)
    slow = take_delivery(endpoint_id=endpoint.pk, at=AT)
    quick = take_delivery(endpoint_id=endpoint.pk, at=AT + schedule.CLAIM_LASTS)
    assert slow is not None and quick is not None  # noqa: PT018 -- both are one statement
    assert slow.delivery == quick.delivery
    note_answer(taken=slow, answer=Answer(5, 500), at=LATER)
    assert refreshed(slow.delivery).claimed_at == quick.since
    note_answer(taken=quick, answer=Answer(5, 200), at=LATER)
    assert refreshed(slow.delivery).state == "delivered"
    assert [each.status for each in WebhookAttempt.objects.order_by("id")] == [500, 200]


def test_a_failure_is_tried_again_and_the_same_is_sent(inbox):
    account = given_account("Northwind")
    endpoint, secret = given_endpoint(account, inbox.url)
    given_roles(account, 1)
    inbox.status, inbox.body = 500, "schlägt fehl\x00".encode() + b"x" * 5000
    send_all()
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.tries, delivery.claimed_at) == ("retrying", 1, None)
    [attempt] = WebhookAttempt.objects.all()
    assert attempt.status == 500
    assert attempt.answer.startswith("schlägt fehl\ufffdxxx")
    assert len(attempt.answer.replace("ä", "ae").encode()) <= schedule.MOST_ANSWER + 3
    [wake] = [job for job in jobs_named("send_webhooks") if job.status == "todo"]
    assert wake.scheduled_at is not None
    assert timedelta(0) < wake.scheduled_at - timezone.now() <= schedule.TRY_AGAIN[0] * 1.2
    make_due(endpoint)
    inbox.status = 200
    taken = take_delivery(endpoint_id=endpoint.pk, at=timezone.now())
    assert taken is not None
    send_one(taken)
    first, second = inbox.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert second.verified_by(secret)
    assert refreshed(delivery).state == "delivered"
    assert refreshed(endpoint).failures == 0


def test_secrets_are_stored_sealed_and_overlap_for_a_day(inbox):
    endpoint, old = given_endpoint(given_account("Northwind"), inbox.url)
    stored = WebhookSecret.objects.get()
    assert old.startswith("whsec_")
    assert old[6:] not in stored.sealed
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, ' ') FROM notifications_webhooksecret t")
        assert old[6:] not in cursor.fetchone()[0]
    now = timezone.now()
    new = actions.rotate_secret(endpoint=endpoint, at=now, by=STAFF)
    assert new != old
    actions.send_test(endpoint=endpoint, at=now, by=STAFF)
    taken = take_delivery(endpoint_id=endpoint.pk, at=now + timedelta(hours=23, minutes=59))
    assert taken is not None
    assert list(taken.secrets) == [new, old]
    send_one(taken)
    [received] = inbox.received
    assert len(received.headers["webhook-signature"].split()) == 2
    assert received.verified_by(old) == received.verified_by(new)
    actions.send_test(endpoint=endpoint, at=now, by=STAFF)
    later = take_delivery(endpoint_id=endpoint.pk, at=now + timedelta(hours=24))
    assert later is not None
    assert list(later.secrets) == [new]
