"""Write rows of a chain, thousands in one statement: the database numbers and links them in the order given."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection

from seatledger.domain.events.models import ChainedRow
from seatledger.shared.arrays import text_array, uuid_array

LARGEST_STATEMENT = 5_000


def say_nothing(_rows: int) -> None:
    """Hear of rows that were written, and do nothing about it."""


def append_rows(
    chain: type[ChainedRow],
    fields: Sequence[str],
    rows: Sequence[tuple[object, ...]],
    *,
    on_written: Callable[[int], None] = say_nothing,
) -> list[int]:
    """Write rows of a chain in their order and return their ids.

    Each row has the values of `fields`, JSON as text; what the fields leave out is for the database to give. The
    values travel as one array a column, which costs a tenth of what naming each value costs, and a value that all
    rows have travels once. `on_written` hears how many more rows are written, now and then.
    """
    ids: list[int] = []
    with connection.cursor() as cursor:
        for part in _parts(rows):
            columns: dict[str, Sequence[Any]] = dict(zip(fields, zip(*part, strict=True), strict=True))
            shared = {name for name, values in columns.items() if values.count(values[0]) == len(values)}
            if len(shared) == len(columns):
                shared.remove(fields[0])  # one column at least says how many rows there are
            cursor.execute(
                _statement(chain, tuple(fields), frozenset(shared)),
                [values[0] if name in shared else _array(values) for name, values in columns.items()],
            )
            ids += (row_id for (row_id,) in cursor.fetchall())
            on_written(len(part))
    return ids


def _array(values: Sequence[Any]) -> str | list[Any]:
    kinds = set(map(type, values))
    if kinds == {UUID}:
        return uuid_array(values)
    return text_array(values) if kinds == {str} else list(values)


def _parts(rows: Sequence[tuple[object, ...]]) -> Iterator[Sequence[tuple[object, ...]]]:
    for start in range(0, len(rows), LARGEST_STATEMENT):
        yield rows[start : start + LARGEST_STATEMENT]


@cache
def _statement(chain: type[ChainedRow], fields: tuple[str, ...], shared: frozenset[str]) -> str:
    by_name = {field.name: field for field in chain._meta.concrete_fields}
    columns = ", ".join(f'"{by_name[name].column}"' for name in fields)
    # Without its length: a cast to varchar(16) would cut a longer text instead of refusing it.
    kinds = [str(by_name[name].db_type(connection)).partition("(")[0] for name in fields]
    given = ", ".join(
        f"%s::{kind}" if name in shared else f"unnest(%s::{kind}[])"
        for name, kind in zip(fields, kinds, strict=True)
    )
    return f'INSERT INTO "{chain._meta.db_table}" ({columns}) SELECT {given} RETURNING id'
