"""Write many rows at once, as every role may: PostgreSQL's COPY, behind the walls."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.db import connection
from django.db.backends.utils import CursorWrapper


class Into(NamedTuple):
    """A table, and the columns of it that are written, in their order."""

    table: str
    columns: str


def copy_rows(into: Into, rows: Iterable[tuple[object, ...]]) -> None:
    """Write `rows`, each the values of the columns; JSON comes as text. Call it within a transaction.

    PostgreSQL refuses to COPY into a table whose row-level security holds the role, so there the rows go through a
    temporary one. That costs a third more; arrays of parameters would cost four times as much, because of the JSON.
    """
    found = list(rows)
    if not found:
        return
    table, columns = into
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_security_active(%s)", [table])
        [(behind_a_wall,)] = cursor.fetchall()
        if not behind_a_wall:
            _copy(cursor, table, columns, found)
            return
        empty = f"SELECT {columns} FROM {table} LIMIT 0"  # noqa: S608 -- names are the program's own
        insert = f"INSERT INTO {table} ({columns}) SELECT {columns} FROM copied"  # noqa: S608 -- the same
        cursor.execute(f"CREATE TEMPORARY TABLE copied ON COMMIT DROP AS {empty}")
        _copy(cursor, "copied", columns, found)
        cursor.execute(insert)
        cursor.execute("DROP TABLE copied")


def _copy(cursor: CursorWrapper, table: str, columns: str, rows: Collection[tuple[object, ...]]) -> None:
    # Django turns the errors of `execute` into its own, not those of `copy`.
    with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
