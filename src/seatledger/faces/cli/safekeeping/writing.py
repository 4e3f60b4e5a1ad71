"""Write a backup: every row of one instant, while the installation goes on working."""

import io
import os
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from seatledger import __version__
from seatledger.faces.cli.safekeeping.manifest import (
    BLOCK,
    MANIFEST,
    Manifest,
    Table,
    entry_of,
    mark_of_secret,
)
from seatledger.faces.cli.safekeeping.tables import (
    WITHOUT_ROWS,
    copy_out,
    list_columns,
    our_tables,
    read_sequences,
)
from seatledger.shared.errors import Refused
from seatledger.shared.rows import RowsDigest, speak_plainly

QUICKLY = 3


class AlreadyThere(Refused):
    """There is a file of this name, and no backup is written over."""

    code = "already_there"


def write_backup(path: Path, *, at: datetime) -> tuple[Manifest, Sequence[str]]:
    """Write the file, readable by its owner alone, and return what it says and which tables are not ours.

    It bears its name only once it is whole and on the disk.
    """
    if path.exists():
        raise AlreadyThere(f"{path} exists. Choose another name; no backup is written over.")
    unfinished = path.with_name(path.name + ".unfinished")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=QUICKLY) as archive:
            manifest, strange = _write(archive, at=at)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)
    return manifest, strange


def _write(archive: zipfile.ZipFile, *, at: datetime) -> tuple[Manifest, list[str]]:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT region FROM cell")
            [(region,)] = cursor.fetchall()
            cursor.execute("SHOW server_version")
            [(postgres,)] = cursor.fetchall()
        speak_plainly()
        columns = list_columns()
        ours = our_tables()
        manifest = Manifest(
            made_at=at.isoformat(timespec="seconds"),
            version=__version__,
            postgres=postgres,
            region=region,
            secret_key=mark_of_secret(settings.SECRET_KEY),
            migrations=sorted(MigrationRecorder(connection).applied_migrations()),
            tables={
                name: _write_table(archive, name, columns[name])
                for name in columns
                if name in ours - WITHOUT_ROWS
            },
            sequences=read_sequences(),
        )
    archive.writestr(MANIFEST, manifest.as_json())
    return manifest, [name for name in columns if name not in ours | WITHOUT_ROWS]


def _write_table(archive: zipfile.ZipFile, name: str, columns: list[str]) -> Table:
    digest = RowsDigest()
    with (
        archive.open(entry_of(name), "w", force_zip64=True) as entry,
        io.BufferedWriter(entry, BLOCK) as file,
        connection.cursor() as cursor,
        cursor.copy(copy_out(name, columns)) as copy,
    ):
        for row in copy:
            digest.add(bytes(row))
            file.write(row)
    return Table(columns=columns, rows=digest.rows, digest=digest.value())
