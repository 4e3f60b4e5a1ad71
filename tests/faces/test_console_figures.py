"""The figures in the console: each chart with its table and its file, each number leads to accounts and entries."""

import csv
import io
import re
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
from babel.dates import format_date
from django.urls import reverse
from django.utils import timezone
from figure_pages import cells_of
from staff_visits import sign_in_staff

from invoicing import given_invoice
from reading import text_of
from seatledger.domain.accounts.models import Account
from seatledger.domain.figures.models import Movement
from seatledger.domain.figures.runs import reckon_figures
from seatledger.domain.licences.actions import change_total
from seatledger.domain.licences.models import Pool
from seatledger.domain.staff.permissions import StaffRole
from selling import given_subscription
from staffing import given_member
from support import STAFF, for_the_whole_file, given_account, given_pool

pytestmark = pytest.mark.django_db

TABLES = (
    "revenue",
    "movements",
    "active-accounts",
    "licences",
    "licence-by-month",
    "overdue",
    "renewals",
    "endings",
    "trials",
)


@pytest.fixture(scope="module", autouse=True)
def business(django_db_setup, django_db_blocker):
    """What the company is when all tests begin, and the instant at which it was reckoned."""
    now = timezone.now()
    with for_the_whole_file(django_db_blocker, lambda: given_business(now)):
        yield now


def given_business(now):
    """Two accounts that pay, one of which grew a month ago, one on trial, one for a fixed term; an invoice is overdue."""
    began = now - timedelta(days=70)
    given_pool(given_account("Dogwood"), total_licences=7, expires_on=now.date() + timedelta(days=20))
    grows, steady, trial = (given_account(name) for name in ("Ash", "Birch", "Cedar"))
    given_subscription(grows, quantities={"professional-user": 10}, at=began)
    given_subscription(steady, quantities={"professional-user": 3}, at=began)
    given_subscription(trial, trial=True, at=now - timedelta(days=3))
    pool = Pool.objects.get(account=grows, licence_type__key="professional-user")
    change_total(pool=pool, total=12, reason="Two more", at=now - timedelta(days=35), by=STAFF)
    given_invoice(steady)
    reckon_figures(at=now)


@pytest.fixture
def visitor():
    return sign_in_staff(given_member(role=StaffRole.BILLING))


def links_of(page):
    """Return where the numbers of a page lead."""
    found = re.findall(r'href="(/console/figures/[^"#]*)"', page)
    return {
        unescape(each) for each in found if ".csv" not in each and not each.startswith("/console/figures/?")
    }


def test_the_page_shows_what_the_business_is(business, visitor):
    page = visitor.get(reverse("console:figures"))
    said = text_of(page)
    assert "£180.00" in said  # 12 and 3 at 12.00
    for title in (
        "Recurring revenue a month",
        "What moved it",
        "Active accounts",
        "Licences that end, week by week",
        "Trials, by the month they began",
    ):
        assert title in said
    for movement in Movement:
        if movement != Movement.NONE:
            assert movement.label in said


def test_support_does_not_see_the_figures(business):
    support = sign_in_staff(given_member("Suri Patel", StaffRole.SUPPORT))
    addresses = [
        reverse("console:figures"),
        reverse("console:figures_file", args=["revenue"]),
        reverse("console:figure_accounts") + "?month=2026-03",
        reverse("console:figure_overdue") + "?currency=GBP&age=0-30",
    ]
    assert [support.get(address).status_code for address in addresses] == [403] * 4
    assert reverse("console:figures") not in support.get(reverse("console:overview")).content.decode()


@pytest.mark.parametrize("name", TABLES)
def test_each_table_is_a_file(business, visitor, name):
    answer = visitor.get(reverse("console:figures_file", args=[name]))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    heading, *rows = csv.reader(io.StringIO(answer.content.decode().removeprefix("\ufeff")))
    assert rows
    assert {len(row) for row in rows} == {len(heading)}


def test_a_file_says_what_the_page_says(business, visitor):
    answer = visitor.get(reverse("console:figures_file", args=["revenue"]))
    rows = list(csv.DictReader(io.StringIO(answer.content.decode().removeprefix("\ufeff"))))
    assert (rows[-1]["Month"], rows[-1]["Closing"]) == (f"{business:%Y-%m}", "180.00")
    for row in rows:
        moved = sum(float(row[movement.label]) for movement in Movement if movement != Movement.NONE)
        assert round(float(row["Opening"]) + moved, 2) == float(row["Closing"])


def test_every_number_leads_to_accounts_and_from_there_to_entries(business, visitor):
    page = visitor.get(reverse("console:figures")).content.decode()
    leads = links_of(page)
    assert len(leads) > 8
    for address in leads:
        answer = visitor.get(address)
        assert answer.status_code == 200, address
        assert "Nothing is behind this figure" not in answer.content.decode(), address
    month = (business - timedelta(days=35)).strftime("%Y-%m")
    expanded = visitor.get(
        f"{reverse('console:figure_accounts')}?{urlencode({'month': month, 'currency': 'GBP', 'movement': 'expansion'})}"
    ).content.decode()
    [account] = set(re.findall(r'href="(/console/figures/accounts/[^"?]+\?month=[^"]+)"', expanded))
    said = text_of(visitor.get(account))
    assert "10 for £120.00" in said
    assert "12 for £144.00" in said
    assert "Two more" in said


def test_each_number_of_the_page_is_a_link_unless_it_is_nothing(business, visitor):
    for name, cells in cells_of(visitor.get(reverse("console:figures"))):
        for heading, (text, url) in cells.items():
            is_something = re.search("[1-9]", text) and heading != "To"
            assert bool(url) == bool(is_something), (name, heading, text)


def minor(text):
    return int(re.sub(r"[^0-9]", "", text) or 0) * (-1 if "-" in text else 1)


def test_what_a_movement_leads_to_adds_up_to_it(business, visitor):
    page = visitor.get(reverse("console:figures"))
    moved = 0
    for name, cells in cells_of(page, "Recurring revenue and its movements in GBP"):
        for movement in Movement:
            text, url = cells.get(movement.label, ("", ""))
            if not url:
                continue
            behind = visitor.get(url)
            changes = [minor(row["Change"][0]) for _, row in cells_of(behind)]
            assert sum(changes) == minor(text), (name, movement)
            assert text in text_of(behind, ".//*[@class='stats']")
            moved += len(changes)
    assert moved == 3  # two were new, one of them grew


def test_an_accounts_items_add_up_to_its_movement(business, visitor):
    month = (business - timedelta(days=35)).strftime("%Y-%m")
    serial = Account.objects.get(name="Ash").serial_number
    parts = visitor.get(reverse("console:figure_account", args=[serial]) + f"?month={month}")
    *items, (together, sums) = cells_of(parts)
    assert together == "All together"
    assert [row["Change"][0] for _, row in items] == [sums["Change"][0]] == ["£24.00"]


def test_licences_sold_lead_to_the_entries_that_made_them(business, visitor):
    [(_, newest)] = cells_of(visitor.get(reverse("console:figures")), "Licences sold and used, by type")
    assert newest["Sold"][0] == "22"  # 12, 3 and 7
    holders = cells_of(visitor.get(newest["Sold"][1]))
    assert sum(int(row["Sold"][0]) for _, row in holders) == 22
    [(_, ash)] = [row for row in holders if row[0] == "Ash"]
    entries = visitor.get(ash["Sold"][1])
    assert sum(minor(row["Sold"][0]) for _, row in cells_of(entries)) == 12
    assert "Two more" in text_of(entries)


def test_entries_of_another_account_or_none_are_not_there(business, visitor):
    serial = Account.objects.get(name="Ash").serial_number
    address = reverse("console:figure_entries", args=[serial])
    assert visitor.get(f"{address}?licence=wallboard").status_code == 404
    assert visitor.get(f"{address}?licence=professional-user&month=1999-01").status_code == 404
    assert visitor.get(f"{address}?licence=professional-user&after=x").status_code == 400
    assert "Dogwood" not in visitor.get(f"{address}?licence=professional-user").content.decode()


def test_what_ends_is_shown_with_its_day(business, visitor):
    page = visitor.get(reverse("console:figures"))
    weeks = cells_of(page, "Licences that end, of accounts in GBP")
    [(_, week)] = [row for row in weeks if row[1]["Ends"][1]]
    assert (week["Ends"][0], week["Sold"][0]) == ("1", "7")
    [(account, row)] = cells_of(visitor.get(week["Ends"][1]))
    last_day = format_date(business.date() + timedelta(days=20), locale="en_GB")
    assert (account, row["Licence"][0], row["Last day"][0]) == ("Dogwood", "Professional User", last_day)
    assert "Dogwood" in text_of(visitor.get(row["Sold"][1]))


@pytest.mark.parametrize(
    ("name", "query", "status"),
    [
        # ISO 4217's code for no currency.
        ("figures", "currency=XXX", 400),
        ("figures", "licence=none", 200),
        ("figure_accounts", "month=2026-13", 400),
        ("figure_accounts", "month=1999-01", 404),
        ("figure_accounts", "", 400),
        ("figure_overdue", "currency=GBP&age=never", 200),
        ("figure_renewals", "currency=GBP&first=x&last=y", 400),
        ("figure_endings", "currency=GBP&first=x&last=y", 400),
        ("figure_endings", "currency=EUR&first=2026-01-01&last=2026-01-07", 200),
        ("figure_endings", "currency=pounds&first=2026-01-01&last=2026-01-07", 400),
        ("figure_overdue", "age=0-30", 400),
        ("figure_renewals", "currency=&first=2026-01-01&last=2026-01-07", 400),
        ("figure_trials", "month=2026-03&ended=x", 400),
        ("figure_trials", "month=2026-03&after=damaged", 400),
    ],
)
def test_damaged_addresses_are_refused(business, visitor, name, query, status):
    assert visitor.get(f"{reverse(f'console:{name}')}?{query}").status_code == status


def test_a_table_that_is_not_there_is_not_found(business, visitor):
    assert visitor.get(reverse("console:figures_file", args=["salaries"])).status_code == 404


def test_the_page_asks_as_much_whatever_the_number_of_accounts(
    business, visitor, django_assert_max_num_queries
):
    with django_assert_max_num_queries(30):
        visitor.get(reverse("console:figures"))
