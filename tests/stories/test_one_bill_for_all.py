"""One bill for all customers of a provider: told by date, to the penny, with a change of who pays between periods."""

from collections import Counter
from datetime import date

import pytest

from charging import documents_of, given_vendor, noon, numbers_of, run
from leaving import close
from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.models import PlanVersion, Price
from seatledger.domain.closures.erasure import erase
from seatledger.domain.invoices.actions import agree_one_bill, bill_account, end_one_bill, void_invoice
from seatledger.domain.invoices.actions.one_bills import DayIsPast, HasNoCustomers, OneBillAlready
from seatledger.domain.invoices.models import Document, DocumentKind, Line
from seatledger.domain.invoices.queries.crediting import describe_row
from seatledger.domain.invoices.queries.truth import find_wrong_amounts
from seatledger.domain.licences.actions import change_total
from seatledger.domain.licences.models import Pool
from selling import given_plan, given_subscription
from support import STAFF, given_account, given_licence_type, given_provider

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def vendor():
    return given_vendor()


@pytest.fixture
def harbour():
    return given_provider("Harbour")


@pytest.fixture
def flexible():
    """Professional User at 12.00 a month, in pounds and euros; what is given back is credited."""
    version = given_plan("flexible", [(given_licence_type(), 5, {})])
    for currency in ("GBP", "EUR"):
        Price.objects.create(
            item=version.items.get(),
            currency=currency,
            interval="month",
            unit_amount="12.00",
            rules={"proration": {"decrease": "credit", "ending_day_billed": False}},
        )
    return version


def subscribed(
    name: str, harbour: Account, plan: PlanVersion, seats: int, *, currency: str = "GBP"
) -> Account:
    account = given_account(name, provider=harbour)
    Account.objects.filter(pk=account.pk).update(currency=currency)
    account.refresh_from_db()
    given_subscription(account, version=plan, quantities={"professional-user": seats}, at=noon("2026-04-01"))
    return account


@pytest.fixture
def customers(harbour, flexible):
    return [
        subscribed(name, harbour, flexible, seats)
        for name, seats in (("Alder", 10), ("Birch", 5), ("Cedar", 3))
    ]


def agree(harbour: Account, from_on: str, on: str) -> None:
    agree_one_bill(provider=harbour, from_on=date.fromisoformat(from_on), at=noon(on), by=STAFF)


def end(harbour: Account, until_on: str, on: str) -> None:
    end_one_bill(provider=harbour, until_on=date.fromisoformat(until_on), at=noon(on), by=STAFF)


def set_seats(account: Account, number: int, on: str) -> None:
    pool = Pool.objects.get(account=account, licence_type__key="professional-user")
    change_total(pool=pool, total=number, reason="As ordered", at=noon(on), by=STAFF)


def charged_by_customer(document: Document) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for line in document.lines.all():
        sums[line.text] += line.amount_minor
    return dict(sums)


def test_three_customers_are_one_invoice_with_its_lines_by_customer(harbour, customers):  # D24
    agree(harbour, "2026-04-01", "2026-03-20")
    run("2026-04-01")
    assert documents_of(harbour) == ["INV-1 on 2026-04-01: 216.00 = 120.00 + 60.00 + 36.00"]
    document = Document.objects.get(account=harbour)
    assert charged_by_customer(document) == {"Alder": 12000, "Birch": 6000, "Cedar": 3600}
    assert document.billed_to["name"] == "Harbour"
    first = describe_row(document.lines.order_by("position").first())
    assert first == "Alder: 10 seats, 1 to 30 April 2026"
    assert [documents_of(customer) for customer in customers] == [[], [], []]
    run("2026-04-01", hour=13)
    assert len(documents_of(harbour)) == 1


def test_a_month_with_more_and_fewer_licences_adds_up_to_the_penny(harbour, customers):  # D24
    _, birch, cedar = customers
    agree(harbour, "2026-04-01", "2026-03-20")
    run("2026-04-01")
    set_seats(birch, 7, "2026-04-16")
    run("2026-04-16", hour=13)
    set_seats(cedar, 2, "2026-04-21")
    run("2026-04-21", hour=13)
    run("2026-05-01")
    assert documents_of(harbour) == [
        "INV-1 on 2026-04-01: 216.00 = 120.00 + 60.00 + 36.00",
        "INV-2 on 2026-04-16: 12.00",  # 2 x 12.00 x 15/30
        "CN-1 on 2026-04-21: 4.00",  # 1 x 12.00 x 10/30
        "INV-3 on 2026-05-01: 228.00 = 120.00 + 84.00 + 24.00",
    ]
    assert find_wrong_amounts(None) == []
    assert (numbers_of(), numbers_of(DocumentKind.CREDIT_NOTE)) == ([1, 2, 3], [1])


def test_who_pays_changes_between_periods_and_nothing_is_lost_or_doubled(harbour, customers):  # D24
    _, birch, cedar = customers
    run("2026-04-01")
    agree(harbour, "2026-05-01", "2026-04-10")
    set_seats(birch, 7, "2026-04-16")
    run("2026-04-16", hour=13)
    run("2026-05-01")
    end(harbour, "2026-06-01", "2026-05-20")
    set_seats(cedar, 2, "2026-05-22")
    run("2026-05-22", hour=13)
    run("2026-06-01")
    by_customer = {
        account.name: [row.split(" on ")[1] for row in documents_of(account)] for account in customers
    }
    assert by_customer == {
        "Alder": ["2026-04-01: 120.00", "2026-06-01: 120.00"],
        "Birch": ["2026-04-01: 60.00", "2026-04-16: 12.00", "2026-06-01: 84.00"],
        "Cedar": ["2026-04-01: 36.00", "2026-06-01: 24.00"],
    }
    assert [row.split(" on ")[1] for row in documents_of(harbour)] == [
        "2026-05-01: 240.00 = 120.00 + 84.00 + 36.00",
        "2026-05-22: 3.87",  # 1 x 12.00 x 10/31
    ]
    assert numbers_of() == list(range(1, 9))
    assert find_wrong_amounts(None) == []


def test_what_comes_to_nothing_together_is_an_invoice_and_a_credit_note(harbour, customers):
    _, birch, cedar = customers
    agree(harbour, "2026-04-01", "2026-03-20")
    run("2026-04-01")
    set_seats(birch, 6, "2026-04-16")
    set_seats(cedar, 2, "2026-04-16")
    run("2026-04-16", hour=13)
    assert set(documents_of(harbour)[1:]) == {"INV-2 on 2026-04-16: 6.00", "CN-1 on 2026-04-16: 6.00"}


def test_an_account_in_another_currency_is_billed_itself(harbour, customers, flexible):
    dune = subscribed("Dune", harbour, flexible, 4, currency="EUR")
    agree(harbour, "2026-04-01", "2026-03-20")
    run("2026-04-01")
    assert [row.split(": ")[1] for row in documents_of(dune)] == ["48.00"]
    assert [row.split(": ")[1] for row in documents_of(harbour)] == ["216.00 = 120.00 + 60.00 + 36.00"]


def test_a_void_bill_is_made_anew_for_all(harbour, customers):
    agree(harbour, "2026-04-01", "2026-03-20")
    run("2026-04-01")
    void_invoice(
        invoice=Document.objects.get(account=harbour), reason="Wrong address", at=noon("2026-04-02"), by=STAFF
    )
    run("2026-04-02", hour=13)
    assert documents_of(harbour)[1:] == ["INV-2 on 2026-04-01: 216.00 = 120.00 + 60.00 + 36.00"]


def test_a_customer_alone_is_not_billed_what_its_provider_pays(harbour, customers):
    agree(harbour, "2026-04-01", "2026-03-20")
    assert bill_account(account=customers[0], at=noon("2026-04-01"), by=STAFF) == []
    assert not Line.objects.exists()
    run("2026-04-01")
    assert documents_of(harbour) == ["INV-1 on 2026-04-01: 216.00 = 120.00 + 60.00 + 36.00"]


def test_what_cannot_be_agreed(harbour):
    with pytest.raises(HasNoCustomers, match="is not a provider"):
        agree(given_account(), "2026-04-01", "2026-03-20")
    with pytest.raises(DayIsPast, match="Choose a day after today"):
        agree(harbour, "2026-03-20", "2026-03-20")
    with pytest.raises(OneBillAlready, match="billed themselves already"):
        end(harbour, "2026-04-01", "2026-03-20")
    agree(harbour, "2026-04-01", "2026-03-20")
    with pytest.raises(OneBillAlready, match="billed for its customers already"):
        agree(harbour, "2026-05-01", "2026-03-20")
    end(harbour, "2026-05-01", "2026-04-20")
    agree(harbour, "2026-06-01", "2026-04-20")


def test_a_customer_that_is_closed_and_erased_is_billed_to_the_last_day_before(harbour, customers):  # B9, D24
    alder = customers[0]
    agree(harbour, "2026-04-01", "2026-03-20")
    run("2026-04-01")
    set_seats(alder, 12, "2026-04-16")
    closure = close(alder, at=noon("2026-04-20"))
    assert closure.takes_effect_at.date() == date(2026, 4, 30)
    erase(closure, at=closure.erase_by, by=STAFF)
    assert (
        documents_of(harbour)
        == [
            "INV-1 on 2026-04-01: 216.00 = 120.00 + 60.00 + 36.00",
            "INV-2 on 2026-04-16: 12.00",  # 2 x 12.00 x 15/30, made with the closing: later nothing is left to tell it from
            "INV-3 on 2026-05-01: 96.00 = 60.00 + 36.00",
        ]
    )
    assert find_wrong_amounts(None) == []
