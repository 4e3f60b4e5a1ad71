"""Letters about money: documents with their files, by a real mail server; and what becomes of a payment, told step by step."""

from datetime import timedelta

import pytest
from django.utils import timezone
from lxml import etree

from charging import noon
from delivery import do_the_jobs, queue_job
from invoicing import given_invoice
from mailing import MailServer, free_port, running, text_of, use_server
from paying import DECLINED, GOOD, given_card, given_debtor, pay
from seatledger.domain.events.models import Event
from seatledger.domain.invoices.actions import NewDetails, change_billing_details, store_files
from seatledger.domain.notifications.actions import write_messages
from seatledger.domain.notifications.letters.building import build_letter
from seatledger.domain.notifications.models import Message
from seatledger.domain.notifications.telling import TELLERS
from seatledger.domain.payments.actions.asking import begin_overdue, step_dunning
from seatledger.domain.payments.charging import charge_payment
from seatledger.domain.payments.models import Dunning, Payment
from support import LATER, NEXT_DAY, NEXT_MONTH, STAFF, SYSTEM, given_account

pytestmark = pytest.mark.django_db(transaction=True)

DETAILS = NewDetails(
    legal_name="Northwind Ltd",
    street="1 Quay",
    city="Leeds",
    country="GB",
    purchase_order="PO-7",
    copies_to=("books@northwind.example", "ann.lee@northwind.example"),
)


def test_an_invoice_goes_to_the_main_contact_and_copies_with_its_files_once(settings):  # A23
    server, port = MailServer(), free_port()
    use_server(settings, port)
    account = given_account("Northwind")
    change_billing_details(account=account, details=DETAILS, at=LATER, by=STAFF)
    with running(server, port):
        do_the_jobs("delivery")
        server.take_all()
        now = timezone.now()
        invoice = given_invoice(account, on=now.date().isoformat())
        do_the_jobs("delivery")
        assert server.take_all() == [], "its files are not made yet"
        store_files(document=invoice, at=now, by=SYSTEM)
        do_the_jobs("delivery")
        for event in Event.objects.filter(account=account, kind="files_made"):
            queue_job("deliver_event", event_id=event.pk)
        do_the_jobs("delivery")
        letters = sorted(server.take_all(), key=lambda letter: letter["To"])
    reference = invoice.issue.reference
    assert [letter["To"] for letter in letters] == ["ann.lee@northwind.example", "books@northwind.example"]
    for letter in letters:
        assert letter["Subject"] == f"Invoice {reference} from Vendor Ltd: £334.99"
        assert letter["Reply-To"] == "billing@vendor.example"
        assert "Your order: PO-7" in text_of(letter)
        pdf, xml = letter.iter_attachments()
        assert (pdf.get_filename(), xml.get_filename()) == (f"{reference}.pdf", f"{reference}-ubl.xml")
        assert pdf.get_content().startswith(b"%PDF")
        [order] = etree.fromstring(xml.get_content()).xpath("//*[local-name()='OrderReference']/*/text()")
        assert order == "PO-7"
    assert "Hello Ann Lee," in text_of(letters[0])
    assert "copies of its invoices" in text_of(letters[1])
    assert "/billing/invoices/" not in text_of(letters[1])


def told(account) -> list[str]:
    """Write what the account's events give reason to tell; returns the subjects of what is new, in order."""
    known = set(Message.objects.values_list("pk", flat=True))
    for event in Event.objects.filter(account=account, kind__in=TOLD_OF).order_by("sequence"):
        write_messages(event_id=event.pk, at=event.at)
    new = Message.objects.filter(account=account).exclude(pk__in=known).select_related("account", "user")
    return sorted(build_letter(message).subject for message in new)


TOLD_OF = {happening.kind() for happening in TELLERS} - {"user_invited"}


def test_a_payment_that_fails_is_told_at_each_step_until_it_is_paid():  # A23
    account, invoice = given_debtor(DECLINED)
    reference = invoice.issue.reference
    pay(invoice)
    assert told(account) == [f"We could not collect £120.00 for invoice {reference}"]
    pay(invoice, at=NEXT_DAY + timedelta(days=3))
    assert told(account) == [f"Still open: £120.00 for invoice {reference}"]
    assert told(account) == []
    given_card(account, GOOD, at=NEXT_DAY + timedelta(days=4))
    payment = Payment.objects.get(account=account, is_live=True)  # the new card is asked at once
    charge_payment(payment, clock=lambda: NEXT_MONTH)
    assert told(account) == ["Payment received: £120.00"]
    assert Dunning.objects.get(account=account).end == "paid"
    assert set(Message.objects.filter(about__topic="billing").values_list("recipient", flat=True)) == {
        "ann.lee@northwind.example"
    }


def test_who_pays_by_transfer_is_reminded_of_what_is_overdue_and_told_when_the_account_lapses(
    settings,
):  # A23
    settings.SEATLEDGER_DUNNING_DAYS, settings.SEATLEDGER_GRACE_DAYS = (3,), 7
    account = given_account("Northwind")
    invoice = given_invoice(account)
    reference = invoice.issue.reference
    at = noon("2026-05-04")
    begun = begin_overdue(invoice=invoice, at=at, by=SYSTEM)
    assert begun is not None
    assert told(account) == [f"Invoice {reference} is overdue: £334.99"]
    step_dunning(dunning=begun, at=at + timedelta(days=3), by=SYSTEM)
    assert told(account) == [f"Still open: £334.99 for invoice {reference}"]
    step_dunning(dunning=begun, at=at + timedelta(days=10), by=SYSTEM)
    assert told(account) == [f"Northwind has expired: invoice {reference} is not paid"]
    step_dunning(dunning=begun, at=at + timedelta(days=20), by=SYSTEM)
    assert told(account) == []
