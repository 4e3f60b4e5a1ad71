"""What a backup says about itself: what it was made of, and by which every row can be told to be there."""

import hmac
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.utils.encoding import force_bytes

from seatledger.shared.errors import Refused

FORMAT = 1
MANIFEST = "manifest.json"
BLOCK = 1 << 20


class NotABackup(Refused):
    """The file is none of ours, or damaged."""

    code = "not_a_backup"


@dataclass(frozen=True)
class Table:
    """One table: its columns in the order of the file, and what its rows come to."""

    columns: list[str]
    rows: int
    digest: str


@dataclass(frozen=True)
class Manifest:
    """Everything that must be known before a row is read."""

    made_at: str
    version: str
    postgres: str
    region: str
    secret_key: str
    migrations: list[tuple[str, str]]
    tables: dict[str, Table]
    sequences: dict[str, tuple[int, bool]]
    format: int = FORMAT

    def as_json(self) -> bytes:
        return json.dumps(asdict(self), indent=1).encode()


def entry_of(table: str) -> str:
    return f"tables/{table}.copy"


@contextmanager
def opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """Open a backup and read what it says about itself. Raises NotABackup."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive, _read(archive)
    except (zipfile.BadZipFile, EOFError, KeyError, OSError) as problem:
        raise NotABackup(f"{path.name} is no backup, or damaged: {problem}") from None


def _read(archive: zipfile.ZipFile) -> Manifest:
    try:
        found = json.loads(archive.read(MANIFEST))
        if found["format"] != FORMAT:
            raise NotABackup(f"This is a backup of format {found['format']}; this version reads {FORMAT}.")
        tables = {name: Table(**table) for name, table in found.pop("tables").items()}
        migrations = [(app, name) for app, name in found.pop("migrations")]
        return Manifest(tables=tables, migrations=migrations, **found)
    except (ValueError, TypeError) as problem:
        raise NotABackup(f"What the backup says about itself cannot be read: {problem}") from None


def blocks_of(archive: zipfile.ZipFile, table: str) -> Iterator[bytes]:
    """Yield the rows of a table in blocks, each of whole rows."""
    rest = b""
    with archive.open(entry_of(table)) as file:
        while block := file.read(BLOCK):
            whole, end, after = (rest + block).rpartition(b"\n")
            rest = after
            if end:
                yield whole + end
    if rest:
        raise NotABackup(f"The rows of {table} end in the middle.")


def mark_of_secret(secret: str | bytes) -> str:
    """Return what tells one secret key from another and nothing else about it."""
    return hmac.new(force_bytes(secret), b"seatledger.backup", "sha256").hexdigest()[:16]


def knows_secret(manifest: Manifest) -> bool:
    """Say whether this installation has the key by which second steps in the backup were closed."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return manifest.secret_key in {mark_of_secret(key) for key in keys}
