"""Rows with secrets of the installation in them: opened here, sealed for the other region, sealed again there."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import sql

from seatledger.domain.moves.inventory import Sealed
from seatledger.domain.moves.rows import Counted, columns_of, where_of
from seatledger.shared.rows import RowsDigest
from seatledger.shared.sealing import seal, unseal

Row = dict[str, Any]


def open_rows(table: Sealed, account_id: UUID) -> Iterator[str]:
    """Yield the account's rows as JSON with their secrets in plain text."""
    columns = columns_of(table)
    statement = sql.SQL("SELECT to_jsonb(t)::text FROM {} t WHERE {} ORDER BY 1").format(
        sql.Identifier(table.table), sql.SQL(where_of(table, account_id))
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        found = cursor.fetchall()
    for (text,) in found:
        row = {name: value for name, value in json.loads(text).items() if name in columns}
        for path in table.secrets:
            _change(row, path, lambda sealed: unseal(sealed, purpose=table.purpose))
        yield json.dumps(row, sort_keys=True)


def put_rows(table: Sealed, rows: Iterable[str]) -> None:
    """Put rows in their place, their secrets sealed with this installation's key."""
    names = sql.SQL(", ").join(map(sql.Identifier, columns_of(table)))
    statement = sql.SQL(
        "INSERT INTO {} ({}) SELECT {} FROM jsonb_populate_record(NULL::{}, %s::jsonb)"
    ).format(sql.Identifier(table.table), names, names, sql.Identifier(table.table))
    with connection.cursor() as cursor:
        for text in rows:
            row = json.loads(text)
            for path in table.secrets:
                _change(row, path, lambda secret: seal(secret, purpose=table.purpose))
            cursor.execute(statement, [json.dumps(row)])


def count_rows(table: Sealed, account_id: UUID) -> Counted:
    """Return what the account's rows come to, their secrets in plain text."""
    digest = RowsDigest()
    for text in open_rows(table, account_id):
        digest.add(text.encode() + b"\n")
    return Counted(digest.rows, digest.value())


def _change(row: Row, path: tuple[str, ...], into: Callable[[str], str]) -> None:
    *outer, last = path
    for name in outer:
        row = row[name]
    if isinstance(row.get(last), str):
        row[last] = into(row[last])
