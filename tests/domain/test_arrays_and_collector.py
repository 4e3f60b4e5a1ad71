"""Arrays and rows as text are what they were made of, and the collector is left as it was found."""

import gc
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Event
from uuid import RFC_4122, UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction

from seatledger.domain.accounts.models import Account
from seatledger.shared.arrays import date_array, instant_array, text_array, uuid_array
from seatledger.shared.collecting import collector_paused
from seatledger.shared.copying import Into, copy_rows, new_ids, row_of
from seatledger.shared.instants import read_instants_quickly
from support import given_account

_IDS = [UUID(int=0), UUID(int=1), UUID(int=2**128 - 1)]
_DAYS = [date(1, 1, 1), None, date(9999, 12, 31)]


@pytest.mark.django_db
@pytest.mark.parametrize("ids", [[], _IDS])
@pytest.mark.parametrize("days", [[], _DAYS])
def test_arrays_are_read_as_they_were_given(ids: list[UUID], days: list[date | None]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::uuid[], %s::date[]", [uuid_array(ids), date_array(days)])
        assert cursor.fetchall() == [(ids, days)]


@pytest.mark.django_db
def test_rows_are_read_as_they_were_given() -> None:
    given = [
        (1, "a\tb", None),
        (2, "back\\slash \\N \\.", _IDS[0]),
        (3, "two\nlines\r\n", _IDS[1]),
        (4, "", None),
        (5, "\\.", None),
        (6, "Zoë \u2028 \x7f", None),
    ]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE given (number int, said text, id uuid) ON COMMIT DROP")
        copy_rows(Into("given", "number, said, id"), [row_of(*row) for row in given])
        cursor.execute("SELECT number, said, id FROM given ORDER BY number")
        assert cursor.fetchall() == given


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [0, 1, 99, 100, 101, 350])
def test_rows_that_are_made_one_by_one_are_all_written(rows: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE given (number int) ON COMMIT DROP")
        copy_rows(Into("given", "number"), (row_of(number) for number in range(rows)))
        cursor.execute("SELECT number FROM given ORDER BY number")
        assert cursor.fetchall() == [(number,) for number in range(rows)]


@pytest.mark.django_db
def test_rows_of_which_one_cannot_be_made_are_not_written() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE given (number int) ON COMMIT DROP")
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            copy_rows(Into("given", "number"), (row_of(1 // (200 - number)) for number in range(350)))
        cursor.execute("SELECT count(*) FROM given")
        assert cursor.fetchall() == [(0,)]


def test_new_ids_are_random_uuids() -> None:
    ids = [UUID(text) for text in new_ids(1000)]
    assert len(set(ids)) == 1000
    assert {(one.version, one.variant) for one in ids} == {(4, RFC_4122)}


@pytest.mark.django_db
def test_a_column_that_was_not_read_is_read_when_it_is_asked_for() -> None:
    northwind = given_account()
    read = Account.objects.only("name").get(pk=northwind.pk)
    assert read.get_deferred_fields() >= {"currency", "time_zone"}
    assert (read.name, read.currency, read) == (northwind.name, northwind.currency, northwind)
    read.name = "Southwind"
    read.save()
    assert Account.objects.get(pk=northwind.pk).name == "Southwind"


@pytest.mark.django_db
@pytest.mark.parametrize("texts", [[], ["", "NULL", 'a "b"', "c\\d", "{e,f}", " g ", "two\nlines", "%s Zoë"]])
def test_texts_are_read_as_they_were_given(texts: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text[]", [text_array(texts)])
        assert cursor.fetchall() == [(texts,)]


def test_the_collector_rests_and_goes_on_even_after_a_failure() -> None:
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError), collector_paused():
        1 // gc.isenabled()
    assert gc.isenabled()


def test_a_collector_that_rested_before_rests_on() -> None:
    with collector_paused():
        with collector_paused():
            pass
        assert not gc.isenabled()


def test_the_collector_rests_until_the_last_thread_is_done() -> None:
    first_is_in, second_is_in, first_is_out = Event(), Event(), Event()

    def pause_first() -> None:
        with collector_paused():
            first_is_in.set()
            second_is_in.wait(timeout=30)
        first_is_out.set()

    with ThreadPoolExecutor(1) as threads:
        pausing = threads.submit(pause_first)
        first_is_in.wait(timeout=30)
        with collector_paused():
            second_is_in.set()
            first_is_out.wait(timeout=30)
            assert not gc.isenabled()
        assert gc.isenabled()
        pausing.result()


@pytest.mark.django_db
def test_days_and_instants_are_read_as_they_were_given() -> None:
    days = [date(2026, 3, 1), None, date(2026, 3, 1), date.min, date.max]
    instants = [
        datetime(2026, 3, 29, 1, 30, 0, 5, UTC),
        datetime(2026, 3, 29, 3, tzinfo=ZoneInfo("Europe/Paris")),
    ]
    with connection.cursor() as cursor:
        read_instants_quickly(cursor)
        cursor.execute("SELECT %s::date[], %s::timestamptz[]", [date_array(days), instant_array(instants)])
        [(read_days, read_instants)] = cursor.fetchall()
    assert (read_days, read_instants) == (days, instants)
    assert {at.tzinfo for at in read_instants} == {UTC}
