"""An account on its way, as a file: one set of rows for each table, and what all of it comes to.

A zip: `tables/NAME.copy` in the text format of PostgreSQL's COPY, `sealed/NAME.lines` with a sealed row a line, and
`manifest.json`. Written and read in blocks, so that its size does not matter.
"""

import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from seatledger.domain.accounts.models import Account
from seatledger.domain.moves import secret_rows
from seatledger.domain.moves.facts import Facts, find_facts
from seatledger.domain.moves.inventory import MOVED, SEALED
from seatledger.domain.moves.refusals import NotAMove
from seatledger.domain.moves.rows import Counted, blocks_of_rows, columns_of
from seatledger.domain.moves.seals import envelope_for
from seatledger.shared.rows import RowsDigest, speak_plainly

FORMAT = 1
MANIFEST = "manifest.json"
BLOCK = 1 << 20
QUICKLY = 3


@dataclass(frozen=True)
class Manifest:
    """What a file says about itself. `tables` and `sealed` are by name; `sender` opens what is sealed for `receiver`."""

    account_id: str
    region: str
    sender: str
    receiver: str
    series: list[dict[str, str]]
    columns: dict[str, list[str]]
    tables: dict[str, Counted]
    sealed: dict[str, Counted]
    facts: Facts
    format: int = FORMAT


def write_package(path: Path, *, account: Account, offer: dict[str, Any], receiver: str) -> Manifest:
    """Write an account that is held to a file, readable by its owner alone; returns what the file says of itself."""
    envelope = envelope_for(receiver)
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    with (
        transaction.atomic(),
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=QUICKLY) as archive,
    ):
        speak_plainly()
        tables = {}
        for table in MOVED:
            digest = RowsDigest()
            with archive.open(f"tables/{table.table}.copy", "w", force_zip64=True) as entry:
                for block in blocks_of_rows(table, account.pk):
                    digest.add(block)
                    entry.write(block)
            tables[table.table] = Counted(digest.rows, digest.value())
        for sealed in SEALED:
            with archive.open(f"sealed/{sealed.table}.lines", "w", force_zip64=True) as entry:
                for row in secret_rows.open_rows(sealed, account.pk):
                    entry.write(envelope.seal(row).encode() + b"\n")
        manifest = Manifest(
            account_id=str(account.pk),
            region=account.region,
            sender=envelope.sender,
            receiver=receiver,
            series=offer["series"],
            columns={table.table: list(columns_of(table)) for table in (*MOVED, *SEALED)},
            tables=tables,
            sealed={table.table: secret_rows.count_rows(table, account.pk) for table in SEALED},
            facts=find_facts(account.pk),
        )
        archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
    return manifest


@contextmanager
def opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """Open a file and read what it says of itself. Raises NotAMove."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive, _read(archive)
    except (zipfile.BadZipFile, EOFError, KeyError, OSError) as problem:
        raise NotAMove(f"The file is no account on its way, or damaged: {problem}") from None


def check_package(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Read every row once, and see that this version has the same tables. Raises NotAMove."""
    for table in (*MOVED, *SEALED):
        if manifest.columns.get(table.table) != list(columns_of(table)):
            raise NotAMove(
                f"The table {table.table} is another one here. Run the same version in both regions."
            )
    for moved in MOVED:
        digest = RowsDigest()
        for block in blocks_of_file(archive, f"tables/{moved.table}.copy"):
            digest.add(block)
        if Counted(digest.rows, digest.value()) != manifest.tables[moved.table]:
            raise NotAMove(f"The rows of {moved.table} are not those that were written: the file is damaged.")


def blocks_of_file(archive: zipfile.ZipFile, entry: str) -> Iterator[bytes]:
    """Yield the rows of an entry in blocks, each of whole rows."""
    rest = b""
    with archive.open(entry) as file:
        while block := file.read(BLOCK):
            whole, end, rest = (rest + block).rpartition(b"\n")
            if end:
                yield whole + end
    if rest:
        raise NotAMove(f"{entry} ends in the middle.")


def _read(archive: zipfile.ZipFile) -> Manifest:
    try:
        found = json.loads(archive.read(MANIFEST))
        if found["format"] != FORMAT:
            raise NotAMove(f"This file has format {found['format']}; this version reads {FORMAT}.")
        for part in ("tables", "sealed"):
            found[part] = {name: Counted(**counted) for name, counted in found[part].items()}
        UUID(found["account_id"])
        return Manifest(**found)
    except (ValueError, TypeError) as problem:
        raise NotAMove(f"What the file says about itself cannot be read: {problem}") from None
