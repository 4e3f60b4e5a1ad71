"""Sending, with a real mail server at its worst: away, refusing, dying; and with two jobs at once."""

import pytest
from django.utils import timezone

from delivery import do_the_jobs, queue_job
from mailing import MailServer, free_port, running, use_server
from seatledger.domain.notifications.actions import (
    claim_message,
    give_back_message,
    mark_sent,
    try_again,
)
from seatledger.domain.notifications.letters.building import build_letter
from seatledger.domain.notifications.letters.posting import post_letter
from seatledger.domain.notifications.models import KeptLetter, Message, MessageKind
from seatledger.domain.notifications.patience import CLAIM_LASTS, MOST_ATTEMPTS
from support import AT, LATER, administrator_of, given_account, refreshed, run_together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def account(transactional_db):
    return given_account("Northwind")


def given_message(account, number: int = 1, recipient: str = "") -> Message:
    """Write a message: to the administrator, or to an address that is nobody's."""
    ann = None if recipient else administrator_of(account)
    return Message.objects.create(
        account=account,
        kind=MessageKind.PASSWORD_RESET if ann else MessageKind.CLOSURE_DONE,
        cause=f"test:{number}",
        recipient=recipient or (ann.email if ann else ""),
        user=ann,
        about={} if ann else {"erased_by": "2026-06-30"},
        queued_at=AT,
    )


def let_time_pass() -> None:
    """Let the next try of every message be due, and do the minute's job."""
    Message.objects.update(try_at=AT)
    queue_job("send_waiting_messages", timestamp=0)
    do_the_jobs()


def test_letters_wait_while_the_server_is_away_and_are_sent_once_it_is_back(account, settings):
    server, port = MailServer(), free_port()
    use_server(settings, port)
    messages = [given_message(account, number) for number in range(3)]
    let_time_pass()
    let_time_pass()
    assert {refreshed(message).attempts for message in messages} == {2}
    with running(server, port):
        let_time_pass()
        let_time_pass()
    assert len(server.letters) == len({letter["Message-ID"] for letter in server.letters}) == 3
    assert {refreshed(message).state for message in messages} == {"sent"}


def test_a_refused_recipient_is_given_up_at_once_and_holds_up_nobody(account, settings):
    server, port = MailServer(), free_port()
    use_server(settings, port)
    server.refused["gone@n.example"] = "550 5.1.1 no such user"
    gone, other = given_message(account, 1, "gone@n.example"), given_message(account, 2)
    with running(server, port):
        let_time_pass()
        let_time_pass()
        assert [letter["To"] for letter in server.letters] == [other.recipient]
        assert refreshed(gone).state == "given_up"
        assert gone.attempts == 1
        assert gone.last_error == "The mail server refused the message for good: 550 5.1.1 no such user"
        server.refused.clear()
        assert try_again(message=gone)
        let_time_pass()
    assert [letter["To"] for letter in server.letters] == [other.recipient, "gone@n.example"]


def test_a_recipient_who_is_refused_for_now_is_tried_again(account, settings):
    server, port = MailServer(), free_port()
    use_server(settings, port)
    server.refused["full@n.example"] = "452 4.2.2 mailbox full"
    message = given_message(account, 1, "full@n.example")
    with running(server, port):
        let_time_pass()
        assert (refreshed(message).state, message.attempts) == ("waiting", 1)
        server.refused.clear()
        let_time_pass()
    assert refreshed(message).state == "sent"


def test_after_the_last_try_nobody_tries_any_more(account):
    message = given_message(account)
    for attempt in range(MOST_ATTEMPTS):
        Message.objects.update(try_at=AT)
        claimed = claim_message(message_id=message.pk, at=LATER)
        assert claimed is not None
        assert claimed.attempts == attempt
        give_back_message(message=claimed, error="away", at=LATER)
    assert (refreshed(message).state, message.attempts) == ("given_up", MOST_ATTEMPTS)
    assert claim_message(message_id=message.pk, at=LATER) is None


def test_a_server_that_dies_after_the_letter_gets_it_again_under_the_same_id(account, settings):
    """Whether it took the letter nobody can know; the Message-ID tells who reads it that it is the same."""
    server, port = MailServer(), free_port()
    use_server(settings, port)
    message = given_message(account)
    server.dies_after_data = True
    with running(server, port):
        let_time_pass()
        assert (refreshed(message).state, message.attempts) == ("waiting", 1)
        server.dies_after_data = False
        let_time_pass()
        let_time_pass()
    assert len(server.letters) == 2
    assert len({letter["Message-ID"] for letter in server.letters}) == 1


def test_a_process_that_dies_before_the_mark_has_the_letter_sent_again_under_the_same_id(account, settings):
    server, port = MailServer(), free_port()
    use_server(settings, port)
    message = given_message(account)
    with running(server, port):
        claimed = claim_message(message_id=message.pk, at=timezone.now())
        assert claimed is not None
        post_letter(build_letter(claimed).mail)  # and here it is killed
        let_time_pass()
        assert len(server.letters) == 1, "its hand is still on it"
        Message.objects.update(claimed_at=timezone.now() - 2 * CLAIM_LASTS)
        let_time_pass()
        let_time_pass()
    assert len(server.letters) == 2
    assert len({letter["Message-ID"] for letter in server.letters}) == 1


def test_two_jobs_at_once_send_one_letter(account, settings):
    server, port = MailServer(), free_port()
    use_server(settings, port)
    message = given_message(account)

    def send() -> None:
        claimed = claim_message(message_id=message.pk, at=timezone.now())
        if claimed:
            post_letter(build_letter(claimed).mail)
            mark_sent(message=claimed, at=timezone.now())

    with running(server, port):
        run_together(*[send] * 6)
    assert len(server.letters) == 1


def test_without_the_claim_two_jobs_at_once_send_two_letters(account, settings):
    """The other half: it is the claim that keeps it to one."""
    server, port = MailServer(), free_port()
    use_server(settings, port)
    message = given_message(account)

    def send() -> None:
        unsent = Message.objects.select_related("account__provider", "user").get(pk=message.pk)
        if not unsent.sent_at:
            post_letter(build_letter(unsent).mail)
            mark_sent(message=unsent, at=timezone.now())

    with running(server, port):
        run_together(*[send] * 6)
    assert len(server.letters) > 1


def test_a_demo_keeps_each_letter_as_it_was_sent_and_nothing_else_does(account, settings):
    server, port = MailServer(), free_port()
    use_server(settings, port)
    given_message(account, 1)
    with running(server, port):
        let_time_pass()
        assert not KeptLetter.objects.exists()
        settings.SEATLEDGER_KEEP_LETTERS = True
        given_message(account, 2)
        let_time_pass()
    kept = KeptLetter.objects.get()
    assert kept.subject == "Choose a new password for Northwind"
    assert "/accounts/password/reset/key/" in kept.text
    assert "/accounts/password/reset/key/" in kept.html
