"""Billing > Licence history: the table, its filters, its pages and its file."""

import csv
import io
from datetime import date

import html5lib
import pytest
from django.db import connection
from django.urls import reverse

from reading import number_of_queries, text_of
from seatledger.domain.events.actions import Actor
from seatledger.domain.events.models import ActorKind
from seatledger.domain.licences.actions import (
    assign_licence,
    change_expiry,
    change_total,
    delete_users,
    release_licences,
    sync_licences,
)
from seatledger.domain.licences.models import Assignment, LedgerEntry
from seatledger.domain.licences.queries import HistoryFilter
from seatledger.domain.people.permissions import Permission
from seatledger.faces.portal import history_csv
from seatledger.faces.portal.history_csv import csv_parts
from seatledger.faces.ui.formats import NOTHING
from seatledger.shared.boundary import unbind
from seatledger.shared.text import defused
from support import (
    LATER,
    NEXT_DAY,
    STAFF,
    actor_of,
    administrator_of,
    given_account,
    given_device,
    given_device_type,
    given_licence_type,
    given_pool,
    given_role,
    given_user,
    given_users,
)

pytestmark = pytest.mark.django_db
HISTORY = "/billing/history/"


def lines(answer):
    """Return the rows of the history as who, action, licence type, holder, before and after."""
    return [cells[1:] for cells in rows(answer)]


def rows(answer):
    page = html5lib.parse(answer.content.decode(), namespaceHTMLElements=False)
    return [
        [" ".join(" ".join(cell.itertext()).split()) for cell in row]
        for row in page.findall(".//*[@id='history']//tbody/tr")
    ]


def file_of(answer):
    text = b"".join(answer.streaming_content).decode()
    unbind()
    return text


def test_changes_by_the_vendor_show_actor_before_and_after(visit_as):  # A29 to A32
    account = given_account()
    pool = given_pool(account, expires_on=date(2026, 12, 31))
    change_total(pool=pool, total=25, reason="Order 4711", at=LATER, by=STAFF)
    change_expiry(pool=pool, expires_on=date(2027, 12, 31), at=NEXT_DAY, by=STAFF)
    page = visit_as(administrator_of(account)).get(HISTORY, {"type": pool.pk})
    assert lines(page) == [
        ["Admin Team", "Expiry date changed", "Professional User", NOTHING, "31 Dec 2026", "31 Dec 2027"],
        ["Admin Team", "Total increased “Order 4711”", "Professional User", NOTHING, "10", "25"],
        ["Admin Team", "Licences added", "Professional User", NOTHING, NOTHING, "10"],
    ]
    assert rows(page)[0][0] == "3 Mar 2026, 09:00"


def test_each_kind_of_actor_is_named(visit_as):
    account = given_account()
    synced = given_licence_type("agent-user", sync_source="pbx")
    pool, agents = given_pool(account), given_pool(account, synced)
    ben = given_user(account)
    assign_licence(pool=pool, user=ben, at=LATER, by=actor_of(administrator_of(account)))
    sync_licences(account=account, wanted=[(ben.pk, synced.pk)], source="pbx", at=LATER, by=Actor.sync("pbx"))
    change_total(pool=agents, total=3, at=NEXT_DAY, by=Actor(ActorKind.PROVIDER, None, "Harbour Partners"))
    page = visit_as(administrator_of(account)).get(HISTORY)
    assert [line[0] for line in lines(page)[:3]] == ["Harbour Partners", "PBX sync", "Ann Lee"]
    assert lines(page)[1][3:] == ["Ben Okoro", NOTHING, "Kept in step with a list"]


def test_a_deleted_user_keeps_his_name(visit_as):
    account = given_account()
    ben = given_user(account)
    assign_licence(pool=given_pool(account), user=ben, at=LATER, by=STAFF)
    delete_users(account=account, user_ids=[ben.pk], at=NEXT_DAY, by=STAFF)
    page = visit_as(administrator_of(account)).get(HISTORY, {"holder": ben.pk, "kind": "released"})
    assert [line[3] for line in lines(page)] == ["Ben Okoro", "Ben Okoro"]


def test_the_history_is_narrowed_by_type_kind_day_and_holder(visit_as):
    account = given_account(time_zone="America/New_York")
    pool, screens = given_pool(account), given_pool(account, given_device_type())
    ben = given_user(account)
    seat = assign_licence(pool=pool, user=ben, at=LATER, by=STAFF)
    release_licences(account=account, assignment_ids=[seat.pk], at=NEXT_DAY, by=STAFF)
    given_device(screens, "Lobby screen", at=NEXT_DAY)
    visitor = visit_as(administrator_of(account))

    def actions(**filters):
        return [line[1] for line in lines(visitor.get(HISTORY, filters))]

    assert actions(type=pool.pk) == ["Released", "Assigned", "Licences added"]
    assert actions(kind="released") == ["Released"]
    assert actions(type=pool.pk, first="2026-03-03") == ["Released"]
    assert actions(type=pool.pk, last="2026-03-02") == ["Assigned", "Licences added"]
    assert actions(holder="lobby") == ["Assigned"]
    assert actions(holder="okoro", type=pool.pk) == ["Released", "Assigned"]
    assert actions(holder="nobody at all") == []


@pytest.mark.parametrize(
    "filters",
    [
        {"first": "9999-12-31"},
        {"last": "9999-12-31"},
        {"last": "0001-01-01"},
        {"first": "soon"},
        {"first": "2026-03-03", "last": "2026-03-02"},
        {"type": "nothing"},
        {"type": "00000000-0000-0000-0000-000000000000"},
        {"kind": "stolen"},
        {"holder": "x" * 1000},
    ],
)
def test_a_filter_that_makes_no_sense_is_said(visit_as, filters):
    visitor = visit_as(administrator_of(given_account()))
    assert visitor.get(HISTORY, filters).status_code == 422
    assert visitor.get(reverse("portal:history_csv"), filters).status_code == 400


@pytest.mark.parametrize(
    "key", ["x", "WyJhIiwiYiJd", "WyIyMDI2LTAzLTAyIiwiMSJd", "eyJhIjoxfQ", "WyJcdWQ4MDAiLCIxIl0"]
)
def test_a_damaged_key_is_refused(visit_as, key):
    assert visit_as(administrator_of(given_account())).get(HISTORY, {"after": key}).status_code == 400


def test_pages_follow_one_another_without_gap_or_repetition(visit_as):
    account = given_account()
    given_users(account, 60)
    visitor = visit_as(administrator_of(account))
    first = visitor.get(HISTORY)
    assert len(rows(first)) == 50
    second = visitor.get(first.context["next_url"] and HISTORY + first.context["next_url"])
    shown = [line.row.entry.pk for answer in (first, second) for line in answer.context["page"].rows]
    assert shown == list(
        LedgerEntry.objects.filter(account=account).order_by("-at", "-sequence").values_list("pk", flat=True)
    )


def test_a_neighbours_entries_are_not_shown(visit_as):
    account, other = given_account("Northwind"), given_account("Contoso")
    pool = given_pool(other)
    mallory = given_user(other, "Mallory Nosy")
    assign_licence(pool=pool, user=mallory, at=LATER, by=STAFF)
    visitor = visit_as(administrator_of(account))
    assert "Mallory" not in text_of(visitor.get(HISTORY))
    assert visitor.get(HISTORY, {"type": pool.pk}).status_code == 422
    assert lines(visitor.get(HISTORY, {"holder": mallory.pk})) == []
    assert "Mallory" not in file_of(visitor.get(reverse("portal:history_csv"), {"holder": mallory.pk}))


def test_the_file_holds_every_row_of_the_filter(visit_as):
    account = given_account()
    pool = given_pool(account)
    for user in given_users(account, 3):
        assign_licence(pool=pool, user=user, at=LATER, by=STAFF)
    answer = visit_as(administrator_of(account)).get(
        reverse("portal:history_csv"), {"type": pool.pk, "kind": "assigned"}
    )
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = file_of(answer)
    assert text.startswith("\ufeffWhen,Who,Action,Why,Licence type,Holder,Before,After,Reason\r\n")
    found = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [row["Holder"] for row in found] == ["User 3", "User 2", "User 1"]
    assert found[0] == {
        "When": "2026-03-02 10:00:00+00:00",
        "Who": "Admin Team",
        "Action": "Assigned",
        "Why": "By hand",
        "Licence type": "Professional User",
        "Holder": "User 3",
        "Before": "",
        "After": "manual",
        "Reason": "",
    }


def test_the_file_is_whole_whatever_the_size_of_a_batch(monkeypatch):
    account = given_account()
    given_users(account, 7)
    monkeypatch.setattr(history_csv, "BATCH", 3)
    text = "".join(csv_parts(account, HistoryFilter()))
    unbind()
    assert len(text.splitlines()) == 1 + LedgerEntry.objects.filter(account=account).count()


def test_each_part_of_the_file_is_read_within_the_wall():
    account, other = given_account("Northwind"), given_account("Contoso")
    parts = csv_parts(account, HistoryFilter())
    next(parts)
    next(parts)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, bound_account()")
        assert cursor.fetchone() == ("seatledger_web", account.pk)
    assert not LedgerEntry.objects.filter(account=other).exists()
    unbind()
    assert LedgerEntry.objects.filter(account=other).exists()


@pytest.mark.django_db(transaction=True)
def test_no_transaction_stays_open_between_the_parts():
    account = given_account()
    parts = csv_parts(account, HistoryFilter())
    for _ in range(2):
        next(parts)
        assert not connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user <> 'seatledger_web' AND bound_account() IS NULL")
        assert cursor.fetchone() == (True,)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "  =", "＝"])  # noqa: RUF001 -- the wide sign is what is tried
def test_no_cell_is_taken_for_a_formula(start):
    assert defused(f"{start}cmd|' /C calc'!A0").startswith("'")
    assert defused("Ann Lee") == "Ann Lee"


def test_a_name_that_begins_a_formula_leaves_as_text(visit_as):
    account = given_account()
    pool = given_pool(account, given_device_type())
    given_device(pool, "=HYPERLINK(1)")
    text = file_of(visit_as(administrator_of(account)).get(reverse("portal:history_csv")))
    assert "'=HYPERLINK(1)" in text


def test_the_history_needs_its_permission(visit_as):
    account = given_account()
    role = given_role(account, permissions=[Permission.BILLING_VIEW])
    visitor = visit_as(given_user(account, roles=[role]))
    assert visitor.get(HISTORY).status_code == 403
    assert visitor.get(reverse("portal:history_csv")).status_code == 403
    assert "Licence history" not in text_of(visitor.get("/billing/"))


def test_three_rows_take_as_many_queries_as_one(visit_as):
    one, three = given_account("Northwind"), given_account("Contoso")
    for account, number in ((one, 1), (three, 3)):
        pool = given_pool(account)
        for user in given_users(account, number):
            assign_licence(pool=pool, user=user, at=LATER, by=STAFF)
    assert Assignment.objects.filter(pool__account=three).count() == 7
    few, many = visit_as(administrator_of(one)), visit_as(administrator_of(three))
    assert number_of_queries(few, HISTORY) == number_of_queries(many, HISTORY)
