"""Billing history: what was charged and paid, one document with its working, and who may see it."""

import pytest
from django.urls import reverse

from charging import bill, given_vendor, noon
from reading import number_of_queries, rows_of, text_of
from seatledger.domain.invoices.actions import credit_account, credit_invoice, void_invoice, write_off
from seatledger.domain.invoices.crediting import GrossAmount
from seatledger.domain.invoices.models import BalanceEntry, Document, DocumentKind, EntryKind
from seatledger.domain.licences.actions import change_total
from seatledger.domain.licences.models import Pool
from seatledger.domain.people.permissions import Permission
from seatledger.faces.ui.formats import NOTHING
from selling import given_subscription
from support import STAFF, administrator_of, given_account, given_role, given_user

pytestmark = pytest.mark.django_db
INVOICES = "/billing/invoices/"


@pytest.fixture
def account(db):
    return given_account("Northwind")


@pytest.fixture
def visitor(visit_as, account):
    return visit_as(administrator_of(account))


def sell_ten_seats(account):
    """Ten seats from 3 March, two more on the 23rd, both billed at 20 % tax."""
    given_vendor(percent="20")
    given_subscription(account, quantities={"professional-user": 10}, at=noon("2026-03-03"))
    bill(account, "2026-03-03")
    pool = Pool.objects.get(account=account, licence_type__key="professional-user")
    change_total(pool=pool, total=12, reason="More people", at=noon("2026-03-23"), by=STAFF)
    bill(account, "2026-03-23")
    return pool


def document_of(account, reference):
    return Document.objects.get(account=account, issue__reference=reference)


def page_of(visitor, document):
    return visitor.get(reverse("portal:invoice", args=[document.pk]))


def given_payment(account, amount_minor):
    """Enter a payment in the statement."""
    last = BalanceEntry.objects.filter(account=account).order_by("-sequence")[0]
    BalanceEntry.objects.create(
        account=account,
        sequence=last.sequence + 1,
        kind=EntryKind.PAYMENT,
        at=noon("2026-03-25"),
        dated_on="2026-03-25",
        currency="GBP",
        amount_minor=-amount_minor,
        balance_minor=last.balance_minor - amount_minor,
        text="Bank transfer",
    )


def test_everything_that_moved_the_balance_is_one_list(visitor, account):  # E18, E19
    sell_ten_seats(account)
    given_payment(account, 14400)
    page = visitor.get(INVOICES)
    assert rows_of(page, "transactions") == [
        ["25 Mar 2026", "Payment Bank transfer", NOTHING, "-£144.00", "£10.22"],
        ["23 Mar 2026", "Invoice INV-2", "Overdue", "£10.22", "£154.22"],
        ["3 Mar 2026", "Invoice INV-1", "Overdue", "£144.00", "£144.00"],
    ]
    assert text_of(page, "#standing") == "To pay £154.22 Overdue £154.22"
    assert text_of(page, ".//h1") == "Billing history"


def test_an_account_without_invoices_owes_nothing(visitor):
    page = visitor.get(INVOICES)
    assert text_of(page, "#standing") == "To pay £0.00 Nothing is open"
    assert "No transactions yet" in text_of(page, "#transactions")


def test_the_menu_leads_to_the_billing_history(visitor):  # E18
    assert text_of(visitor.get(INVOICES), ".//nav//a[@aria-current='page']") == "Billing history"


def test_a_document_says_who_what_when_and_how_much(visitor, account):
    sell_ten_seats(account)
    page = page_of(visitor, document_of(account, "INV-2"))
    assert text_of(page, ".//h1") == "Invoice INV-2"
    assert text_of(page, "#facts") == (
        f"Details Number INV-2 Date 23 Mar 2026 Due by 22 Apr 2026 Account {account.serial_number}"
        " Files PDF (A4) PDF (Letter) PDF with the working"
    )
    assert text_of(page, "#parties") == (
        "Parties Billed to Northwind Seller Vendor Ltd 1 High Street Leeds United Kingdom VAT number GB999999973"
    )
    assert rows_of(page, "totals") == [["Net", "£8.52"], ["Standard rate, 20 % on £8.52", "£1.70"]]
    assert text_of(page, ".//*[@id='totals']/tfoot") == "Total £10.22"


def test_a_line_opens_its_working_and_leads_to_its_entries(visitor, account):
    pool = sell_ten_seats(account)
    page = page_of(visitor, document_of(account, "INV-2"))
    assert text_of(page, ".//*[@id='lines']//caption") == "Professional User, 3 March to 2 April 2026"
    assert text_of(page, ".//*[@id='line-1']//ul") == (
        "23 March to 2 April 2026: 12 seats charged instead of 10."
        " For the full period, 3 March to 2 April 2026, 12 seats cost 144.00 and 10 seats cost 120.00."
        " Plus, counted to the end of the period: 24.00 x 11/31 days = 8.516129..., rounded 8.52."
        " The amount is 8.52 GBP."
    )
    (group,) = page.context["groups"]
    entries = visitor.get(group.lines[0].entries_url)
    assert [row[2] for row in rows_of(entries, "history")] == [
        "Total increased “More people”",
        "Licences added “Subscription to Team”",
    ]
    assert visitor.get(group.lines[0].difference_url).context["pool"] == pool


def test_an_invoice_and_its_credit_note_lead_to_each_other(visitor, account):
    sell_ten_seats(account)
    invoice = document_of(account, "INV-1")
    note = credit_invoice(
        invoice=invoice,
        credit=GrossAmount(1200),
        reason="Goodwill for the outage",
        at=noon("2026-03-24"),
        by=STAFF,
    )
    page = page_of(visitor, invoice)
    assert rows_of(page, "settlements") == [["24 Mar 2026, 12:00", "Credit note CN-1", "£12.00"]]
    assert (
        text_of(page, "#settlements")
        .replace(" .", ".")
        .endswith("Still to pay: £132.00, due by 2 Apr 2026. Credit notes for it: CN-1")
    )
    page = page_of(visitor, note)
    assert text_of(page, "#facts") == (
        "Details Number CN-1 Date 24 Mar 2026 For invoice INV-1 Reason Goodwill for the outage"
        f" Account {account.serial_number} Files PDF (A4) PDF (Letter) PDF with the working"
    )
    assert text_of(page, "#line-1") == ("10 seats, 3 March to 2 April 2026 (INV-1, line 1) 20 % tax £10.00")
    assert rows_of(page, "settlements") == [["24 Mar 2026, 12:00", "Invoice INV-1", "£12.00"]]
    assert rows_of(visitor.get(INVOICES), "transactions")[0] == [
        "24 Mar 2026",
        "Credit note CN-1",
        "Used",
        "-£12.00",
        "£142.22",
    ]


def test_credit_that_is_left_is_shown_at_the_top(visitor, account):
    sell_ten_seats(account)
    credit_account(
        account=account,
        amount_minor=20000,
        text="Goodwill",
        reason="A long outage",
        at=noon("2026-03-24"),
        by=STAFF,
    )
    page = visitor.get(INVOICES)
    assert text_of(page, "#standing") == (
        "To pay £0.00 Nothing is open Credit £45.78 taken off your next invoices"
    )
    assert [row[2] for row in rows_of(page, "transactions")] == ["Credit left", "Paid", "Paid"]
    note = page_of(visitor, document_of(account, "CN-1"))
    assert (
        text_of(note, "#settlements")
        .replace(" .", ".")
        .endswith("Not used yet: £45.78. It is taken off your next invoices.")
    )


def test_a_void_invoice_says_so(visitor, account):
    sell_ten_seats(account)
    invoice = document_of(account, "INV-2")
    void_invoice(invoice=invoice, reason="Made twice", at=noon("2026-03-24"), by=STAFF)
    page = page_of(visitor, invoice)
    assert "This invoice is void" in text_of(page)
    assert "Made twice" in text_of(page)
    assert [row[1:] for row in rows_of(visitor.get(INVOICES), "transactions")[:2]] == [
        ["Void of INV-2", NOTHING, "-£10.22", "£144.00"],
        ["Invoice INV-2", "Void", "£10.22", "£154.22"],
    ]


def test_an_invoice_that_was_given_up_is_not_called_paid(visitor, account):
    sell_ten_seats(account)
    invoice = document_of(account, "INV-2")
    write_off(invoice=invoice, reason="Nobody answers", at=noon("2026-03-24"), by=STAFF)
    page = page_of(visitor, invoice)
    assert rows_of(page, "settlements") == [["24 Mar 2026, 12:00", "Write-off", "£10.22"]]
    assert "Nobody answers" not in page.content.decode()
    assert [row[1:] for row in rows_of(visitor.get(INVOICES), "transactions")[:2]] == [
        ["Write-off of INV-2", NOTHING, "-£10.22", "£144.00"],
        ["Invoice INV-2", "Written off", "£10.22", "£154.22"],
    ]


def test_the_neighbour_finds_no_invoice(visit_as, account):
    sell_ten_seats(account)
    neighbour = given_account("Fabrikam")
    stranger = visit_as(administrator_of(neighbour))
    assert page_of(stranger, document_of(account, "INV-1")).status_code == 404
    assert "No transactions yet" in text_of(stranger.get(INVOICES), "#transactions")


def test_only_those_who_may_see_billing_see_invoices(visit_as, account):
    sell_ten_seats(account)
    role = given_role(account, permissions=[Permission.LICENCES_VIEW])
    viewer = given_user(account, roles=[role], at=noon("2026-03-24"))
    assert visit_as(viewer).get(INVOICES).status_code == 403
    assert page_of(visit_as(viewer), document_of(account, "INV-1")).status_code == 403


def test_a_draft_is_not_shown(visitor, account):
    draft = Document.objects.create(
        account=account,
        kind=DocumentKind.INVOICE,
        currency="GBP",
        dated_on="2026-03-24",
        due_on="2026-03-24",
        net_minor=100,
        tax_minor=0,
        total_minor=100,
        billed_to={},
        sold_by={},
        taxes=[],
        made_at=noon("2026-03-24"),
    )
    assert page_of(visitor, draft).status_code == 404


def test_one_row_and_three_take_the_same_number_of_queries(visitor, account):
    pool = sell_ten_seats(account)
    pages = [INVOICES, reverse("portal:invoice", args=[document_of(account, "INV-1").pk])]
    before = [number_of_queries(visitor, page) for page in pages]
    change_total(pool=pool, total=15, reason="Still more", at=noon("2026-03-24"), by=STAFF)
    bill(account, "2026-04-03")
    given_payment(account, 1000)
    credit_invoice(
        invoice=document_of(account, "INV-1"),
        credit=GrossAmount(1200),
        reason="Goodwill",
        at=noon("2026-04-04"),
        by=STAFF,
    )
    assert [number_of_queries(visitor, page) for page in pages] == before


def test_a_long_statement_goes_on(visitor, account):
    sell_ten_seats(account)
    for _ in range(51):
        given_payment(account, 100)
    first = visitor.get(INVOICES)
    assert len(rows_of(first, "transactions")) == 50
    second = visitor.get(INVOICES + first.context["next_url"])
    assert [row[1] for row in rows_of(second, "transactions")] == [
        "Payment Bank transfer",
        "Invoice INV-2",
        "Invoice INV-1",
    ]
    assert visitor.get(f"{INVOICES}?after=nonsense").status_code == 400
