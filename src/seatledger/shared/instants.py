"""Instants as the driver reads them, by the thousand."""

from django.db.backends.utils import CursorWrapper
from psycopg.types.datetime import TimestamptzLoader


def read_instants_quickly(cursor: CursorWrapper) -> None:
    """Have a cursor read instants as the driver itself does: Django's way takes ten times as long.

    Either way they are in UTC, because every connection is.
    """
    cursor.adapters.register_loader("timestamptz", TimestamptzLoader)
