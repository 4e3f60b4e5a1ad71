"""Incoming transfers in the console: uploaded, proposed with the reason, booked and ignored."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from staff_visits import sign_in_staff

from bank_statements import camt, entry
from invoicing import given_invoice, open_of
from reading import rows_of, text_of
from seatledger.domain.payments.models import IncomingTransfer
from seatledger.domain.payments.statements import Columns
from seatledger.domain.staff.permissions import StaffRole
from staffing import given_member
from support import given_account

pytestmark = pytest.mark.django_db
LIST, IMPORT = "/console/transfers/", "/console/transfers/import"


@pytest.fixture
def staff():
    return sign_in_staff(given_member(role=StaffRole.BILLING))


def upload(staff, content: bytes, **said):
    usual = Columns()
    names = ("date", "amount", "currency", "payer", "payer_account", "remittance", "reference")
    columns = {f"column_{name}": getattr(usual, name) for name in names}
    sent = columns | {"decimal_mark": ".", "day_format": "%Y-%m-%d"} | said
    file = SimpleUploadedFile("statement", content)
    return staff.post(IMPORT, sent | {"file": file}, follow=True)


def address_of(transfer):
    return reverse("console:transfer", args=[transfer.pk])


def test_a_statement_is_uploaded_and_what_is_certain_is_booked(staff):
    invoice = given_invoice(given_account())
    answer = upload(staff, camt(entry(), entry(reference="B-2", text="thanks", payer="Somebody")))
    assert text_of(answer, "#messages").startswith("2 new transfers, 1 booked.")
    assert open_of(invoice) == 0
    [row] = rows_of(answer, "transfers")
    assert row[0].startswith("Somebody thanks")
    assert row[2] == "Nobody that we know"
    assert "This statement was imported before. 0 new" in text_of(
        upload(staff, camt(entry(), entry(reference="B-2", text="thanks", payer="Somebody")))
    )


def test_what_is_wrong_with_a_table_is_told_by_line(staff):
    answer = upload(staff, b"date,amount,currency\n2026-03-20,x,GBP\n")
    assert answer.status_code == 422
    assert "“x” is no amount of GBP." in text_of(answer, "#mistakes")
    assert "Nothing was imported" in text_of(answer)
    assert upload(staff, b"<x").status_code == 422
    assert staff.post(IMPORT, {}).status_code == 422


def test_a_bank_with_other_columns(staff):
    upload(
        staff,
        b"Tag;Betrag\n31.12.2026;1,50\n",
        column_date="Tag",
        column_amount="Betrag",
        usual_currency="eur",
        decimal_mark=",",
        day_format="%d.%m.%Y",
    )
    assert IncomingTransfer.objects.get().amount_minor == 150


def test_a_proposal_is_booked(staff):
    invoice = given_invoice(given_account())
    answer = upload(staff, camt(entry(text="licences")))
    assert rows_of(answer, "transfers")[0][2] == (
        "Northwind, INV-1 the payer is known, and the amount is what is open"
    )
    transfer = IncomingTransfer.objects.get()
    page = staff.get(address_of(transfer))
    assert "INV-1: £334.99. Because the payer is known" in text_of(page)
    sent = {"serial_number": invoice.account.serial_number, "do": "book"}
    assert "booked for Northwind" in text_of(staff.post(address_of(transfer), sent, follow=True), "#messages")
    assert open_of(invoice) == 0
    again = staff.post(address_of(transfer), sent)
    assert (again.status_code, "Somebody booked or ignored" in text_of(again)) == (422, True)
    assert rows_of(staff.get(LIST, {"state": "booked"}), "transfers")[0][2].startswith("Northwind")


def test_another_account_is_named_by_its_serial_number(staff):
    given_invoice(given_account())
    other = given_account("Contoso")
    upload(staff, camt(entry(text="licences")))
    transfer = IncomingTransfer.objects.get()
    wrong = staff.post(address_of(transfer), {"serial_number": "EU-0", "do": "book"})
    assert (wrong.status_code, "There is no such account." in text_of(wrong)) == (422, True)
    staff.post(address_of(transfer), {"serial_number": other.serial_number, "do": "book"})
    transfer.refresh_from_db()
    assert (transfer.payment.account, transfer.payment.applied_minor) == (other, 0)
    assert transfer.decided_by_id


def test_what_is_ignored_can_be_taken_up_again(staff):
    upload(staff, camt(entry(text="interest", payer="Bank")))
    transfer = IncomingTransfer.objects.get()
    assert staff.post(address_of(transfer), {"do": "ignore", "why": ""}).status_code == 422
    staff.post(address_of(transfer), {"do": "ignore", "why": "Interest"})
    assert rows_of(staff.get(LIST, {"state": "ignored"}), "transfers")[0][2] == "Interest"
    assert "Nothing here" in text_of(staff.get(LIST))
    answer = staff.post(reverse("console:take_up_transfer", args=[transfer.pk]), follow=True)
    assert len(rows_of(answer, "transfers")) == 1


def test_support_does_not_move_money():
    support = sign_in_staff(given_member("Bram Olsen", StaffRole.SUPPORT))
    assert support.get(LIST).status_code == 403
    assert "Incoming transfers" not in text_of(support.get("/console/"))


def test_a_list_of_three_costs_no_more_queries_than_one(staff):
    given_invoice(given_account())
    counted = []
    for number, name in ((1, "S-1"), (3, "S-2")):
        upload(staff, camt(*[entry(reference=f"{name}-{n}", text="more") for n in range(number)], name=name))
        staff.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            staff.get(LIST)
        counted.append(len(queries))
    assert counted[0] == counted[1]
