"""The console's list of accounts: by words, addresses, numbers, states and days, whatever their number."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from staff_visits import sign_in_staff

from invoicing import given_invoice
from reading import text_of
from seatledger.domain.accounts.models import Account
from seatledger.domain.closures.models import Closure, ClosureState
from seatledger.domain.invoices.models import AccountBilling
from seatledger.domain.licences.models import Pool, Terms
from seatledger.domain.licences.queries import get_account_type
from seatledger.domain.staff.permissions import StaffRole
from seatledger.domain.staff.queries import accounts
from seatledger.domain.staff.queries.accounts import (
    AccountSearch,
    find_accounts_for_operator,
    key_of_row,
)
from seatledger.domain.staff.queries.figures import get_figures_for_operator
from seatledger.domain.staff.queries.states import AccountState
from seatledger.shared.boundary import bind_staff, unbind
from staffing import given_member
from support import (
    AT,
    LATER,
    NEXT_MONTH,
    bound_to,
    given_account,
    given_licence_type,
    given_pool,
    given_provider,
    refreshed,
)

pytestmark = pytest.mark.django_db


def found(**wanted):
    page = find_accounts_for_operator(AccountSearch(**wanted), after=None, limit=50, at=LATER)
    return [row.account.name for row in page.rows]


@pytest.fixture
def street():
    """Accounts of every state, by what is valid on the day of `LATER`."""
    today = LATER.date()
    active = given_pool(given_account("Halden & Okafor"), expires_on=today)
    given_pool(given_account("Okapi Clinic"), terms=Terms.TRIAL, expires_on=today + timedelta(days=9))
    given_pool(given_account("Cedar School"), terms=Terms.TRIAL, expires_on=today - timedelta(days=1))
    both = given_account("Ånge Logistics")
    given_pool(both, terms=Terms.PAID, expires_on=None)
    AccountBilling.objects.update_or_create(
        account=both, defaults={"next_on": None, "parked_at": AT, "parked_because": "no seller"}
    )
    AccountBilling.objects.update_or_create(
        account=active.account, defaults={"next_on": today + timedelta(days=30)}
    )
    return active.account


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ["Cedar School", "Halden & Okafor", "Okapi Clinic", "Ånge Logistics"]),
        ("oka", ["Halden & Okafor", "Okapi Clinic"]),
        ("oka hal", ["Halden & Okafor"]),
        ("&", []),
        ("ÅNGE", ["Ånge Logistics"]),
        ("'; drop", []),
        ("ann.lee@ceda", ["Cedar School"]),
        ("@okapi", ["Okapi Clinic"]),
        ("@", ["Cedar School", "Halden & Okafor", "Okapi Clinic", "Ånge Logistics"]),
        ("eu-0000-0000", []),
    ],
)
def test_accounts_are_found_by_words_addresses_and_domains(street, text, names):
    assert found(text=text) == names


def test_an_account_is_found_by_the_beginning_of_its_serial_number(street):
    serial = street.serial_number
    assert found(text=serial.lower()) == [street.name]
    assert street.name in found(text=serial[:6])


@pytest.mark.parametrize(
    ("state", "names"),
    [
        (AccountState.ACTIVE, ["Halden & Okafor", "Ånge Logistics"]),
        (AccountState.TRIAL, ["Okapi Clinic"]),
        (AccountState.EXPIRED, ["Cedar School"]),
        (AccountState.WAITING, ["Ånge Logistics"]),
    ],
)
def test_accounts_are_narrowed_by_state(street, state, names):
    assert found(state=state) == names


def test_every_account_is_found_by_the_state_that_is_shown_of_it(street):
    """Each by one of them; a customer's is its account type."""
    given_account("Elm Without Licences")
    given_provider("Elm Partners")
    given_pool(given_provider("Elm Group"))
    lapsed = given_pool(given_account("Elm Lapsed")).account
    Account.objects.filter(pk=lapsed.pk).update(lapsed_at=AT)
    closed = given_account("Elm Closed")
    Account.objects.filter(pk=closed.pk).update(closed_at=AT)
    rows = find_accounts_for_operator(AccountSearch(), after=None, limit=50, at=LATER).rows
    shown = {row.account.name: row.state for row in rows}
    assert shown["Elm Without Licences"] == AccountState.EXPIRED
    narrowed = set(AccountState) - {AccountState.WAITING, AccountState.CLOSING}
    assert shown == {name: state for state in narrowed for name in found(state=state)}
    assert sum(len(found(state=state)) for state in narrowed) == len(shown) == 9
    for row in rows:
        if not row.account.is_provider and not row.account.closed_at:
            assert row.state.value == get_account_type(row.account, LATER).value
    figures = get_figures_for_operator(LATER)
    counted = {"active": figures.active, "trial": figures.on_trial, "expired": figures.expired}
    assert counted == {state: len(found(state=AccountState(state))) for state in counted}


def test_whether_an_account_has_licences_follows_its_pools():
    account = given_account("Elm")
    assert not refreshed(account).has_licences
    pool = given_pool(account)
    assert refreshed(account).has_licences
    Pool.objects.filter(pk=pool.pk).update(terms=Terms.INCLUDED)
    assert not refreshed(account).has_licences
    Pool.objects.filter(pk=pool.pk).update(terms=Terms.TRIAL)
    assert refreshed(account).has_licences
    Pool.objects.create(
        account=account,
        licence_type=given_licence_type("included-user", charge_model="active"),
        terms=Terms.INCLUDED,
        opened_at=AT,
    ).delete()
    assert refreshed(account).has_licences


def test_what_is_closed_or_being_closed_is_found_by_that_and_by_no_other_state(street):
    """Their licences have ended, as those of others have that are Expired."""
    yesterday = LATER.date() - timedelta(days=1)
    for name in ("Elm Closed", "Elm Closing"):
        given_pool(given_account(name), expires_on=yesterday)
    Account.objects.filter(name="Elm Closed").update(closed_at=AT)
    closing = Account.objects.get(name="Elm Closing")
    Closure.objects.create(
        account=closing, state=ClosureState.SCHEDULED, requested_at=AT, takes_effect_at=NEXT_MONTH
    )
    given_pool(given_provider("Elm Partners"))
    assert {state: [name for name in found(state=state) if "Elm" in name] for state in AccountState} == {
        AccountState.ACTIVE: [],
        AccountState.TRIAL: [],
        AccountState.EXPIRED: ["Elm Closing"],
        AccountState.PROVIDER: ["Elm Partners"],
        AccountState.WAITING: [],
        AccountState.CLOSING: ["Elm Closing"],
        AccountState.CLOSED: ["Elm Closed"],
    }
    assert found(state=AccountState.CLOSED, due_to=LATER.date() + timedelta(days=400)) == []
    AccountBilling.objects.update_or_create(
        account=Account.objects.get(name="Elm Closed"), defaults={"next_on": LATER.date()}
    )
    assert found(state=AccountState.CLOSED, due_to=LATER.date()) == ["Elm Closed"]
    Closure.objects.update(state=ClosureState.WITHDRAWN)
    assert found(state=AccountState.CLOSING) == []


@pytest.mark.parametrize("state", list(AccountState))
def test_a_state_that_many_are_in_is_found_as_one_that_few_are_in(street, monkeypatch, state):
    few = found(state=state)
    monkeypatch.setattr(accounts, "_RARE_UP_TO", 0)
    assert found(state=state) == few


def test_staff_find_accounts_by_index_and_see_none_between_two_regions(street):
    """A policy on the table would have each of 300,000 names looked at."""
    plans = []

    def explain(execute, sql, params, many, context):
        if "staff_accounts_here a WHERE" in sql and "LIMIT" in sql:
            execute(f"EXPLAIN {sql}", params, many, context)
            plans.append(" ".join(line for (line,) in context["cursor"].fetchall()))
        return execute(sql, params, many, context)

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        bind_staff()
        with connection.execute_wrapper(explain):
            behind = ("halden & okafor", UUID(int=0))
            find_accounts_for_operator(AccountSearch(), after=behind, limit=3, at=LATER)
            find_accounts_for_operator(AccountSearch("oka"), after=None, limit=3, at=LATER)
        unbind()
    by_name, by_word = plans
    assert "Index Cond: (ROW((lower(" in by_name
    assert "Bitmap Index Scan on accounts_by_word" in by_word
    Account.objects.filter(pk=street.pk).update(moving_to="us")
    assert street.name not in found()


def test_the_web_cannot_read_the_list_of_accounts(street):
    with (
        pytest.raises(ProgrammingError, match="permission denied for view"),
        bound_to(street),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT count(*) FROM staff_accounts_here")


def test_accounts_are_narrowed_by_the_day_on_which_something_is_due(street):
    day = LATER.date() + timedelta(days=30)
    assert found(due_from=day, due_to=day) == [street.name]
    assert found(due_to=day - timedelta(days=1)) == []


def test_of_too_many_that_fit_those_are_listed_whose_name_begins_so(monkeypatch):
    for name in ("Cedar School", "Cedar Clinic", "The Cedar"):
        given_account(name)
    assert found(text="cedar") == ["Cedar Clinic", "Cedar School", "The Cedar"]
    monkeypatch.setattr(accounts, "MOST_CANDIDATES", 2)
    assert found(text="cedar") == ["Cedar Clinic", "Cedar School"]
    assert find_accounts_for_operator(AccountSearch("cedar"), after=None, limit=9, at=LATER).too_many


def test_pages_follow_each_other_without_a_gap():
    names = [given_account(f"Account {number:02}").name for number in range(7)]
    wanted, after, seen = AccountSearch(), None, []
    while rows := find_accounts_for_operator(wanted, after=after, limit=3, at=LATER).rows:
        seen += [row.account.name for row in rows]
        after = key_of_row(rows[-1], wanted)
    assert seen == names


def test_the_list_asks_as_often_for_three_accounts_as_for_one(django_assert_num_queries):
    given_account("Northwind 1")
    with django_assert_num_queries(4):
        assert len(found()) == 1
    given_account("Northwind 2")
    given_account("Northwind 3")
    with django_assert_num_queries(4):
        assert len(found()) == 3


def test_the_list_page_shows_them_and_survives_what_makes_no_sense(street):
    visitor = sign_in_staff(given_member("Suri Patel", StaffRole.SUPPORT))
    page = text_of(visitor.get(reverse("console:accounts"), {"search": "oka"}))
    assert "Halden & Okafor" in page
    assert "Cedar School" not in page
    odd = {"state": "odd", "due_from": "soon", "search": "x" * 300}
    assert visitor.get(reverse("console:accounts"), odd).status_code == 200
    assert visitor.get(reverse("console:accounts"), {"after": "!"}).status_code == 400
    assert visitor.get(reverse("console:accounts"), {"search": "zzz"}).status_code == 200


# The figures


def test_the_overview_says_what_is_sold_used_owed_and_to_come(street):
    given_invoice(street, [10_000])
    figures = get_figures_for_operator(LATER)
    assert (figures.active, figures.on_trial, figures.expired) == (2, 1, 1)
    assert [(line.name, line.sold, line.used) for line in figures.licences] == [("Professional User", 20, 0)]
    assert [(line.currency, line.open_minor) for line in figures.open] == [("GBP", 12_000)]
    assert figures.due == [(LATER.date() + timedelta(days=30), 1)]
    page = text_of(sign_in_staff(given_member("Suri Patel", StaffRole.SUPPORT)).get("/console/"))
    assert "£120.00 open" in page


def test_the_overview_leads_from_each_number_to_what_it_counts():
    today = timezone.now().date()
    for days in (1, 20, 45, 70, 89, 95):
        pool = given_pool(given_account(f"Due in {days} days"))
        due = {"next_on": today + timedelta(days=days)}
        AccountBilling.objects.update_or_create(account=pool.account, defaults=due)
    visitor = sign_in_staff(given_member("Bram Olsen", StaffRole.BILLING))
    page = visitor.get(reverse("console:overview")).content.decode()
    assert "?licence=professional-user#licence" in page
    found = re.findall(r'href="([^"]*due_from=[^"]*)">(\d+) account', page)
    assert sum(int(number) for _, number in found) == 5
    for link, number in found:
        listed = visitor.get(link.replace("&amp;", "&"))
        assert len(listed.context["page"].rows) == int(number), link


def test_an_accounts_numbers_lead_to_their_entries():
    account = given_pool(given_account("Northwind"), total_licences=7).account
    visitor = sign_in_staff(given_member("Bram Olsen", StaffRole.BILLING))
    page = visitor.get(reverse("console:account", args=[account.serial_number])).content.decode()
    [link, *_] = re.findall(r'href="([^"]*/entries/[^"]*)"', page)
    assert "Professional User of Northwind" in text_of(visitor.get(link))
