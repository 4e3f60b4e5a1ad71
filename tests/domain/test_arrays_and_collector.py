"""Arrays and rows as text are what they were made of, and the collector is left as it was found."""

import gc
from datetime import date
from uuid import UUID

import pytest
from django.db import connection

from seatledger.shared.arrays import date_array, text_array, uuid_array
from seatledger.shared.collecting import collector_paused
from seatledger.shared.copying import Into, copy_rows, row_of

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
