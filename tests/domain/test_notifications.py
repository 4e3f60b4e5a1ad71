"""Who is told what by e-mail: with a real mail server and the real worker."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from delivery import do_the_jobs, forget_the_jobs, jobs_named, queue_job
from mailing import MailServer, free_port, html_of, running, text_of, use_server
from seatledger.domain.events.actions import Actor
from seatledger.domain.events.models import Event
from seatledger.domain.licences.actions import NewUser, add_user, deactivate_users, request_licences
from seatledger.domain.licences.limits import UnlikelyNumber
from seatledger.domain.licences.models import LicenceRequest
from seatledger.domain.notifications.actions import (
    claim_message,
    write_messages,
    write_password_reset,
)
from seatledger.domain.notifications.letters.building import build_letter
from seatledger.domain.notifications.models import Message
from seatledger.domain.notifications.patience import CLAIM_LASTS
from seatledger.domain.notifications.queries import list_unsent_messages
from seatledger.domain.people.actions import invite_user
from seatledger.domain.people.models import User
from support import (
    AT,
    LATER,
    STAFF,
    administrator_of,
    given_account,
    given_licence_type,
    given_user,
    refreshed,
)


@pytest.fixture
def mail_server(transactional_db, settings) -> Iterator[MailServer]:
    server, port = MailServer(), free_port()
    use_server(settings, port)
    with running(server, port):
        yield server


def given_invited(account, name: str = "Ben Okoro") -> User:
    user = given_user(account, name)
    invite_user(user=user, at=LATER, by=STAFF)
    return user


@pytest.mark.django_db(transaction=True)
def test_a_new_user_is_welcomed_with_a_link_that_is_stored_nowhere(mail_server):  # C10, C11
    account = given_account("Northwind & Söhne")
    do_the_jobs()
    mail_server.letters.clear()
    add_user(account=account, new=NewUser("Ben", "Okoro", "ben@n.example"), at=LATER, by=STAFF)
    do_the_jobs()
    [letter] = mail_server.letters
    assert letter["To"] == "ben@n.example"
    assert letter["Subject"] == "Welcome to the licence portal of Northwind & Söhne"
    assert "Hello Ben Okoro," in text_of(letter)
    [link] = [line for line in text_of(letter).splitlines() if "/accounts/password/reset/key/" in line]
    token = link.rstrip("/").rpartition("/")[2]
    assert token in html_of(letter)
    assert "Northwind &amp; Söhne" in html_of(letter)
    stored = repr(list(Message.objects.values())) + repr(list(ProcrastinateJob.objects.values()))
    assert token.partition("-")[2] not in stored
    assert list_unsent_messages(account) == []


@pytest.mark.django_db(transaction=True)
def test_a_job_that_runs_twice_sends_once(mail_server):
    account = given_account("Northwind")
    do_the_jobs()
    mail_server.letters.clear()
    given_invited(account)
    event = Event.objects.get(account=account, kind="user_invited", at=LATER)
    for _ in range(2):
        queue_job("deliver_event", event_id=event.pk)
    do_the_jobs()
    message = Message.objects.get(cause=f"event:{event.pk}")
    queue_job("send_message", message_id=str(message.pk))
    do_the_jobs()
    assert [letter["To"] for letter in mail_server.letters] == ["ben.okoro@northwind.example"]


@pytest.mark.django_db(transaction=True)
def test_a_message_the_server_refuses_is_tried_again_later(mail_server):
    account = given_account("Northwind")
    mail_server.refusal = "451 not now"
    do_the_jobs()
    [message] = list_unsent_messages(account)
    assert (message.claimed_at, message.attempts) == (None, 1)
    assert message.last_error == "The mail server did not take the message: 451 not now"
    assert message.try_at is not None
    mail_server.refusal = ""
    queue_job("send_waiting_messages", timestamp=0)
    do_the_jobs()
    assert mail_server.letters == []
    Message.objects.update(try_at=AT)
    queue_job("send_waiting_messages", timestamp=0)
    do_the_jobs()
    [letter] = mail_server.letters
    assert letter["Message-ID"].startswith(f"<{message.pk}@")


@pytest.mark.django_db(transaction=True)
def test_the_vendor_is_asked_for_more_licences_and_answers_who_asked(mail_server, settings):  # A19
    settings.SEATLEDGER_VENDOR_EMAIL = "sales@vendor.example"
    account = given_account("Northwind")
    do_the_jobs()
    mail_server.letters.clear()
    ann = administrator_of(account)
    request_licences(
        account=account,
        licence_type=given_licence_type(),
        number=5,
        note="For the\nnew  office.",
        at=LATER,
        by=Actor.user(ann.pk),
    )
    do_the_jobs()
    [letter] = mail_server.letters
    assert letter["To"] == "sales@vendor.example"
    assert letter["Reply-To"] == ann.email
    assert letter["Subject"] == "Northwind asks for 5 more: Professional User"
    assert "For the new office." in text_of(letter)
    assert account.serial_number in text_of(letter)
    event = Event.objects.get(account=account, kind="licences_requested")
    assert set(event.payload) == {"request_id", "licence_type_id", "number"}


@pytest.mark.django_db(transaction=True)
def test_an_event_undone_within_a_worker_leaves_no_job():
    account = given_account("Northwind")
    forget_the_jobs()
    with app.replace_connector(app.connector.get_worker_connector()):
        with transaction.atomic():
            given_invited(account)
            assert len(jobs_named("deliver_event")) == 1
            transaction.set_rollback(True)
        assert jobs_named("deliver_event") == []


@pytest.mark.django_db
@pytest.mark.parametrize("number", [0, -1, 10_000_001])
def test_a_request_for_no_likely_number_is_refused(number):
    account = given_account("Northwind")
    with pytest.raises(UnlikelyNumber):
        request_licences(
            account=account, licence_type=given_licence_type(), number=number, note="", at=LATER, by=STAFF
        )
    assert LicenceRequest.objects.count() == 0


@pytest.mark.django_db
def test_a_link_for_a_new_password_goes_to_an_active_user_once_a_request():
    account = given_account("Northwind")
    ben = given_user(account)
    given_user(account, "Ada Gone", active=False)
    request_id = uuid4()
    first = write_password_reset(email="BEN.OKORO@northwind.example", request_id=request_id, at=AT)
    again = write_password_reset(email=ben.email, request_id=request_id, at=LATER)
    assert first == again
    assert write_password_reset(email="ada.gone@northwind.example", request_id=uuid4(), at=AT) is None
    assert write_password_reset(email="nobody@northwind.example", request_id=uuid4(), at=AT) is None
    assert Message.objects.filter(kind="password_reset").count() == 1


@pytest.mark.django_db
def test_a_message_is_in_one_hand_at_a_time():
    account = given_account("Northwind")
    given_invited(account)
    event = Event.objects.get(account=account, kind="user_invited", at=LATER)
    [message] = write_messages(event_id=event.pk, at=AT)
    assert claim_message(message_id=message.pk, at=AT) == message
    assert claim_message(message_id=message.pk, at=AT + CLAIM_LASTS) is None
    assert claim_message(message_id=message.pk, at=AT + CLAIM_LASTS * 1.01) == message


@pytest.mark.django_db
def test_nobody_deactivated_meanwhile_is_written_to():
    account = given_account("Northwind")
    ben = given_invited(account)
    event = Event.objects.get(account=account, kind="user_invited", at=LATER)
    [message] = write_messages(event_id=event.pk, at=AT)
    deactivate_users(account=account, user_ids=[ben.pk], at=LATER, by=STAFF)
    assert claim_message(message_id=message.pk, at=LATER) is None
    assert refreshed(message).given_up_at == LATER


@pytest.mark.django_db
def test_a_subject_stays_one_line_and_a_letter_goes_where_the_user_is_now():
    account = given_account("Northwind")
    ben = given_invited(account)
    event = Event.objects.get(account=account, kind="user_invited", at=LATER)
    [message] = write_messages(event_id=event.pk, at=AT)
    User.objects.filter(pk=ben.pk).update(email="ben.new@northwind.example")
    claimed = claim_message(message_id=message.pk, at=AT)
    assert claimed is not None
    letter = build_letter(claimed)
    assert letter.mail.to == ["ben.new@northwind.example"]
    assert "\n" not in letter.subject
    assert "Reply-To: " in letter.mail.message().as_string()
