"""That a quotation is withdrawn is told to whom it was sent, once, and to nobody who never heard of it."""

from datetime import date

import pytest

from charging import given_vendor, noon
from seatledger.domain.events.models import Event
from seatledger.domain.licences.actions import request_licences
from seatledger.domain.notifications.actions import write_messages
from seatledger.domain.notifications.letters.building import build_letter
from seatledger.domain.notifications.models import Message
from seatledger.domain.payments.actions.quotations import (
    NewQuotation,
    OfferedLine,
    accept_quotation,
    send_quotation,
    tell_quotation,
    withdraw_quotation,
)
from seatledger.domain.payments.models import Quotation
from seatledger.domain.subscriptions.models import SoldBy
from selling import given_subscription
from support import STAFF, actor_of, administrator_of, given_account, given_administrator

pytestmark = pytest.mark.django_db

MARCH_3, MARCH_23, MARCH_24 = noon("2026-03-03"), noon("2026-03-23"), noon("2026-03-24")


@pytest.fixture
def quotation() -> Quotation:
    """A quotation that answers what somebody beside the main contact asked for."""
    given_vendor()
    account = given_account()
    held = given_subscription(account, sold_by=SoldBy.CONTRACT, at=MARCH_3)
    item = held.items.get()
    cleo = given_administrator(account, at=MARCH_3)
    asked = request_licences(
        account=account,
        licence_type=item.pool.licence_type,
        number=5,
        note="",
        at=MARCH_23,
        by=actor_of(cleo),
    )
    new = NewQuotation([OfferedLine(item.pk, 5)], date(2026, 4, 22), "", asked)
    return send_quotation(account=account, new=new, at=MARCH_23, by=STAFF)


def tell(kind: str) -> list[str]:
    """Do what the job does with the newest event of a kind; returns who is told."""
    event = Event.objects.filter(kind=kind).latest("id")
    return sorted(message.recipient for message in write_messages(event_id=event.pk, at=event.at))


def test_whoever_was_sent_it_is_told_once(quotation):
    people = ["ann.lee@northwind.example", "cleo.marsh@northwind.example"]
    assert tell("quotation_sent") == people
    withdraw_quotation(quotation=quotation, at=MARCH_24, by=STAFF)
    assert [tell("quotation_withdrawn"), tell("quotation_withdrawn")] == [people, people]
    told = Message.objects.filter(kind="quotation_withdrawn")
    assert told.count() == len(people)
    letter = build_letter(told.select_related("account__provider", "user").first())
    assert letter.subject == f"Quotation {quotation.number} for Northwind is withdrawn"
    words = " ".join(letter.text.split())
    assert "it can be accepted no longer" in words
    assert "Your request stays" in words
    assert f"/billing/quotations/{quotation.pk}/" in words


def test_who_never_heard_of_it_is_not_told(quotation):
    withdraw_quotation(quotation=quotation, at=MARCH_24, by=STAFF)
    assert [tell("quotation_sent"), tell("quotation_withdrawn")] == [[], []]


def test_an_accepted_one_is_not_told_of_as_withdrawn(quotation):
    by = actor_of(administrator_of(quotation.account))
    expected = tell_quotation(quotation=quotation, at=MARCH_24, by=by).digest
    accept_quotation(quotation=quotation, expected=expected, at=MARCH_24, by=by)
    assert not Event.objects.filter(kind="quotation_withdrawn").exists()
