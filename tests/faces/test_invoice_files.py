"""A document as a file, asked for through the portal."""

import subprocess
import sys

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from charging import bill, given_vendor, noon
from reading import text_of
from seatledger.domain.invoices.actions import store_files
from seatledger.domain.invoices.models import BillingDetails, Document, FileKind
from selling import given_subscription
from support import STAFF, administrator_of, given_account, given_role, given_user

pytestmark = pytest.mark.django_db


def given_invoice(name="Northwind", country="GB"):
    given_vendor(percent="20")
    account = given_account(name)
    BillingDetails.objects.create(account=account, country=country)
    given_subscription(account, at=noon("2026-03-03"))
    bill(account, "2026-03-03")
    return Document.objects.select_related("account", "issue").get(account=account)


def address(document, kind):
    return f"/billing/invoices/{document.pk}/{kind}/"


def jobs():
    found = ProcrastinateJob.objects.filter(task_name="make_file", status="todo")
    return [(job.args["document_id"], job.args["kind"]) for job in found]


@pytest.mark.parametrize(
    ("kind", "name", "content_type", "beginning"),
    [
        (FileKind.PDF, "INV-1.pdf", "application/pdf", b"%PDF"),
        (FileKind.PDF_LETTER, "INV-1-letter.pdf", "application/pdf", b"%PDF"),
        (FileKind.PDF_WORKING, "INV-1-working.pdf", "application/pdf", b"%PDF"),
        (FileKind.UBL, "INV-1-ubl.xml", "application/xml", b"<?xml"),
        (FileKind.CII, "INV-1-cii.xml", "application/xml", b"<?xml"),
    ],
)
def test_a_file_is_sent_under_the_documents_number(visit_as, kind, name, content_type, beginning):
    document = given_invoice()
    store_files(document=document, kinds=[kind], at=noon("2026-03-03"), by=STAFF)
    answer = visit_as(administrator_of(document.account)).get(address(document, kind))
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (
        200,
        content_type,
        "no-store",
    )
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.content.startswith(beginning)
    assert jobs() == []


def test_a_request_never_loads_what_sets_pages():
    """Rendering happens in a job: the web's processes have neither the memory nor the time for it."""
    script = (
        "import sys, django; django.setup(); import seatledger.config.urls;"
        "print(sorted({'typst', 'pikepdf', 'fontTools'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


def test_a_file_that_is_not_made_is_asked_for_once(visit_as):
    document = given_invoice()
    visitor = visit_as(administrator_of(document.account))
    for _ in range(2):
        answer = visitor.get(address(document, "pdf_working"))
        assert (answer.status_code, answer["Refresh"]) == (202, "3")
        assert "Your file is being prepared" in text_of(answer)
    assert jobs() == [(str(document.pk), "pdf_working")]


def test_the_neighbours_file_is_not_there(visit_as):
    document, neighbour = given_invoice(), given_account("Contoso")
    store_files(document=document, at=noon("2026-03-03"), by=STAFF)
    visitor = visit_as(administrator_of(neighbour))
    assert [visitor.get(address(document, kind)).status_code for kind in ("pdf", "pdf_letter")] == [404, 404]
    assert jobs() == []


def test_a_kind_that_does_not_exist_is_not_there(visit_as):
    document = given_invoice()
    assert visit_as(administrator_of(document.account)).get(address(document, "docx")).status_code == 404


def test_xml_that_cannot_be_says_why(visit_as):
    document = given_invoice(country="")
    answer = visit_as(administrator_of(document.account)).get(address(document, "ubl"))
    assert answer.status_code == 422
    assert "no electronic form. The customer needs a name and a country." in text_of(answer)


def test_files_are_for_those_who_see_bills(visit_as):
    document = given_invoice()
    clerk = given_user(
        document.account, "Bo Clerk", roles=[given_role(document.account)], at=noon("2026-03-04")
    )
    assert visit_as(clerk).get(address(document, "pdf")).status_code == 403
    assert jobs() == []
