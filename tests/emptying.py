"""Empty the tables after a test that commits: row by row where few are left, which is most of the time.

Django's own `flush` makes a new file for every table and then everything that follows a migration; that takes longer
than most of the tests it cleans up after.
"""

from typing import Final

from django.core.management.commands import flush
from django.db import connection, transaction

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
        known = connection.introspection.django_table_names(only_existing=True, include_views=False)
        emptied = [*(table for table in known if table not in KEPT), *QUEUE]
        filled = find_filled(emptied)
        if max(filled.values(), default=0) > MANY_ROWS:
            super().handle(**options)
            delete_rows(list(QUEUE))
        elif filled:
            delete_rows([table for table in emptied if table in filled])


def find_filled(tables: list[str]) -> dict[str, int]:
    """Return the tables that have rows, and how many; one more than many is as good as any number."""
    counts = [
        f"SELECT '{table}', count(*) FROM (SELECT FROM {table} LIMIT {MANY_ROWS + 1})"  # noqa: S608 -- tables of ours
        for table in tables
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"{count} AS some_rows" for count in counts))
        return {table: count for table, count in cursor.fetchall() if count}


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
