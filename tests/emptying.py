"""Empty the tables after a test that commits: row by row where few are left, which is most of the time.

Django's own `flush` makes a new file for every table and then everything that follows a migration; that takes longer
than most of the tests it cleans up after.

On the tests' own server another role does it, for which no trigger runs: neither is it asked of every other table
whether it refers to a row that goes, nor does a table change so that every plan that was made for it is made again.
"""

from functools import cache
from typing import Final

import psycopg
from django.conf import settings
from django.core.management.commands import flush
from django.db import connection, transaction

from seatledger.config.postgres.cluster import SUPERUSER

# What follows a migration and does not change in tests.
KEPT: Final = {"cell", "django_content_type", "auth_permission"}
# The queue, which Django does not know; what refers to another table comes before it.
QUEUE: Final = (
    "procrastinate_events",
    "procrastinate_periodic_defers",
    "procrastinate_jobs",
    "procrastinate_workers",
)
MANY_ROWS: Final = 2_000


class Command(flush.Command):
    def handle(self, **options: object) -> None:
        if connection.settings_dict["HOST"] == settings.SERVER.client_settings()["HOST"]:
            filled = empty_past_triggers(str(connection.settings_dict["NAME"]))
        else:
            filled = empty_as_owner()
        if max(filled.values(), default=0) > MANY_ROWS:
            super().handle(**options)
            delete_rows(list(QUEUE))


@cache
def emptied_tables() -> list[str]:
    known = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return [*(table for table in known if table not in KEPT), *QUEUE]


@cache
def question() -> str:
    """Ask which tables have rows, and how many; one more than many is as good as any number."""
    counts = [
        f"SELECT '{table}', count(*) FROM (SELECT FROM {table} LIMIT {MANY_ROWS + 1}) AS some_rows"  # noqa: S608 -- tables of ours
        for table in emptied_tables()
    ]
    return f"SELECT * FROM ({' UNION ALL '.join(counts)}) AS counted (name, number) WHERE number > 0"  # noqa: S608 -- as above


def empty_past_triggers(database: str) -> dict[str, int]:
    """Delete the rows of tables that have few, with no trigger and no reference in the way; returns how many there were."""
    mighty = as_superuser(database)
    filled = dict(mighty.execute(question(), prepare=True).fetchall())
    few = [table for table, number in filled.items() if number <= MANY_ROWS]
    with mighty.transaction(), mighty.pipeline():
        for table in few:
            mighty.execute(f"DELETE FROM {table}", prepare=True)  # noqa: S608 -- a table of ours
    return filled


@cache
def as_superuser(database: str) -> "psycopg.Connection[tuple[str, int]]":
    """Return a connection that stays until `let_go`."""
    return psycopg.connect(
        host=connection.settings_dict["HOST"],
        user=SUPERUSER,
        dbname=database,
        autocommit=True,
        options="-c session_replication_role=replica",
    )


def let_go() -> None:
    """Close what was opened here, before the database is dropped."""
    if as_superuser.cache_info().currsize:
        as_superuser(str(connection.settings_dict["NAME"])).close()
    as_superuser.cache_clear()


def empty_as_owner() -> dict[str, int]:
    """Do it on a server of somebody else's, where there is nobody but the owner."""
    with connection.cursor() as cursor:
        cursor.execute(question())
        filled = dict(cursor.fetchall())
    if 0 < max(filled.values(), default=0) <= MANY_ROWS:
        delete_rows([table for table in emptied_tables() if table in filled])
    return filled


def delete_rows(tables: list[str]) -> None:
    """Delete every row, past the triggers that refuse it; what refers to a row is deleted with it."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for table in tables:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 -- a table of ours
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
