"""Quotations as PDF: what was sent, by rate of tax, on either size of page; made once, and for nobody else."""

import io
import unicodedata
from datetime import date, timedelta
from threading import Barrier

import pypdf
import pytest
from django.db import IntegrityError, transaction

from charging import bill, given_vendor, noon
from seatledger.domain.events.models import Event
from seatledger.domain.invoices.models import BillingDetails, FileKind
from seatledger.domain.payments.actions.quotation_files import store_quotation_files
from seatledger.domain.payments.actions.quotations import NewQuotation, OfferedLine, send_quotation
from seatledger.domain.payments.models import QuotationFile
from seatledger.domain.payments.queries.quotations import (
    get_quotation_file,
    list_unfiled_quotations_for_operator,
)
from seatledger.domain.subscriptions.models import SoldBy
from seatledger.shared.errors import NotFound
from selling import given_subscription
from support import STAFF, bound_to, given_account, run_together

MARCH_3, MARCH_23 = noon("2026-03-03"), noon("2026-03-23")
PAGE = "https://portal.example/billing/quotations/1/"


def given_quotation(name="Northwind", *, at=MARCH_23, billed=True, agreed=None, **details):
    """Offer five more to an account that has ten at 12.00 a month since 3 March 2026, with 20 % of tax."""
    given_vendor(percent="20")
    account = given_account(name)
    where = {"legal_name": name, "street": "4 Mill Lane", "city": "Leeds", "country": "GB"}
    BillingDetails.objects.create(account=account, **where | details)
    subscription = given_subscription(
        account, quantities={"professional-user": 10}, sold_by=SoldBy.CONTRACT, at=MARCH_3
    )
    if billed:
        bill(account, "2026-03-03")
    line = OfferedLine(subscription.items.get().pk, 5, agreed or {})
    new = NewQuotation([line], date(2026, 4, 22), "For the new office")
    return send_quotation(account=account, new=new, at=at, by=STAFF)


def store(quotation, *kinds):
    chosen = kinds or (FileKind.PDF,)
    return store_quotation_files(quotation=quotation, kinds=chosen, accept_at=PAGE, at=MARCH_23, by=STAFF)


def read(file):
    """Return the text of a file, its lines joined, and its page's size in points."""
    [page] = pypdf.PdfReader(io.BytesIO(bytes(file.content))).pages
    return " ".join(page.extract_text().split()), tuple(round(float(side)) for side in page.mediabox[2:])


@pytest.mark.django_db
def test_a_quotation_says_what_is_offered_and_what_it_comes_to():
    quotation = given_quotation()
    [file] = store(quotation)
    said, size = read(file)
    assert size == (595, 842)
    # 5 x 12.00 x 11/31, and 15 x 12.00 from the renewal, each with 20 % of tax
    for words in (
        f"Quotation {quotation.number}",
        "Valid until 22 April 2026",
        "Vendor Ltd 1 High Street",
        "Northwind 4 Mill Lane Leeds",
        "For the new office",
        "Professional User 5 12.00 GBP per licence per month",
        "If accepted on 23 March 2026",
        "5 seats, 23 March to 2 April 2026",
        "20 % 21.29 4.26",
        "Total before tax 21.29",
        "GBP 25.55",
        "GBP 216.00, tax included",
        "Next invoice, 3 April 2026",
        PAGE,
    ):
        assert words in said, said


@pytest.mark.django_db
def test_an_agreed_price_shows_what_is_credited_and_charged_for_it():
    said, _ = read(store(given_quotation(agreed={"unit_amount": "9.00"}))[0])
    # 11 of 31 days: 10 at 12.00 back, 15 at 9.00 instead
    for words in ("9.00 GBP per licence per month", "\N{MINUS SIGN}42.58", "47.90", "5.32", "GBP 6.38"):
        assert words in said, said


@pytest.mark.django_db
def test_what_is_due_that_day_anyway_is_taken_off():
    quotation = given_quotation(at=MARCH_3, billed=False)
    rows = [(row["title"], row["amount_minor"]) for row in quotation.paper["lines"]]
    assert sum(amount for _, amount in rows) == quotation.now_minor - quotation.now_tax_minor == 6_000
    assert rows[-1] == ("Less what is due that day without it", -12_000)
    [tax] = quotation.paper["taxes"]
    assert (tax["net_minor"], tax["tax_minor"]) == (6_000, 1_200)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["株式会社 北風", "شركة الرياح الشمالية", "Βόρειος Άνεμος", "חברת הרוח", "บริษัท ลมเหนือ"]
)
def test_names_in_any_script_are_set_on_letter_paper(name):
    quotation = given_quotation("Northwind", legal_name=name)
    [file] = store(quotation, FileKind.PDF_LETTER)
    said, size = read(file)
    assert size == (612, 792)
    assert "\N{REPLACEMENT CHARACTER}" not in said
    # Some scripts are drawn from right to left, or joined: what is read back has the same characters.
    letters = {character for character in unicodedata.normalize("NFKC", said) if not character.isascii()}
    assert {character for character in name if character.isalpha()} <= letters, said


@pytest.mark.django_db
def test_the_logo_of_the_vendor_stands_on_it(settings, tmp_path):
    logo = tmp_path / "logo.svg"
    logo.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="13"><rect width="40" height="13"/></svg>'
    )
    plain = bytes(store(given_quotation("Northwind"))[0].content)
    settings.SEATLEDGER_LOGO = logo
    said, _ = read(store(given_quotation("Contoso"))[0])
    # The wordmark, which stands in for a logo, is the seller's name once more.
    assert said.count("Vendor Ltd") == read_bytes(plain).count("Vendor Ltd") - 1


def read_bytes(content):
    return " ".join(pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text().split())


@pytest.mark.django_db
def test_files_are_made_once_and_told_once():
    quotation = given_quotation()
    assert [each.pk for each in list_unfiled_quotations_for_operator(since=MARCH_3)] == [quotation.pk]
    assert list_unfiled_quotations_for_operator(since=MARCH_23 + timedelta(seconds=1)) == []
    assert [file.kind for file in store(quotation)] == ["pdf"]
    assert list_unfiled_quotations_for_operator(since=MARCH_3) == []
    assert [file.kind for file in store(quotation, FileKind.PDF, FileKind.PDF_LETTER)] == ["pdf_letter"]
    assert store(quotation, FileKind.PDF, FileKind.PDF_LETTER, FileKind.UBL) == []
    told = Event.objects.filter(account=quotation.account, kind="quotation_files_made").order_by("sequence")
    assert [event.payload["kinds"] for event in told] == [["pdf"], ["pdf_letter"]]
    with pytest.raises(IntegrityError, match="a_quotation_has_a_file_of_a_kind_once"), transaction.atomic():
        QuotationFile.objects.create(
            account=quotation.account, quotation=quotation, kind="pdf", content=b"", made_at=MARCH_23
        )


@pytest.mark.django_db
def test_the_same_quotation_gives_the_same_file():
    quotation = given_quotation()
    first = bytes(store(quotation)[0].content)
    QuotationFile.objects.all().delete()
    assert bytes(store(quotation)[0].content) == first


@pytest.mark.django_db
def test_what_was_sent_before_papers_were_kept_has_no_file():
    quotation = given_quotation()
    type(quotation).objects.filter(pk=quotation.pk).update(paper={})
    assert list_unfiled_quotations_for_operator(since=MARCH_3) == []
    assert store(quotation) == []
    with pytest.raises(NotFound):
        get_quotation_file(quotation.account, quotation.pk, FileKind.PDF)


@pytest.mark.django_db
def test_the_neighbours_file_is_not_there():
    quotation, neighbour = given_quotation(), given_account("Contoso")
    store(quotation)
    assert get_quotation_file(quotation.account, quotation.pk, FileKind.PDF)
    with pytest.raises(NotFound):
        get_quotation_file(neighbour, quotation.pk, FileKind.PDF)
    with bound_to(neighbour):
        assert not QuotationFile.objects.exists()
    with bound_to(quotation.account):
        assert QuotationFile.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_jobs_at_once_make_one_file():
    quotation = given_quotation()
    outcomes = run_together(*[lambda: store(quotation)] * 4)
    assert sorted(len(made) for made in outcomes) == [0, 0, 0, 1]
    assert QuotationFile.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_control_which_does_not_hold_it_is_stopped_by_the_database():
    """Looking first and writing afterwards, all of them see none; the constraint lets one through."""
    quotation, barrier = given_quotation(), Barrier(4)

    def look_then_write():
        assert not QuotationFile.objects.filter(quotation=quotation).exists()
        barrier.wait(timeout=60)
        try:
            return QuotationFile.objects.create(
                account=quotation.account, quotation=quotation, kind="pdf", content=b"", made_at=MARCH_23
            )
        except IntegrityError as refused:
            return refused

    outcomes = run_together(*[look_then_write] * 4)
    assert sum(isinstance(outcome, IntegrityError) for outcome in outcomes) == 3
