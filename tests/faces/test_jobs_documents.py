"""The jobs that make the files of documents, as the worker runs them."""

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.exceptions import AlreadyEnqueued

from charging import given_vendor, noon
from delivery import do_the_jobs
from seatledger.domain.invoices.actions import bill_account
from seatledger.domain.invoices.models import BillingDetails, Document, DocumentFile
from seatledger.faces.jobs.documents import make_file, render_documents, render_old_documents
from selling import given_subscription
from support import STAFF, given_account

pytestmark = pytest.mark.django_db(transaction=True)


def given_invoices(*names, at=None):
    """Return issued invoices of as many accounts, issued now unless told otherwise."""
    given_vendor()
    documents = []
    for name in names:
        account = given_account(name)
        BillingDetails.objects.create(account=account, country="GB")
        given_subscription(account, at=noon("2026-03-03"))
        documents += bill_account(
            account=account, through=noon("2026-03-03").date(), at=at or timezone.now(), by=STAFF
        )
    return documents


def files_of(document):
    return sorted(DocumentFile.objects.filter(document=document).values_list("kind", flat=True))


def test_what_was_issued_gets_its_files():
    first, second = given_invoices("Northwind", "Contoso")
    render_documents.defer(timestamp=0)
    do_the_jobs("documents")
    assert [files_of(first), files_of(second)] == [["cii", "pdf", "ubl"]] * 2


def test_the_job_waits_in_the_queue_once():
    render_documents.defer(timestamp=0)
    with pytest.raises(AlreadyEnqueued):
        render_documents.defer(timestamp=1)
    do_the_jobs("documents")


def test_a_document_that_cannot_be_set_does_not_hold_up_the_others(caplog):
    broken, sound = given_invoices("Northwind", "Contoso")
    # Nothing of ours stores such a thing; the trigger that keeps issued documents is what stands against it.
    spoil(broken)
    render_documents.defer(timestamp=0)
    do_the_jobs("documents")
    assert [files_of(broken), files_of(sound)] == [[], ["cii", "pdf", "ubl"]]
    assert "document_not_rendered" in caplog.text


def test_old_documents_are_made_by_the_nightly_job_alone():
    [old] = given_invoices("Northwind", at=noon("2026-03-03"))
    render_documents.defer(timestamp=0)
    do_the_jobs("documents")
    assert files_of(old) == []
    render_old_documents.defer(timestamp=0)
    do_the_jobs("documents")
    assert files_of(old) == ["cii", "pdf", "ubl"]


def test_a_file_that_was_asked_for_is_made():
    [document] = given_invoices("Northwind")
    for _ in range(2):
        make_file.defer(document_id=str(document.pk), kind="pdf_working")
    do_the_jobs("documents")
    assert files_of(document) == ["pdf_working"]


def spoil(document):
    """Give a document a currency that does not exist."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE invoices_document DISABLE TRIGGER issued_documents_stay")
        cursor.execute("UPDATE invoices_document SET currency = 'ZZZ' WHERE id = %s", [document.pk])
        cursor.execute("ALTER TABLE invoices_document ENABLE TRIGGER issued_documents_stay")
    assert Document.objects.get(pk=document.pk).currency == "ZZZ"
