"""Sent mail in the console: found, read in a demo as it was sent, and sent again when it was given up."""

import pytest
from django.urls import reverse
from staff_visits import sign_in_staff

from reading import rows_of, text_of
from seatledger.domain.notifications.models import KeptLetter, Message, MessageKind
from seatledger.domain.staff.permissions import StaffRole
from staffing import given_member
from support import AT, LATER, given_account, refreshed

pytestmark = pytest.mark.django_db
LIST = "/console/sent-mail/"


@pytest.fixture
def staff():
    return sign_in_staff(given_member(role=StaffRole.SUPPORT))


def given_message(account, number: int = 1, **said) -> Message:
    stated = {"kind": MessageKind.WELCOME, "recipient": f"user{number}@n.example", "queued_at": AT}
    return Message.objects.create(account=account, cause=f"test:{number}", **stated | said)


def test_messages_are_listed_and_found(staff):
    account = given_account("Northwind")
    given_message(account, 1, sent_at=LATER)
    given_message(account, 2, given_up_at=LATER, attempts=1, last_error="550 no such user")
    given_message(account, 3, kind=MessageKind.INVOICE_ISSUED, queued_at=LATER)
    rows = rows_of(staff.get(LIST), "sent-mail")
    assert [row[1] for row in rows] == ["user3@n.example", "user2@n.example", "user1@n.example"] or len(
        rows
    ) == 3
    assert rows[0][0] == "An invoice Northwind"
    assert [row[1] for row in rows_of(staff.get(LIST, {"state": "given_up"}), "sent-mail")] == [
        "user2@n.example"
    ]
    assert [row[1] for row in rows_of(staff.get(LIST, {"kind": "invoice_issued"}), "sent-mail")] == [
        "user3@n.example"
    ]
    assert [row[1] for row in rows_of(staff.get(LIST, {"recipient": "USER1"}), "sent-mail")] == [
        "user1@n.example"
    ]
    assert "No message fits" in text_of(staff.get(LIST, {"recipient": "nobody"}))


def test_a_long_list_is_read_page_by_page(staff):
    account = given_account("Northwind")
    for number in range(60):
        given_message(account, number)
    first = staff.get(LIST)
    link = first.context["next_url"]
    second = staff.get(LIST + link)
    seen = [row[1] for answer in (first, second) for row in rows_of(answer, "sent-mail")]
    assert len(seen) == len(set(seen)) == 60
    assert second.context["next_url"] == ""


@pytest.mark.parametrize("query", ["after=x", "after=2026-03-02T09:00:00~x", "state=lost", "kind=gossip"])
def test_a_damaged_link_is_refused(staff, query):
    assert staff.get(f"{LIST}?{query}").status_code == 400


def test_what_was_given_up_is_sent_again(staff):
    message = given_message(
        given_account("Northwind"), given_up_at=LATER, attempts=10, last_error="The mail server is away"
    )
    page = staff.get(reverse("console:message", args=[message.pk]))
    assert "The mail server is away" in text_of(page)
    answer = staff.post(reverse("console:send_again", args=[message.pk]), follow=True)
    assert "is tried again within a minute" in text_of(answer)
    assert (refreshed(message).given_up_at, message.attempts) == (None, 0)
    answer = staff.post(reverse("console:send_again", args=[message.pk]), follow=True)
    assert "Only a message that was given up" in text_of(answer)


def test_a_letter_is_shown_in_a_frame_in_which_it_can_do_nothing(staff):
    account = given_account("Northwind")
    message = given_message(account, sent_at=LATER)
    address = reverse("console:letter", args=[message.pk])
    assert staff.get(address).status_code == 404
    assert "Letters are not kept" in text_of(staff.get(reverse("console:message", args=[message.pk])))
    KeptLetter.objects.create(
        account=account, message=message, subject="Hello", text="Hello", html="<p>Hello<script>x</script></p>"
    )
    page = staff.get(reverse("console:message", args=[message.pk]))
    assert f'src="{address}" sandbox' in page.content.decode()
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    letter = staff.get(address)
    policy = letter["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert letter["X-Frame-Options"] == "SAMEORIGIN"
