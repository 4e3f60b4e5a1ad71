"""One bill for all: the provider reads each customer's lines with their working; customers read no amounts."""

from datetime import date

import pytest

from charging import given_vendor, noon, run
from reading import text_of
from seatledger.domain.invoices.actions import agree_one_bill
from seatledger.domain.invoices.models import Document
from seatledger.domain.invoices.one_bills import BilledToProvider, check_pays_by_itself
from seatledger.domain.payments.actions.purchases import quote_order
from seatledger.domain.payments.orders import EndOrder
from selling import given_subscription
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
