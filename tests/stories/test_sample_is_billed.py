"""A company's fourteen months, billed month by month: every invoice agrees with a count over the file."""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import groupby
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.test import TestCase

from charging import given_vendor
from sample import OPENED_AT, given_sample_account, sample_file, sample_text
from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.models import PriceInterval
from seatledger.domain.catalogue.queries import get_plan_version_for_operator
from seatledger.domain.invoices.actions import bill_account
from seatledger.domain.invoices.models import Document, DocumentKind
from seatledger.domain.invoices.workings import read_line
from seatledger.domain.licences.actions import import_history
from seatledger.domain.licences.importing.rows import read_history
from seatledger.domain.licences.models import Pool
from seatledger.domain.subscriptions.actions import NewSubscription, start_subscription
from seatledger.engine.lines import work_out
from support import STAFF, SYSTEM

LONDON = ZoneInfo("Europe/London")
# Pounds a month, as the catalogue says; wallboards are billed like the rest, by what is held.
PRICES = {
    "essential-user": Decimal("6.50"),
    "professional-user": Decimal("11.00"),
    "agent-user": Decimal("9.00"),
    "ucclient-desktop": Decimal("2.00"),
    "ucclient-crm": Decimal("3.50"),
    "reports-supervisor": Decimal("8.00"),
    "insights-supervisor": Decimal("12.00"),
    "analytics-supervisor": Decimal("18.00"),
    "live-analytics-supervisor": Decimal("24.00"),
    "contact-centre-supervisor": Decimal("32.00"),
    "firetv-wallboard": Decimal("15.00"),
    "wallboard": Decimal("15.00"),
}
FIRST_DAY, LAST_DAY = date(2025, 9, 1), date(2026, 10, 31)
LAST_BILLING = LAST_DAY + timedelta(days=1)
CHANGES = 40_000
CENT, VAT = Decimal("0.01"), Decimal("0.20")


class Holders:
    """Who holds what, and how many hold each licence, counted line by line; it knows no rule and none of our code."""

    def __init__(self) -> None:
        self.held: defaultdict[str, set[str]] = defaultdict(set)
        self.number: Counter[str] = Counter()

    def take(self, who: str, licence: str) -> None:
        self.held[who].add(licence)
        self.number[licence] += 1

    def free(self, who: str, licence: str) -> None:
        self.held[who].remove(licence)
        self.number[licence] -= 1

    def hear(self, line: dict[str, str]) -> None:
        who, licence = line["email"] or line["device"], line["licence"]
        match line["change"]:
            case "licence_assigned":
                self.take(who, licence)
            case "licence_released":
                self.free(who, licence)
            case "licence_moved":
                self.free(who, licence)
                self.take(line["to_email"], licence)
            case "level_changed":
                self.free(who, licence)
                self.take(who, line["to_licence"])
            case "user_deactivated" | "user_deleted":
                for every in list(self.held[who]):
                    self.free(who, every)
            case "device_added":
                self.number[licence] += 1
            case "device_removed":
                self.number[licence] -= 1


def most_held_by_day() -> dict[date, dict[str, int]]:
    """Return, for each day in London, the most licences of each type that were held at once on it."""
    holders = Holders()
    most: dict[date, dict[str, int]] = {}
    lines = csv.DictReader(io.StringIO(sample_text()))
    day = FIRST_DAY
    most[day] = dict.fromkeys(PRICES, 0)
    for at, together in groupby(lines, key=lambda line: datetime.fromisoformat(line["at"])):
        # Each day begins with what the one before ended with.
        while day < at.astimezone(LONDON).date():
            day += timedelta(days=1)
            most[day] = {licence: holders.number[licence] for licence in PRICES}
        # What happens at one instant, such as a move, is one step.
        for line in together:
            holders.hear(line)
        # A change at midnight sharp leaves the day nothing of the number before.
        local = at.astimezone(LONDON)
        midnight = local.time() == time.min
        for licence in PRICES:
            before = 0 if midnight else most[day][licence]
            most[day][licence] = max(before, holders.number[licence])
    while day < LAST_DAY:
        day += timedelta(days=1)
        most[day] = {licence: holders.number[licence] for licence in PRICES}
    return most


def expected_bills() -> dict[date, dict[str, Decimal]]:
    """Return what each month costs by licence type: each day's licences at the price of a day, rounded once."""
    counted = most_held_by_day()
    bills: dict[date, dict[str, Decimal]] = {}
    for first, days in groupby(sorted(counted), key=lambda day: day.replace(day=1)):
        month = list(days)
        amounts = {
            licence: sum(counted[day][licence] for day in month) * price / len(month)
            for licence, price in PRICES.items()
        }
        bills[first] = {licence: amount.quantize(CENT, ROUND_HALF_UP) for licence, amount in amounts.items()}
    return bills


def months() -> list[date]:
    """Return the first day of each month after the one in which the history begins, to the last billing."""
    days = (FIRST_DAY + timedelta(days=number) for number in range(1, (LAST_BILLING - FIRST_DAY).days + 1))
    return [day for day in days if day.day == 1]


@cache
def expected_documents() -> list[tuple[date, dict[str, Decimal], Decimal, Decimal]]:
    """Return what the invoice of each month says: its day, its lines, the tax on their sum, the total."""
    found = []
    for day, bill in zip(months(), expected_bills().values(), strict=True):
        # What was held by nobody is not on the invoice.
        lines = {licence: amount for licence, amount in bill.items() if amount}
        net = sum(lines.values(), Decimal(0))
        tax = (net * VAT).quantize(CENT, ROUND_HALF_UP)
        found.append((day, lines, tax, net + tax))
    return found


def said_by(document: Document) -> tuple[date, dict[str, Decimal], Decimal, Decimal]:
    """Return what an invoice says, in pounds, its lines by the key of the licence type."""
    pools = Pool.objects.filter(account=document.account_id)
    keys = dict(pools.values_list("pk", "licence_type__key"))
    rows = list(document.lines.all())
    lines = {keys[row.pool_id]: pounds(row.amount_minor) for row in rows}
    assert len(lines) == len(rows), "one line for each licence type"
    return document.dated_on, lines, pounds(document.tax_minor), pounds(document.total_minor)


def pounds(minor: int) -> Decimal:
    return Decimal(minor).scaleb(-2)


def bill_on(account: Account, day: date) -> list[Document]:
    """Bill an account in the night before a day's work."""
    at = datetime.combine(day, time(2, 15), tzinfo=LONDON)
    return bill_account(account=account, at=at, by=SYSTEM)


class TestTheSampleIsBilled(TestCase):
    """A vendor in the United Kingdom, at 20 %, and Northwind: imported once, billed in each test."""

    account: ClassVar[Account]

    @classmethod
    def setUpTestData(cls) -> None:
        given_vendor(percent="20")
        cls.account = given_sample_account()
        version = get_plan_version_for_operator("unified-communications", OPENED_AT.date())
        new = NewSubscription(version=version, interval=PriceInterval.MONTH)
        start_subscription(account=cls.account, new=new, at=OPENED_AT, by=STAFF)
        file = read_history(sample_file(), zone=LONDON)
        at = datetime.combine(LAST_BILLING, time(1), tzinfo=LONDON)
        imported = import_history(account=cls.account, file=file, at=at, by=SYSTEM)
        assert sum(imported.changed.values()) + imported.unchanged == CHANGES

    def test_every_invoice_agrees_with_the_count_over_the_file(self):  # C17, C25
        issued: list[Document] = []
        for day in months():
            issued += bill_on(self.account, day)
        assert [said_by(document) for document in issued] == expected_documents()
        assert_is_all_there_is(issued)
        assert bill_on(self.account, LAST_BILLING) == []
        assert_is_all_there_is(issued)

    def test_catching_up_after_fourteen_months_makes_the_same_invoices(self):
        issued = bill_on(self.account, LAST_BILLING)
        assert [said_by(document) for document in issued] == expected_documents()
        assert_is_all_there_is(issued)

    def test_every_line_can_be_worked_out_again(self):
        for document in bill_on(self.account, LAST_BILLING):
            for row in document.lines.all():
                line = read_line(row)
                assert work_out(line.item, line.rate, line.scale, line.shape) == line
                assert line.amount_minor == row.amount_minor


def assert_is_all_there_is(issued: Sequence[Document]) -> None:
    """Prove that these documents were issued and no others, numbered as the months follow each other."""
    rows = Document.objects.order_by("dated_on")
    assert list(rows) == list(issued)
    assert {row.kind for row in rows} == {DocumentKind.INVOICE}
    assert [row.issue.reference for row in rows] == [f"INV-{number}" for number in range(1, 15)]
