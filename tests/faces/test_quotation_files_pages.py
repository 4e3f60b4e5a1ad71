"""A quotation as PDF on the pages of customers and of staff: waited for, then downloaded; for those alone who may see it."""

import pytest
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from staff_visits import sign_in_staff

from buying import MONTH, given_american_account, given_enterprise
from reading import text_of
from seatledger.domain.invoices.actions import bill_account
from seatledger.domain.payments.actions.quotations import NewQuotation, OfferedLine, send_quotation
from seatledger.domain.payments.models import QuotationFile
from seatledger.domain.people.models import User
from seatledger.domain.staff.permissions import StaffRole
from seatledger.domain.subscriptions.models import SoldBy
from seatledger.faces.jobs.documents import make_quotation_file, render_documents
from staffing import given_member
from support import STAFF, administrator_of, given_account, given_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def quotation():
    """Five more at $20.00 a month, offered today."""
    now, account = timezone.now(), given_american_account()
    given_user(account, "Ben Okoro")
    subscription = given_enterprise(account, number=10, interval=MONTH, sold_by=SoldBy.CONTRACT, at=now)
    bill_account(account=account, at=now, by=STAFF)
    new = NewQuotation([OfferedLine(subscription.items.get().pk, 5)], now.date())
    return send_quotation(account=account, new=new, at=timezone.now(), by=STAFF)


def address_for(face, quotation, kind="pdf"):
    if face == "portal":
        return reverse("portal:quotation_file", args=[quotation.pk, kind])
    return reverse("console:quotation_file", args=[quotation.account.serial_number, quotation.pk, kind])


@pytest.fixture(params=["portal", "console"])
def reader(request, quotation, visit_as):
    """Return who may read it, and where."""
    if request.param == "portal":
        return request.param, visit_as(administrator_of(quotation.account))
    return request.param, sign_in_staff(given_member("Suri Patel", StaffRole.SUPPORT))


def jobs():
    found = ProcrastinateJob.objects.filter(task_name="make_quotation_file", status="todo")
    return [(job.args["quotation_id"], job.args["kind"]) for job in found]


def test_it_is_asked_for_once_waited_for_and_sent(quotation, reader):
    face, visitor = reader
    address = address_for(face, quotation, "pdf_letter")
    for _ in range(2):
        answer = visitor.get(address)
        assert (answer.status_code, answer["Refresh"]) == (202, "3")
        assert "Your file is being prepared PDF (Letter)." in text_of(answer)
    assert jobs() == [(str(quotation.pk), "pdf_letter")]
    make_quotation_file(*jobs()[0])
    answer = visitor.get(address)
    assert answer["Content-Disposition"] == f'attachment; filename="{quotation.number}-letter.pdf"'
    assert (answer["Content-Type"], answer.content[:4]) == ("application/pdf", b"%PDF")


def test_the_page_leads_to_it_and_a_job_has_made_it_within_a_minute(quotation, reader):
    face, visitor = reader
    page = (
        reverse("portal:quotation", args=[quotation.pk])
        if face == "portal"
        else reverse("console:account", args=[quotation.account.serial_number])
    )
    assert address_for(face, quotation) in visitor.get(page).content.decode()
    render_documents(0)
    assert visitor.get(address_for(face, quotation)).status_code == 200
    assert QuotationFile.objects.get().kind == "pdf"


@pytest.mark.parametrize("kind", ["ubl", "pdf_working", "doc"])
def test_other_kinds_are_not_there(quotation, reader, kind):
    face, visitor = reader
    assert visitor.get(address_for(face, quotation, kind)).status_code == 404


def test_it_is_there_for_nobody_else(quotation, visit_as):
    address = address_for("portal", quotation)
    assert visit_as(administrator_of(given_account("Contoso"))).get(address).status_code == 404
    assert visit_as(User.objects.get(first_name="Ben")).get(address).status_code == 403
    staff = sign_in_staff(given_member("Suri Patel", StaffRole.SUPPORT))
    wrong = reverse(
        "console:quotation_file", args=[given_account("Fabrikam").serial_number, quotation.pk, "pdf"]
    )
    assert staff.get(wrong).status_code == 404
    assert jobs() == []


def test_one_of_before_papers_were_kept_leads_nowhere(quotation, reader):
    face, visitor = reader
    type(quotation).objects.filter(pk=quotation.pk).update(paper={})
    page = reverse("portal:quotation", args=[quotation.pk])
    if face == "portal":
        assert address_for(face, quotation) not in visitor.get(page).content.decode()
    assert visitor.get(address_for(face, quotation)).status_code == 404
