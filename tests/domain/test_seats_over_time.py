"""Seats over time, read from what each ledger entry says was after it."""

from datetime import UTC, datetime, timedelta

import pytest

from seatledger.domain.licences.actions import assign_licence, change_total, release_licences
from seatledger.domain.licences.models import LedgerEntry
from seatledger.domain.licences.queries.areas import read_areas_for_operator, read_holders_for_operator
from seatledger.engine.timeline import StepFunction
from support import AT, STAFF, given_account, given_pool, given_user

pytestmark = pytest.mark.django_db


def hours(number):
    return AT + timedelta(hours=number)


def seats_since(pool, since, counts_from=()):
    return read_areas_for_operator({str(pool.pk): since})[str(pool.pk)].seats(dict(counts_from))


def hold_for_an_hour(pool, user, at):
    seat = assign_licence(pool=pool, user=user, at=hours(at), by=STAFF)
    release_licences(account=pool.account, assignment_ids=[seat.pk], at=hours(at + 1), by=STAFF)


def test_both_numbers_are_what_the_ledger_says_from_an_instant_on():
    pool = given_pool(total_licences=10)
    user = given_user(pool.account)
    change_total(pool=pool, total=12, at=hours(1), by=STAFF)
    seat = assign_licence(pool=pool, user=user, at=hours(2), by=STAFF)
    release_licences(account=pool.account, assignment_ids=[seat.pk], at=hours(3), by=STAFF)
    everything = seats_since(pool, datetime(2020, 1, 1, tzinfo=UTC))
    assert everything.bought == StepFunction.from_changes([(AT, 10), (hours(1), 2)])
    assert everything.held == StepFunction.from_changes([(hours(2), 1), (hours(3), -1)])
    later = seats_since(pool, hours(2))
    assert later.bought == StepFunction.constant(12)
    assert later.held == StepFunction.from_changes([(hours(3), -1)], opening=1)


def test_of_several_entries_at_one_instant_the_last_one_counts():
    pool = given_pool(total_licences=10)
    for total in (12, 9, 10, 15):
        change_total(pool=pool, total=total, at=hours(1), by=STAFF)
    change_total(pool=pool, total=9, at=hours(2), by=STAFF)
    change_total(pool=pool, total=15, at=hours(2), by=STAFF)
    assert seats_since(pool, AT).bought == StepFunction.from_changes([(hours(1), 5)], opening=10)


def test_an_entry_that_was_written_late_counts_from_when_it_was_to():
    pool = given_pool(total_licences=10)
    change_total(pool=pool, total=12, at=hours(2), by=STAFF)
    change_total(pool=pool, total=7, at=hours(3), by=STAFF)
    late = LedgerEntry.objects.filter(pool=pool).latest("sequence").sequence
    moved = seats_since(pool, AT, {late: hours(1)}.items())
    assert moved.bought == StepFunction.from_changes([(hours(1), -5), (hours(2), 2)], opening=10)


def test_who_held_one_is_told_apart():
    pool = given_pool(total_licences=10)
    ann, ben = given_user(pool.account, "Ann Other"), given_user(pool.account)
    hold_for_an_hour(pool, ann, 1)
    assign_licence(pool=pool, user=ben, at=hours(3), by=STAFF)
    hold_for_an_hour(pool, ann, 4)
    other = given_pool(given_account("Southwind"))
    found = read_holders_for_operator([pool.pk, other.pk])
    twice = [(hours(1), 1), (hours(2), -1), (hours(4), 1), (hours(5), -1)]
    assert set(found[pool.pk]) == {
        StepFunction.from_changes(twice),
        StepFunction.from_changes([(hours(3), 1)]),
    }
    assert found[other.pk] == ()
