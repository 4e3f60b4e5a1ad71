"""The files of issued documents: made once, from what is stored, and shown to nobody else."""

import io
from datetime import date, timedelta
from operator import attrgetter

import pypdf
import pytest

from charging import bill, given_vendor, noon
from seatledger.domain.events.models import Event
from seatledger.domain.invoices.actions import credit_account, credit_invoice, store_files
from seatledger.domain.invoices.crediting import Everything, GrossAmount
from seatledger.domain.invoices.drafts import Draft, DraftLine, taxes_of
from seatledger.domain.invoices.models import BillingDetails, Document, DocumentFile, DocumentKind, FileKind
from seatledger.domain.invoices.parties import parties_of
from seatledger.domain.invoices.queries import (
    NoElectronicForm,
    get_document,
    get_file,
    get_paper,
    list_file_kinds,
    list_unfiled_for_operator,
)
from seatledger.domain.invoices.writing import issue_drafts
from seatledger.engine.money import Money
from seatledger.shared.errors import NotFound
from selling import given_subscription
from structured_rules import broken_rules
from support import STAFF, bound_to, given_account, run_together

ON = "2026-03-03"


def given_invoice(name="Northwind", **vendor):
    """Return an issued invoice of 120.00 for ten seats."""
    given_vendor(percent="20", **vendor)
    account = given_account(name)
    BillingDetails.objects.create(account=account, street="4 Mill Lane", city="Leeds", country="GB")
    given_subscription(account, quantities={"professional-user": 10}, at=noon(ON))
    bill(account, ON)
    return get_document(account, Document.objects.get(account=account).pk)


def given_credit(account, net_minor):
    """Issue a credit note of so much before 20 % of tax; what is open is reduced by it first."""
    parties = parties_of(account)
    lines = (DraftLine(net_minor, parties.tax_on(date(2026, 3, 10)), text="Goodwill"),)
    draft = Draft(
        account_id=account.pk,
        seller_id=parties.seller.pk,
        kind=DocumentKind.CREDIT_NOTE,
        currency="GBP",
        dated_on=date(2026, 3, 10),
        due_on=date(2026, 3, 10),
        lines=lines,
        taxes=taxes_of(lines),
        billed_to=parties.billed_to(),
        sold_by=parties.sold_by,
    )
    [note] = issue_drafts([draft], at=noon("2026-03-10"), by=STAFF)
    return note


def store(document, *kinds):
    chosen = {"kinds": kinds} if kinds else {}
    return store_files(document=document, at=noon(ON), by=STAFF, **chosen)


def kinds_of(document):
    return sorted(DocumentFile.objects.filter(document=document).values_list("kind", flat=True))


@pytest.mark.django_db
def test_an_invoice_gets_a_page_and_both_forms_of_xml():
    document = given_invoice()
    assert sorted(file.kind for file in store(document)) == ["cii", "pdf", "ubl"]
    files = {file.kind: bytes(file.content) for file in DocumentFile.objects.filter(document=document)}
    text = pypdf.PdfReader(io.BytesIO(files["pdf"])).pages[0].extract_text()
    for wanted in ("Invoice INV-1", "Professional User", "10 seats, 3 March to 2 April 2026", "144.00"):
        assert wanted in text
    assert [broken_rules(kind, files[kind]) for kind in ("cii", "ubl")] == [[], []]
    assert Event.objects.filter(kind="files_made").get().payload["document_id"] == str(document.pk)


@pytest.mark.django_db
def test_making_files_again_changes_nothing():
    document = given_invoice()
    store(document)
    before = list(DocumentFile.objects.values_list())
    assert store(document) == []
    assert list(DocumentFile.objects.values_list()) == before
    assert Event.objects.filter(kind="files_made").count() == 1


@pytest.mark.django_db
def test_the_vendors_logo_stands_at_the_head(settings, tmp_path):
    settings.SEATLEDGER_LOGO = tmp_path / "logo.svg"
    settings.SEATLEDGER_LOGO.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"><rect width="40" height="10"/></svg>'
    )
    [file] = store(given_invoice(), FileKind.PDF)
    page = pypdf.PdfReader(io.BytesIO(file.content)).pages[0]
    assert page.extract_text().startswith(
        "Vendor Ltd\n1 High Street"
    )  # the address alone, no wordmark before it


@pytest.mark.django_db
def test_what_is_asked_for_later_joins_what_is_there():
    document = given_invoice()
    store(document)
    assert [file.kind for file in store(document, FileKind.PDF_LETTER)] == ["pdf_letter"]
    assert [file.kind for file in store(document, FileKind.PDF_WORKING, FileKind.PDF)] == ["pdf_working"]
    assert kinds_of(document) == ["cii", "pdf", "pdf_letter", "pdf_working", "ubl"]


@pytest.mark.django_db
def test_the_working_of_a_stored_line_is_told():
    document = given_invoice()
    [line] = get_paper(document.account, document).lines
    assert (line.title, line.detail) == ("Professional User", "10 seats, 3 March to 2 April 2026")
    assert line.working[-1] == "The amount is 120.00 GBP."


@pytest.mark.django_db
def test_a_document_without_an_electronic_form_gets_its_page_alone():
    document = given_invoice(vat_number="")
    assert [file.kind for file in store(document)] == ["pdf"]
    assert store(document) == []
    assert list_file_kinds(document.account, document) == [
        FileKind.PDF,
        FileKind.PDF_LETTER,
        FileKind.PDF_WORKING,
    ]
    with pytest.raises(NoElectronicForm, match="The seller needs a VAT number"):
        get_file(document.account, document.pk, FileKind.UBL)


@pytest.mark.django_db
def test_credit_that_was_there_is_taken_off_what_is_to_be_paid():
    """What settles an invoice later is not: the paper says how things stood on its day."""
    account = given_invoice().account
    given_credit(account, 15000)  # 180.00: pays the first invoice of 144.00 later on, and 36.00 are left
    bill(account, "2026-04-03")
    invoice = Document.objects.filter(account=account, kind=DocumentKind.INVOICE).latest("dated_on")
    paper = get_paper(account, get_document(account, invoice.pk))
    assert (paper.total, paper.credit_used) == (Money(14400, "GBP"), Money(3600, "GBP"))
    earlier = Document.objects.filter(account=account, kind=DocumentKind.INVOICE).earliest("dated_on")
    assert get_paper(account, get_document(account, earlier.pk)).credit_used == Money(0, "GBP")


@pytest.mark.django_db
def test_credit_notes_that_people_write_obey_the_rules_too():
    invoice = given_invoice()
    said = {"reason": "As agreed", "at": noon("2026-03-10"), "by": STAFF}
    notes = [
        credit_invoice(invoice=invoice, credit=GrossAmount(1), **said),
        credit_invoice(invoice=invoice, credit=GrossAmount(3337), **said),
        credit_invoice(invoice=invoice, credit=Everything(), **said),
        credit_account(account=invoice.account, amount_minor=777, text="For your patience", **said),
    ]
    for note in notes:
        store(get_document(note.account, note.pk))
        files = {file.kind: bytes(file.content) for file in DocumentFile.objects.filter(document=note)}
        assert [broken_rules(kind, files[kind]) for kind in ("cii", "ubl")] == [[], []]
    last = get_paper(invoice.account, get_document(invoice.account, notes[2].pk))
    assert (last.corrects, last.reason, last.total) == ("INV-1", "As agreed", Money(14400 - 3338, "GBP"))


@pytest.mark.django_db
def test_a_file_is_found_by_its_own_account_alone():
    document = given_invoice()
    neighbour = given_invoice("Contoso").account
    assert get_file(document.account, document.pk, FileKind.PDF) is None
    store(document)
    assert bytes(get_file(document.account, document.pk, FileKind.PDF).content).startswith(b"%PDF-1.7")
    with pytest.raises(NotFound):
        get_file(neighbour, document.pk, FileKind.PDF)
    with bound_to(neighbour):
        assert not DocumentFile.objects.filter(document=document).exists()


@pytest.mark.django_db
def test_documents_without_files_are_listed_until_they_have_them():
    # Both were issued at one instant: then the id decides.
    first, second = sorted([given_invoice(), given_invoice("Contoso")], key=attrgetter("pk"))
    assert list_unfiled_for_operator() == [first, second]
    assert list_unfiled_for_operator(limit=1) == [first]
    assert list_unfiled_for_operator(after=first.issue) == [second]
    assert list_unfiled_for_operator(since=noon(ON) + timedelta(seconds=1)) == []
    store(first)
    assert list_unfiled_for_operator(since=noon(ON)) == [second]


@pytest.mark.django_db(transaction=True)
def test_two_jobs_at_once_make_the_files_once():
    document = given_invoice()
    outcomes = run_together(*[lambda: store(document)] * 4)
    assert sorted(len(outcome) for outcome in outcomes) == [0, 0, 0, 3]
    assert kinds_of(document) == ["cii", "pdf", "ubl"]
