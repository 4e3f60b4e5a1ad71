"""One kind of licence: its numbers over time, who holds one, and giving, freeing and moving."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from reading import number_of_queries, rows_of, text_of
from seatledger.domain.licences.actions import assign_licence
from seatledger.domain.licences.models import Assignment, Source
from seatledger.domain.people.permissions import Permission
from support import (
    LATER,
    STAFF,
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
NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def account(db):
    return given_account("Northwind")


@pytest.fixture
def visitor(visit_as, account):
    return visit_as(administrator_of(account))


def url(name, *args):
    return reverse(f"portal:{name}", args=args)


def test_the_page_draws_the_pool_over_time(visitor, account):
    pool = given_pool(account)
    assign_licence(pool=pool, user=given_user(account), at=LATER, by=STAFF)
    page = visitor.get(url("pool", pool.pk), {"month": "2026-03"})
    assert "In use 1 of 10" in text_of(page, "#pool-figures")
    assert "2 Mar 2026" in text_of(page, "#over-time-panel")
    assert [row.quantity for row in page.context["chart"].series[1].steps] == [1]
    assert visitor.get(url("pool", pool.pk)).status_code == 200


@pytest.mark.parametrize("month", ["2025-01", "9999-12", "2999-01", "x", "2026-13", "-1"])
def test_a_month_without_the_pool_is_not_found(visitor, account, month):
    assert visitor.get(url("pool", given_pool(account).pk), {"month": month}).status_code == 404


def test_who_holds_one_is_listed_with_source_and_since(visitor, account):
    pool = given_pool(account)
    assign_licence(pool=pool, user=given_user(account), at=LATER, by=STAFF)
    page = visitor.get(url("holders", pool.pk))
    assert rows_of(page, "holders-table")[0][1:4] == [
        "Ben Okoro ben.okoro@northwind.example",
        "Assigned by hand",
        "2 Mar 2026, 10:00",
    ]


def test_licences_are_assigned_to_those_who_have_none(visitor, account):
    pool = given_pool(account)
    ben, cleo = given_user(account), given_user(account, "Cleo Marsh")
    given_user(account, "Gone Girl", active=False)
    assign_licence(pool=pool, user=cleo, at=LATER, by=STAFF)
    shown = text_of(visitor.get(url("assign", pool.pk)), "#choices")
    assert "Ben Okoro" in shown
    assert "Cleo Marsh" not in shown
    assert "Gone Girl" not in shown
    answer = visitor.post(url("assign", pool.pk), {"user": [ben.pk]}, follow=True)
    assert "Ben Okoro now holds a licence of Professional User." in text_of(answer)
    assert "In use 2 of 10" in text_of(answer, "#pool-figures")


def test_a_search_keeps_who_is_ticked(visitor, account):
    pool = given_pool(account)
    ben = given_user(account)
    given_user(account, "Cleo Marsh")
    page = visitor.get(url("assign", pool.pk), {"search": "cleo", "user": ben.pk})
    assert "Ben Okoro" in text_of(page, "#choices")
    assert "Cleo Marsh" in text_of(page, "#choices")
    assert f'value="{ben.pk}" checked' in " ".join(page.content.decode().split())


def test_the_last_licence_taken_is_said_where_the_user_is(visitor, account):
    pool = given_pool(account, total_licences=1)
    ben, cleo = given_user(account), given_user(account, "Cleo Marsh")
    answer = visitor.post(url("assign", pool.pk), {"user": [ben.pk, cleo.pk]})
    assert answer.status_code == 422
    assert "All 1 Professional User licences are taken." in text_of(answer)
    assert not Assignment.objects.filter(pool=pool).exists()
    assert visitor.post(url("assign", pool.pk)).status_code == 422


def test_a_licence_is_released(visitor, account):
    pool = given_pool(account)
    seats = [assign_licence(pool=pool, user=user, at=LATER, by=STAFF) for user in given_users(account, 3)]
    one = visitor.post(
        url("release", pool.pk), {"only": seats[0].pk, "assignment": [seats[1].pk]}, follow=True
    )
    assert "Released 1 licence." in text_of(one)
    both = visitor.post(url("release", pool.pk), {"assignment": [seats[1].pk, seats[2].pk]}, follow=True)
    assert "Released 2 licences." in text_of(both)
    assert "Nobody holds one yet" in text_of(both)
    none = visitor.post(url("release", pool.pk), follow=True)
    assert "Nothing is selected." in text_of(none)


def test_a_locked_licence_stays_and_says_until_when(visitor, account):
    pool = given_pool(account, given_licence_type("on-demand", lock_days=90))
    ben, now = given_user(account), timezone.now()
    seat = assign_licence(pool=pool, user=ben, at=now, by=STAFF)
    page = visitor.get(url("holders", pool.pk))
    assert "Locked until" in text_of(page, "#holders-table")
    assert "Release the licence" not in text_of(page, "#holders-table")
    refused = visitor.post(url("release", pool.pk), {"only": seat.pk})
    assert refused.status_code == 422
    until = now + timedelta(days=90)
    assert f"This one can be released from {until:%d %B %Y}." in text_of(refused, "#holders")


def test_a_licence_moves_to_another_user(visitor, account):
    pool = given_pool(account)
    ben, cleo = given_user(account), given_user(account, "Cleo Marsh")
    seat = assign_licence(pool=pool, user=ben, at=LATER, by=STAFF)
    assert "From Ben Okoro" in text_of(visitor.get(url("move", seat.pk)))
    answer = visitor.post(url("move", seat.pk), {"user": cleo.pk}, follow=True)
    assert "Moved the licence from Ben Okoro to Cleo Marsh." in text_of(answer)
    assert Assignment.objects.get(pool=pool, released_at=None).user == cleo
    assert visitor.get(url("move", seat.pk)).status_code == 404


def test_what_a_role_gives_is_not_moved_by_hand(visitor, account):
    pool = given_pool(account)
    seat = assign_licence(pool=pool, user=given_user(account), at=LATER, by=STAFF)
    Assignment.objects.filter(pk=seat.pk).update(source=Source.RULE)
    answer = visitor.post(url("move", seat.pk), {"user": administrator_of(account).pk})
    assert answer.status_code == 422
    assert "A role gives this" in text_of(answer)


def test_devices_are_listed_but_not_released(visitor, account):
    screens = given_pool(account, given_device_type())
    given_device(screens, "Lobby screen")
    page = visitor.get(url("holders", screens.pk))
    assert "Lobby screen" in text_of(page, "#holders-table")
    assert "Release" not in text_of(page, "#holders")
    assert "Add device" in text_of(page, ".//*[@class='page-actions']")


def test_a_neighbours_licences_answer_as_none(visitor, account):
    other = given_account("Contoso")
    theirs, ours = given_pool(other), given_pool(account)
    mallory = given_user(other, "Mallory Nosy")
    seat = assign_licence(pool=theirs, user=mallory, at=LATER, by=STAFF)
    for name in ("pool", "holders", "assign"):
        assert visitor.get(url(name, theirs.pk)).status_code == 404
        assert visitor.get(url(name, NOBODY)).status_code == 404
    assert visitor.get(url("move", seat.pk)).status_code == 404
    assert visitor.post(url("release", ours.pk), {"only": seat.pk}).status_code == 404
    assert visitor.post(url("assign", ours.pk), {"user": mallory.pk}).status_code == 404


@pytest.mark.parametrize("sent", ["x", NOBODY, "1" * 10_000, "\u202e"])
def test_ids_that_make_no_sense_are_not_found(visitor, account, sent):
    pool = given_pool(account)
    assert visitor.post(url("assign", pool.pk), {"user": sent}).status_code == 404
    assert visitor.post(url("release", pool.pk), {"only": sent}).status_code == 404


def test_without_the_permission_nothing_can_be_assigned(visit_as, account):
    pool = given_pool(account)
    role = given_role(account, permissions=[Permission.LICENCES_VIEW])
    reader = visit_as(given_user(account, "Rita Read", roles=[role]))
    seat = assign_licence(pool=pool, user=given_user(account), at=LATER, by=STAFF)
    page = reader.get(url("holders", pool.pk))
    assert "Assign Release" not in text_of(page)
    assert "<button" not in page.content.decode().split('id="holders-table"')[1].split("</table>")[0]
    assert reader.get(url("assign", pool.pk)).status_code == 403
    assert reader.post(url("release", pool.pk), {"only": seat.pk}).status_code == 403
    assert reader.post(url("move", seat.pk)).status_code == 403


def test_three_holders_take_as_many_queries_as_one(visitor, account):
    few, many = given_pool(account), given_pool(account, given_licence_type("other"))
    users = given_users(account, 3)
    assign_licence(pool=few, user=users[0], at=LATER, by=STAFF)
    for user in users:
        assign_licence(pool=many, user=user, at=LATER, by=STAFF)
    assert number_of_queries(visitor, url("holders", few.pk)) == number_of_queries(
        visitor, url("holders", many.pk)
    )
    assert number_of_queries(visitor, url("pool", few.pk)) == number_of_queries(visitor, url("pool", many.pk))
