"""What there is to copy: our tables with their columns, and the sequences that number their rows."""

from django.apps import apps
from django.db import connection
from psycopg import sql

# What is worth nothing tomorrow, or must not come back to life: whoever signed out stays signed out.
WITHOUT_ROWS = frozenset({"cache_entries", "django_session", "quiet"})
MIGRATIONS = "django_migrations"


def our_tables() -> set[str]:
    """Return the tables of every model, those between two of them, and that of the migrations."""
    return {model._meta.db_table for model in apps.get_models(include_auto_created=True)} | {MIGRATIONS}


def list_columns() -> dict[str, list[str]]:
    """Return the tables of the database in alphabetical order, each with the columns that can be written."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
            FROM pg_class c
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
            GROUP BY c.relname ORDER BY c.relname
            """
        )
        return dict(cursor.fetchall())


def read_sequences() -> dict[str, tuple[int, bool]]:
    """Return the state of every sequence: its last value, and whether it has been given away."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace ORDER BY relname"
        )
        names = [name for (name,) in cursor.fetchall()]
        states = {}
        for name in names:
            cursor.execute(sql.SQL("SELECT last_value, is_called FROM {}").format(sql.Identifier(name)))
            [states[name]] = cursor.fetchall()
        return states


def copy_out(table: str, columns: list[str]) -> sql.Composed:
    return _copy(table, columns) + sql.SQL(" TO STDOUT")


def copy_in(table: str, columns: list[str]) -> sql.Composed:
    return _copy(table, columns) + sql.SQL(" FROM STDIN")


def _copy(table: str, columns: list[str]) -> sql.Composed:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL("COPY {} ({})").format(sql.Identifier(table), names)
