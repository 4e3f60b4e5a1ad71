"""Arrays as text are the arrays that lists are, and the collector is left as it was found."""

import gc
from datetime import date
from uuid import UUID

import pytest
from django.db import connection

from seatledger.shared.arrays import date_array, uuid_array
from seatledger.shared.collecting import collector_paused

_IDS = [UUID(int=0), UUID(int=1), UUID(int=2**128 - 1)]
_DAYS = [date(1, 1, 1), None, date(9999, 12, 31)]


@pytest.mark.django_db
@pytest.mark.parametrize("ids", [[], _IDS])
@pytest.mark.parametrize("days", [[], _DAYS])
def test_arrays_are_read_as_they_were_given(ids: list[UUID], days: list[date | None]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::uuid[], %s::date[]", [uuid_array(ids), date_array(days)])
        assert cursor.fetchall() == [(ids, days)]


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
