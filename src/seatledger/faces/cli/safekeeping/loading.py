"""Fill an empty database from a backup. What goes wrong is put right by doing it again."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.signals import connection_created
from django.db.backends.utils import CursorWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql

from seatledger.faces.cli.safekeeping.manifest import Manifest, NotABackup, blocks_of, opened
from seatledger.faces.cli.safekeeping.tables import (
    WITHOUT_ROWS,
    copy_in,
    copy_out,
    list_columns,
)
from seatledger.shared.errors import Refused
from seatledger.shared.quiet import RESTORING, become_quiet, find_quiet
from seatledger.shared.rows import RowsDigest, speak_plainly

# A migration is known by its app and its name.
Migration = tuple[str, str]
LONGEST_REASON = 200


class NotHere(Refused):
    """The backup does not belong into this database, or not with this version."""

    code = "not_here"


def load_backup(path: Path, *, at: datetime) -> Manifest:
    """Fill the database from the file and leave it quiet. Returns what the backup says.

    Nothing is touched before the whole file has been read. Raises NotABackup or NotHere.
    """
    connection_created.disconnect(dispatch_uid="seatledger.refuse_other_cell")  # it refuses half a database
    check_target()
    examine(path)
    with opened(path) as (archive, manifest):
        make_tables(manifest)
        # From here on, before a job is there to be done, a worker would find that it has to be quiet.
        become_quiet(at=at, why=RESTORING)
        with transaction.atomic():
            speak_plainly()
            fill_tables(archive, manifest)
    call_command(
        "migrate", interactive=False, verbosity=0
    )  # what is newer than the backup, and who may do what
    call_command("createcachetable", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    become_quiet(at=at, why=f"restored from {path.name}, made {manifest.made_at}"[:LONGEST_REASON])
    return manifest


def examine(path: Path) -> None:
    """Read a whole backup without touching anything. Raises NotABackup or NotHere."""
    with opened(path) as (archive, manifest):
        check_fit(manifest)
        check_rows(archive, manifest)


def check_fit(manifest: Manifest) -> None:
    """See that the backup is of this region, and of this version or an older one. Raises NotHere."""
    if manifest.region != settings.SEATLEDGER_REGION:
        raise NotHere(
            f"This backup is of the region {manifest.region}, and SEATLEDGER_REGION is {settings.SEATLEDGER_REGION}."
        )
    known = set(MigrationExecutor(connection).loader.graph.nodes)
    if unknown := sorted(set(manifest.migrations) - known):
        app, name = unknown[0]
        raise NotHere(
            f"This backup was made by Seatledger {manifest.version}, whose tables this version does not know"
            f" ({app} {name}). Restore it with that version or a newer one."
        )


def check_target() -> None:
    """See that there is nothing that could come to harm. Raises NotHere."""
    if not is_empty() and not is_half_restored():
        raise NotHere("The database is not empty. Name an empty one with DATABASE_URL or SEATLEDGER_STATE.")


def is_empty() -> bool:
    return not list_columns()


def is_half_restored() -> bool:
    """Say whether an earlier restore was cut off here."""
    if "quiet" not in list_columns():
        return False
    quiet = find_quiet()
    return quiet is not None and quiet.why == RESTORING


def check_rows(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Read every row once. Raises NotABackup for the first table that is not what was written."""
    for name, table in manifest.tables.items():
        digest = RowsDigest()
        for block in blocks_of(archive, name):
            digest.add(block)
        if (digest.rows, digest.value()) != (table.rows, table.digest):
            raise NotABackup(f"The rows of {name} are not those that were written: the file is damaged.")


def make_tables(manifest: Manifest) -> None:
    """Make the tables as they were when the backup was made."""
    executor = MigrationExecutor(connection)
    wanted = set(manifest.migrations)
    newest = [
        node
        for node in sorted(wanted)
        if not any(child.key in wanted for child in executor.loader.graph.node_map[node].children)
    ]
    executor.migrate(newest)
    made = set(MigrationRecorder(connection).applied_migrations())
    if made != wanted:
        raise NotHere(
            "The tables cannot be made as they were. Restore with the version that made the backup."
        )
    columns = list_columns()
    for name, table in manifest.tables.items():
        if columns.get(name) is None or set(columns[name]) != set(table.columns):
            raise NotHere(f"The table {name} is not as it was. Restore with Seatledger {manifest.version}.")


def fill_tables(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Put every row in its place, look at each again, and let the sequences go on where they were."""
    with connection.cursor() as cursor, nothing_in_the_way(cursor, list(manifest.tables)):
        for name, table in manifest.tables.items():
            with cursor.copy(copy_in(name, table.columns)) as copy:
                for block in blocks_of(archive, name):
                    copy.write(block)
            digest = RowsDigest()
            with cursor.copy(copy_out(name, table.columns)) as copy:
                for row in copy:
                    digest.add(bytes(row))
            if (digest.rows, digest.value()) != (table.rows, table.digest):
                raise NotHere(
                    f"The rows of {name} did not arrive as they were written. Nothing was restored."
                )
        for sequence, (last_value, is_called) in manifest.sequences.items():
            cursor.execute(
                "SELECT setval(%s::regclass, %s, %s)", [f'public."{sequence}"', last_value, is_called]
            )


@contextmanager
def nothing_in_the_way(cursor: CursorWrapper, tables: list[str]) -> Iterator[None]:
    """Empty the tables, and take triggers and references away while they are filled.

    A trigger would chain the ledger anew; a reference would be looked up row by row. Both come back before the
    transaction ends, and the references are then checked, all rows at once.
    """
    names = [sql.Identifier(name) for name in tables]
    cursor.execute(
        """
        SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
        FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND conparentid = 0
        """
    )
    references = cursor.fetchall()
    for table in names:
        cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(table))
    for table, name, _ in references:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    others = [sql.Identifier(name) for name in sorted(WITHOUT_ROWS & list_columns().keys() - {"quiet"})]
    cursor.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join([*names, *others])))
    yield
    for table, name, definition in references:
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
    for table in names:
        cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(table))
