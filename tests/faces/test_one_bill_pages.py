"""One bill for all: the provider reads each customer's lines with their working; customers read no amounts."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from staff_visits import sign_in_staff

from charging import given_vendor, noon, run
from reading import text_of
from seatledger.domain.invoices.actions import agree_one_bill
from seatledger.domain.invoices.models import Document, OneBill
from seatledger.domain.invoices.one_bills import BilledToProvider, check_pays_by_itself
from seatledger.domain.payments.actions.purchases import quote_order
from seatledger.domain.payments.orders import EndOrder
from seatledger.domain.staff.models import StaffDeed
from seatledger.faces.portal.next_invoice import MOST_CUSTOMERS, next_invoice_of
from selling import given_subscription
from staffing import given_member
from support import STAFF, administrator_of, given_account, given_provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def harbour(db):
    given_vendor()
    provider = given_provider("Harbour")
    for name, seats in (("Alder", 10), ("Birch", 5)):
        account = given_account(name, provider=provider)
        given_subscription(account, quantities={"professional-user": seats}, at=noon("2026-04-01"))
    agree_one_bill(provider=provider, from_on=date(2026, 4, 1), at=noon("2026-03-20"), by=STAFF)
    run("2026-04-01")
    return provider


@pytest.fixture
def alder(harbour):
    return harbour.customers.get(name="Alder")


def test_the_provider_reads_lines_by_customer_with_their_working(visit_as, harbour):  # D24
    document = Document.objects.get(account=harbour)
    visitor = visit_as(administrator_of(harbour))
    page = visitor.get(f"/billing/invoices/{document.pk}/")
    shown = text_of(page)
    assert "Alder: Professional User, 1 to 30 April 2026" in shown
    assert "Birch: Professional User, 1 to 30 April 2026" in shown
    assert "£180.00" in shown
    assert "10 seats" in shown
    assert "/billing/invoices/difference/" not in page.content.decode()


def test_a_customer_reads_its_licences_and_no_amounts(visit_as, alder):
    visitor = visit_as(administrator_of(alder))
    assert "10" in text_of(visitor.get("/billing/"), "#content")
    for path in ("/", "/billing/", "/licences/", "/billing/invoices/", "/billing/history/"):
        page = visitor.get(path)
        assert page.status_code == 200
        assert "£" not in text_of(page).replace("£0.00", "")
    for path in ("/billing/summary/", "/billing/more/buy", "/billing/summary/buy", "/billing/summary/plan"):
        refused = visitor.get(path)
        assert refused.status_code == 422
        assert "Your provider is billed for this account's licences" in text_of(refused)
    assert visitor.get("/billing/more").url == "/billing/request"


def test_a_customer_orders_nothing_that_its_provider_would_pay(alder):
    with pytest.raises(BilledToProvider, match="ask your provider"):
        quote_order(account=alder, order=EndOrder(), at=noon("2026-04-02"), by=STAFF)
    check_pays_by_itself(given_account("Stranger"))


# The pages about it


def test_the_provider_reads_who_is_billed_and_its_next_invoice_line_by_line(visit_as, harbour):  # D24
    visitor = visit_as(administrator_of(harbour))
    page = text_of(visitor.get("/billing/customers/"))
    assert "One bill for all customers , made out to the provider" in page
    assert "began on or after 1 April 2026" in page
    assert "Next invoice, for 2 customers" in page
    assert "Alder: Professional User" in page
    assert "Birch: Professional User" in page
    assert "Customers' bills" in text_of(visitor.get("/billing/"))
    overview = text_of(visitor.get("/"), "#next-lines")
    assert "Alder 1 line" in overview
    assert "Working" not in overview


def test_an_overview_tells_many_customers_together(harbour):
    for number in range(10):
        account = given_account(f"Customer {number}", provider=harbour)
        given_subscription(account, at=noon("2026-04-01"))
    told = next_invoice_of(harbour, at=noon("2026-04-02"))
    assert len(told.lines) == MOST_CUSTOMERS + 1
    assert told.lines[-1].name == "2 further customers"
    assert sum(line.amount_minor for line in told.lines) == told.total_minor


def test_a_customer_has_no_such_page(visit_as, alder):
    assert visit_as(administrator_of(alder)).get("/billing/customers/").status_code == 404


@pytest.fixture
def at_the_console(harbour):
    """Return the provider's page in the console, read, and the deeds done as staff would."""
    staff = sign_in_staff(given_member(at=timezone.now() - timedelta(minutes=5)))
    account_url = reverse("console:account", args=[harbour.serial_number])

    def do(deed: str, **said: str):
        url = reverse("console:deed", args=[harbour.serial_number, deed])
        return staff.post(url, {"reason": "As agreed on the phone", **said})

    return lambda: text_of(staff.get(account_url), "#who-pays"), do


def test_staff_end_and_agree_it_with_a_reason(at_the_console, harbour):
    read, do = at_the_console
    assert "One bill for all customers" in read()
    assert "Bill each customer itself" in read()
    day = (timezone.now() + timedelta(days=40)).date()
    looked = text_of(do("end_one_bill", from_on=day.isoformat(), do="look"), "#preview")
    assert "one bill for each customer" in looked
    assert "for 2 customers" in looked
    assert OneBill.objects.filter(until_on__isnull=True).exists()
    assert do("end_one_bill", from_on=day.isoformat()).status_code == 302
    assert OneBill.objects.get().until_on == day
    assert "each customer is billed itself" in read()
    assert "Bill the provider for all customers" in read()
    assert StaffDeed.objects.get().reason == "As agreed on the phone"
    again = (day + timedelta(days=30)).isoformat()
    assert do("agree_one_bill", from_on=again).status_code == 302
    assert OneBill.objects.count() == 2


def test_what_cannot_be_agreed_is_refused_at_the_console(at_the_console):
    _, do = at_the_console
    today = timezone.now().date().isoformat()
    refused = do("end_one_bill", from_on=today)
    assert refused.status_code == 422
    assert "Choose a day after today" in text_of(refused)
    assert do("end_one_bill", from_on="").status_code == 422
    later = (timezone.now() + timedelta(days=40)).date().isoformat()
    assert "billed for its customers already" in text_of(do("agree_one_bill", from_on=later))
    assert not StaffDeed.objects.exists()


@pytest.mark.parametrize(("alone", "state"), [("180", "done"), ("179", "waiting")])
def test_what_moves_more_than_one_may_alone_waits_for_a_second_person(at_the_console, settings, alone, state):
    settings.SEATLEDGER_SECOND_PERSON = settings.SEATLEDGER_SECOND_PERSON | {"most_amount": int(alone)}
    _, do = at_the_console
    # What is due by now of these months is one document a month: 10 and 5 at 12.00.
    do("end_one_bill", from_on=(timezone.now() + timedelta(days=40)).date().isoformat())
    assert StaffDeed.objects.get().state == state
    assert OneBill.objects.filter(until_on__isnull=True).exists() == (state == "waiting")
