"""Databases for tests: one for each process, copied from a template that was migrated once.

The template's name carries a digest of every migration, so a changed migration makes a new one.
"""

import hashlib
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings
from django.db import connection

from seatledger.config.postgres.binaries import OLDEST_VERSION
from seatledger.config.postgres.locks import Lock

REPOSITORY = Path(__file__).resolve().parent.parent
TEMPLATE_PREFIX = "seatledger_template_"
MOST_PROCESSES = 32
OLDEST_SERVER = OLDEST_VERSION * 10_000


def choose_own_database() -> Lock:
    """Point the settings at a database that nobody else uses while the returned lock is held."""
    folder = settings.SERVER.places.root
    folder.mkdir(parents=True, exist_ok=True)
    refuse_old_server()
    slot, lock = take_slot(folder)
    template = template_name()
    building = Lock(folder / "template.lock")
    building.take(wait=True)
    if not database_exists(template):
        make_template(template)
    building.release()
    connection.settings_dict["TEST"] |= {
        "NAME": f"test_seatledger_{slot}",
        "TEMPLATE": template,
        "MIGRATE": False,
    }
    return lock


def refuse_old_server() -> None:
    with connection._nodb_cursor() as cursor:  # noqa: SLF001 -- Django's own way to reach a server without a database
        version = cursor.connection.info.server_version
    if version < OLDEST_SERVER:
        pytest.exit(f"PostgreSQL {OLDEST_VERSION} or newer is needed; this server is {version // 10_000}", 4)


def take_slot(folder: Path) -> tuple[int, Lock]:
    """Return the first number nobody uses, and the lock that keeps it ours until this process ends."""
    for slot in range(MOST_PROCESSES):
        lock = Lock(folder / f"slot-{slot}.lock")
        if lock.take():
            return slot, lock
    raise RuntimeError(f"{MOST_PROCESSES} test processes run already")


def template_name() -> str:
    digest = hashlib.sha256()
    source = REPOSITORY / "src"
    files = [
        *source.rglob("migrations/*.py"),
        *source.glob("seatledger/shared/*.py"),
        *source.rglob("*.sql"),
        REPOSITORY / "requirements-dev.lock",
    ]
    for file in sorted(files):
        digest.update(str(file.relative_to(REPOSITORY)).encode() + b"\0" + file.read_bytes() + b"\0")
    return TEMPLATE_PREFIX + digest.hexdigest()[:16]


def database_exists(name: str) -> bool:
    with connection._nodb_cursor() as cursor:  # noqa: SLF001 -- as above
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def make_template(name: str) -> None:
    """Migrate a new database under another name first, so that a kill leaves no half-made template."""
    original = connection.settings_dict["NAME"]
    unfinished = f"{name}_unfinished"
    connection.settings_dict["TEST"]["NAME"] = unfinished
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = original
    with connection._nodb_cursor() as cursor:  # noqa: SLF001 -- as above
        cursor.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s AND datname <> %s",
            [f"{TEMPLATE_PREFIX}%", unfinished],
        )
        for (outdated,) in cursor.fetchall():
            cursor.execute(f'DROP DATABASE IF EXISTS "{outdated}"')
        cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')


def database_url() -> str:
    """Return the address of this process's own test database."""
    known = connection.settings_dict
    parts = {
        "host": known["HOST"],
        "port": known["PORT"],
        "user": known["USER"],
        "password": known["PASSWORD"],
        "dbname": known["NAME"],
    }
    said = {name: value for name, value in parts.items() if value}
    return f"postgresql:///?{urlencode(said, quote_via=quote)}"
