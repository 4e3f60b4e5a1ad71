"""What a supervisor does before it serves: each step is safe to repeat."""

import hashlib
import os
import re
import time
from importlib import import_module
from importlib.util import find_spec
from io import StringIO
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seatledger.config.settings")

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection

DEMO = "seatledger.faces.cli.demo"
# Parts of htmx that no page of ours uses; compressing them would take longer than all of ours.
NAMED_BY_CONTENT = re.compile(r"\.[0-9a-f]{12}\.")
KEPT_S = 30 * 24 * 3600
UNUSED = ["ext", "htmax-*", "htmx-2.js", "htmx-4*"]


def set_up() -> None:
    """Make Django ready, without asking the database anything."""
    django.setup()


def start_database() -> None:
    """Start the embedded server, or check that the one named by DATABASE_URL answers."""
    set_up()
    connection.ensure_connection()


def stop_database() -> None:
    connection.close()
    settings.SERVER.release(wait=True)


def prepare_tables() -> None:
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)


def collect_static() -> None:
    """Gather, name by content and compress the static files, unless none has changed since the last time.

    Files named by what they held stay for a month: pages of the version before still ask for them.
    """
    digest = digest_of_static()
    stamp = settings.STATIC_ROOT / ".digest"
    if stamp.is_file() and stamp.read_text(encoding="ascii") == digest:
        return
    remove_outdated(settings.STATIC_ROOT)
    call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=UNUSED, stdout=StringIO())
    stamp.write_text(digest, encoding="ascii")


def remove_outdated(place: Path) -> None:
    """Remove the files that do not bear the name of their content, and those that nobody asks for any more."""
    for file in place.rglob("*"):
        is_named = NAMED_BY_CONTENT.search(file.name) is not None
        if file.is_file() and not (is_named and time.time() - file.stat().st_mtime < KEPT_S):
            file.unlink()


def digest_of_static() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list(()):
            digest.update(f"{name} {storage.size(name)} {storage.get_modified_time(name)}\n".encode())
    return digest.hexdigest()


def load_demo() -> list[str]:
    """Load the demo into an empty database. Returns the lines that tell people how to sign in."""
    if find_spec(DEMO) is None:
        return []
    return list(import_module(DEMO).load_demo_if_empty())
