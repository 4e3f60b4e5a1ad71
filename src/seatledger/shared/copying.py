"""Write many rows at once, as every role may: PostgreSQL's COPY, behind the walls."""

import os
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Final, NamedTuple

from django.db import connection
from django.db.backends.utils import CursorWrapper

# How a row says that a value is missing.
NULL: Final = "\\N"
# Some 50 KB: much more would keep the database waiting, and much less costs a look at the connection too often.
_SENT_AT_ONCE: Final = 100
# Two bits of the 17th digit of a UUID say how it was made. Source: RFC 9562, 4.1.
_VARIANT: Final = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}
_ESCAPED: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class Into(NamedTuple):
    """A table, and the columns of it that are written, in their order."""

    table: str
    columns: str


def row_of(*values: object) -> str:
    """Return a row for `copy_rows`; JSON is given as text."""
    return "\t".join([NULL if value is None else escape(str(value)) for value in values])


def escape(text: str) -> str:
    """Return a text as it stands in a row; numbers, days and ids stand there as they are."""
    return text if text.isprintable() and "\\" not in text else text.translate(_ESCAPED)


def new_ids(number: int) -> list[str]:
    """Return ids for so many rows, as they stand in them: random UUIDs as `uuid4` makes them, all from one draw."""
    drawn = os.urandom(16 * number).hex()
    return [
        f"{drawn[at : at + 12]}4{drawn[at + 13 : at + 16]}{_VARIANT[drawn[at + 16]]}{drawn[at + 17 : at + 32]}"
        for at in range(0, len(drawn), 32)
    ]


def copy_rows(into: Into, rows: Iterable[str]) -> None:
    """Write `rows`, each the values of the columns as text with tabs between. Call it within a transaction.

    Rows that are made one by one are sent meanwhile, so the database writes the first while the next are made; what makes
    them asks the database nothing.

    PostgreSQL refuses to COPY into a table whose row-level security holds the role, so there the rows go through a
    temporary one. That costs a third more; arrays of parameters would cost four times as much, because of the JSON.
    """
    made = iter(rows)
    first = next(made, None)
    if first is None:
        return
    every = chain([first], made)
    table, columns = into
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_security_active(%s)", [table])
        [(behind_a_wall,)] = cursor.fetchall()
        if not behind_a_wall:
            _copy(cursor, into, every)
            return
        empty = f"SELECT {columns} FROM {table} LIMIT 0"  # noqa: S608 -- names are the program's own
        insert = f"INSERT INTO {table} ({columns}) SELECT {columns} FROM copied"  # noqa: S608 -- the same
        cursor.execute(f"CREATE TEMPORARY TABLE copied ON COMMIT DROP AS {empty}")
        _copy(cursor, Into("copied", columns), every)
        cursor.execute(insert)
        cursor.execute("DROP TABLE copied")


def _copy(cursor: CursorWrapper, into: Into, rows: Iterator[str]) -> None:
    # Django turns the errors of `execute` into its own, not those of `copy`.
    statement = f"COPY {into.table} ({into.columns}) FROM STDIN"
    with connection.wrap_database_errors, cursor.copy(statement) as copy:
        while some := list(islice(rows, _SENT_AT_ONCE)):
            copy.write("\n".join([*some, ""]))
