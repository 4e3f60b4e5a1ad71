"""The rows of an account that moves, table by table: how they are asked for here, and put in their place there."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from seatledger.domain.moves.inventory import LeftBehind, Moved, Sealed
from seatledger.shared.rows import RowsDigest

STAGE = "arriving_rows"
_COLUMNS = """
SELECT attname::text, format_type(atttypid, NULL) FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attname
"""


@dataclass(frozen=True)
class Counted:
    """What the rows of a table come to, whatever their order."""

    rows: int
    digest: str


def columns_of(table: Moved | Sealed) -> dict[str, str]:
    """Return the columns that travel, in alphabetical order, each with its type."""
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS, [table.table])
        return {name: kind for name, kind in cursor.fetchall() if name not in table.given_anew}


def where_of(table: Moved | Sealed | LeftBehind, account_id: UUID) -> str:
    return of_account(table.where, account_id)


def of_account(text: str, account_id: UUID) -> str:
    """Return SQL with the account's id in it: COPY takes no parameters, and an id is nothing but hex and dashes."""
    return text % {"account": f"'{UUID(str(account_id))}'::uuid"} if "%(account)s" in text else text


def blocks_of_rows(table: Moved, account_id: UUID) -> Iterator[bytes]:
    """Yield the account's rows of a table as COPY writes them, each block of whole rows."""
    with connection.cursor() as cursor, cursor.copy(_going_out(table, account_id)) as copy:
        for block in copy:
            yield bytes(block)


def count_rows(table: Moved, account_id: UUID) -> Counted:
    """Return what the account's rows of a table come to, as they would travel."""
    digest = RowsDigest()
    for block in blocks_of_rows(table, account_id):
        digest.add(block)
    return Counted(digest.rows, digest.value())


def put_rows(cursor: CursorWrapper, table: Moved, account_id: UUID, blocks: Iterator[bytes]) -> None:
    """Put rows in their place: through a table of texts, where what both cells know becomes what this one says."""
    columns = columns_of(table)
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    staged = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(name)) for name in columns)
    cursor.execute(sql.SQL("CREATE TEMPORARY TABLE {} ({})").format(sql.Identifier(STAGE), staged))
    with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(STAGE), names)) as copy:
        for block in blocks:
            copy.write(block)
    values = sql.SQL(", ").join(_coming_in(table, name, kind, account_id) for name, kind in columns.items())
    statement = sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {} x").format(
        sql.Identifier(table.table), names, values, sql.Identifier(STAGE)
    )
    if table.in_order_of:
        statement += sql.SQL(" ORDER BY x.{}::bigint").format(sql.Identifier(table.in_order_of))
    cursor.execute(statement)
    cursor.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(STAGE)))


def remove_rows(cursor: CursorWrapper, table: Moved | Sealed | LeftBehind, account_id: UUID) -> int:
    """Delete the account's rows of a table; returns how many."""
    statement = sql.SQL("DELETE FROM {} t WHERE ").format(sql.Identifier(table.table))
    cursor.execute(statement + sql.SQL(where_of(table, account_id)))
    return int(cursor.rowcount)


def _going_out(table: Moved, account_id: UUID) -> sql.Composed:
    asked = []
    for name in columns_of(table):
        column = sql.SQL("t.{}").format(sql.Identifier(name))
        if name in table.translated:
            column = sql.Composed([sql.SQL(of_account(table.translated[name].out, account_id))])
        asked.append(column)
    statement = sql.SQL("COPY (SELECT {} FROM {} t WHERE {}").format(
        sql.SQL(", ").join(asked), sql.Identifier(table.table), sql.SQL(where_of(table, account_id))
    )
    if table.in_order_of:
        statement += sql.SQL(" ORDER BY t.{}").format(sql.Identifier(table.in_order_of))
    return statement + sql.SQL(") TO STDOUT")


def _coming_in(table: Moved, name: str, kind: str, account_id: UUID) -> sql.Composed:
    if name in table.translated:
        return sql.Composed([sql.SQL(of_account(table.translated[name].into, account_id))])
    return sql.SQL("x.{}::{}").format(sql.Identifier(name), sql.SQL(kind))
