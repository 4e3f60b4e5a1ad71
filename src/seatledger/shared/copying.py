"""Write many rows at once, as every role may: PostgreSQL's COPY, behind the walls."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from django.db import connection
from django.db.backends.utils import CursorWrapper

# How a row says that a value is missing.
NULL: Final = "\\N"
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


def copy_rows(into: Into, rows: Iterable[str]) -> None:
    """Write `rows`, each the values of the columns as text with tabs between. Call it within a transaction.

    PostgreSQL refuses to COPY into a table whose row-level security holds the role, so there the rows go through a
    temporary one. That costs a third more; arrays of parameters would cost four times as much, because of the JSON.
    """
    text = "\n".join(rows)
    if not text:
        return
    table, columns = into
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_security_active(%s)", [table])
        [(behind_a_wall,)] = cursor.fetchall()
        if not behind_a_wall:
            _copy(cursor, table, columns, text)
            return
        empty = f"SELECT {columns} FROM {table} LIMIT 0"  # noqa: S608 -- names are the program's own
        insert = f"INSERT INTO {table} ({columns}) SELECT {columns} FROM copied"  # noqa: S608 -- the same
        cursor.execute(f"CREATE TEMPORARY TABLE copied ON COMMIT DROP AS {empty}")
        _copy(cursor, "copied", columns, text)
        cursor.execute(insert)
        cursor.execute("DROP TABLE copied")


def _copy(cursor: CursorWrapper, table: str, columns: str, text: str) -> None:
    # Django turns the errors of `execute` into its own, not those of `copy`.
    with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        copy.write(text)
