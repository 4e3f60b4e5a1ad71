"""A quiet installation sends nothing, whatever waits, until it is told to; then it says what it sends."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import ProgrammingError, connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from commands import run_command
from delivery import forget_the_jobs
from seatledger.domain.notifications.letters.posting import post_letter
from seatledger.domain.notifications.models import Message, MessageKind
from seatledger.domain.notifications.queries import list_to_send_for_operator
from seatledger.domain.payments.gateways.registry import gateway_named
from seatledger.faces.cli.worker import LOOK_EVERY_S
from seatledger.shared.quiet import (
    QUEUES_WHILE_QUIET,
    StaysQuiet,
    become_quiet,
    find_quiet,
    is_quiet,
    stop_being_quiet,
)
from support import given_account, refreshed

AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
PATIENCE_S = 300
OUTWARD = ("delivery", "default", "webhooks", "payments", "a queue of tomorrow")
QUEUES = (*OUTWARD, "documents")
HELD = dict.fromkeys(OUTWARD, "todo")
DONE = dict.fromkeys(OUTWARD, "succeeded")


@pytest.fixture
def quiet(transactional_db: None) -> Iterator[None]:
    forget_the_jobs()
    become_quiet(at=AT, why="restored from a backup")
    yield
    stop_being_quiet()
    forget_the_jobs()


def queue_one_for_each() -> list[int]:
    """Queue a job on every kind of queue, and return their numbers."""
    reset = {"email": "nobody@example.com", "request_id": "6f9619ff-8b86-4011-b42d-00c04fc964ff"}
    return [app.configure_task("deliver_password_reset", queue=queue).defer(**reset) for queue in QUEUES]


def states(queued: list[int]) -> dict[str, str]:
    """Return how each job is, by its queue; the worker's clock may queue others meanwhile."""
    return dict(ProcrastinateJob.objects.filter(id__in=queued).values_list("queue_name", "status"))


def start_worker(*options: str) -> subprocess.Popen[bytes]:
    """Start the real command on this test's database, on which it sees what is committed."""
    known = connection.get_connection_params()
    address = f"postgresql://{known['user']}@/{known['dbname']}?host={known['host']}"
    if known.get("password"):
        address = f"postgresql://{known['user']}:{known['password']}@{known['host']}:{known.get('port', 5432)}/{known['dbname']}"
    return subprocess.Popen(
        [sys.executable, "-m", "seatledger.faces.cli.main", "worker", *options],
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(settings.SEATLEDGER_STATE),
            "SEATLEDGER_STATE": str(settings.SEATLEDGER_STATE),
            "SEATLEDGER_DATABASE_ROLE": "staff",
            "DATABASE_URL": os.environ.get("DATABASE_URL") or address,
        },
    )


def wait_until(happened: Callable[[], bool], worker: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not happened():
        assert worker.poll() is None, "the worker ended"
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)


HELD = {
    "delivery": "todo",
    "default": "todo",
    "webhooks": "todo",
    "payments": "todo",
    "a queue of tomorrow": "todo",
}
DONE = dict.fromkeys(HELD, "succeeded")


def test_a_worker_leaves_alone_what_would_leave_the_house(quiet):
    queued = queue_one_for_each()
    assert start_worker("--once").wait(PATIENCE_S) == 0
    assert states(queued) == HELD | {"documents": "succeeded"}


def test_a_worker_that_is_not_quiet_does_them_all(transactional_db):
    """The other half: it is the quiet that held them back."""
    forget_the_jobs()
    queued = queue_one_for_each()
    assert start_worker("--once").wait(PATIENCE_S) == 0
    assert states(queued) == DONE | {"documents": "succeeded"}
    forget_the_jobs()


def test_a_worker_at_work_notices_that_the_quiet_is_over_and_that_it_begins(quiet):
    queued = queue_one_for_each()
    worker = start_worker()
    try:
        wait_until(lambda: states(queued)["documents"] == "succeeded", worker)
        assert states(queued) == HELD | {"documents": "succeeded"}
        assert run_command("resume", "--yes")[0] == 0
        wait_until(lambda: states(queued) == DONE | {"documents": "succeeded"}, worker)
        run_command("quiet", "--reason", "a drill")
        # Until it has noticed, it does them all; from then on it does none but this.
        wait_until(lambda: is_held(worker), worker)
        again = queue_one_for_each()
        wait_until(lambda: states(again)["documents"] == "succeeded", worker)
        assert states(again) == HELD | {"documents": "succeeded"}
    finally:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(PATIENCE_S) == 0


def is_held(worker: subprocess.Popen[bytes]) -> bool:
    """Say whether a worker lets jobs lie, having had the time to do them twice over."""
    queued = queue_one_for_each()
    wait_until(lambda: states(queued)["documents"] == "succeeded", worker)
    time.sleep(LOOK_EVERY_S)
    return states(queued) == HELD | {"documents": "succeeded"}


def test_every_queue_is_held_but_those_that_are_named():
    assert QUEUES_WHILE_QUIET == ("documents",)


@pytest.mark.django_db
def test_a_letter_in_hand_when_it_became_quiet_is_not_posted():
    become_quiet(at=AT, why="a drill")
    with pytest.raises(StaysQuiet):
        post_letter(EmailMultiAlternatives("Hello", "there", to=["ann@example.com"]))
    assert mail.outbox == []
    stop_being_quiet()
    post_letter(EmailMultiAlternatives("Hello", "there", to=["ann@example.com"]))
    assert [letter.to for letter in mail.outbox] == [["ann@example.com"]]


@pytest.mark.django_db
def test_no_gateway_is_asked_for_anything_while_it_is_quiet(settings):
    settings.SEATLEDGER_GATEWAY = "sandbox"
    become_quiet(at=AT, why="a drill")
    with pytest.raises(StaysQuiet):
        gateway_named("sandbox")
    stop_being_quiet()
    assert gateway_named("sandbox")


def test_resume_says_what_will_be_done_and_asks(quiet):
    queue_one_for_each()
    code, said = run_command("resume")
    assert code == 1
    lines = said.splitlines()
    assert lines[0] == "Quiet since 2026-11-22 03:00 UTC: restored from a backup."
    assert "  delivery: 1 x deliver_password_reset will be done, the oldest of " in said
    assert is_quiet()


def test_resume_can_leave_out_what_the_original_has_sent(quiet):
    queued = queue_one_for_each()
    code, said = run_command("resume", "--yes", "--discard", "delivery")
    assert code == 0
    assert "  delivery: 1 x deliver_password_reset is cancelled, the oldest of " in said
    assert states(queued) == HELD | {"delivery": "cancelled", "documents": "todo"}
    assert not is_quiet()
    assert run_command("resume") == (0, "This installation is at work; there is nothing to resume.\n")


def test_messages_that_wait_are_left_out_with_their_queue(quiet):
    account = given_account("Northwind")
    message = Message.objects.create(
        account=account, kind=MessageKind.WELCOME, cause="test", recipient="ann@example.com", queued_at=AT
    )
    run_command("resume", "--yes", "--discard", "delivery")
    assert refreshed(message).last_error == "Left out when work was resumed."
    assert list_to_send_for_operator(at=AT, limit=1) == []


def test_quiet_keeps_its_first_day(quiet):
    run_command("quiet", "--reason", "a second look")
    found = find_quiet()
    assert found
    assert (found.since, found.why) == (AT, "a second look")


def test_health_says_that_it_is_quiet(quiet, anyone):
    assert anyone.get("/health").content == b"ok, but quiet since 2026-11-22T03:00:00Z\n"
    stop_being_quiet()
    assert anyone.get("/health").content == b"ok\n"


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["seatledger_web", "seatledger_staff"])
@pytest.mark.parametrize("change", ["DELETE FROM quiet", "UPDATE cell SET region = 'us'"])
def test_only_the_owner_changes_what_a_database_says_about_itself(role, change):
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")
        with pytest.raises(ProgrammingError, match="permission denied"):
            cursor.execute(change)
