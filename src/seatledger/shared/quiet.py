"""A quiet installation shows everything and does nothing of its own accord: no mail, no webhook, no charge, no bill.

A restored copy is quiet until `seatledger resume`, because its original may still be at work, or has sent long ago what
waits in the copy's queues. The one row of the table `quiet` says so; it stands in the database, so it is true for
every process of the cell, and a copy of a quiet database is quiet.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from seatledger.shared.errors import Unreachable

# What a quiet installation still does: only what stays inside and changes nothing that anybody is charged or told.
# Every other queue is left alone, one that is new tomorrow included.
QUEUES_WHILE_QUIET = ("documents",)
# Why a database is quiet that a restore has not finished; no process serves it.
RESTORING = "a restore into this database has not finished"
LOOK = "SELECT since, why FROM quiet"


class StaysQuiet(Unreachable):
    """Nothing leaves a quiet installation. The job waits until `seatledger resume`."""


@dataclass(frozen=True)
class Quiet:
    """Since when the installation has been quiet, and why."""

    since: datetime
    why: str


def find_quiet() -> Quiet | None:
    """Return since when and why this installation is quiet, or None when it is at work."""
    with connection.cursor() as cursor:
        cursor.execute(LOOK)
        found = cursor.fetchone()
    return Quiet(*found) if found else None


def is_quiet() -> bool:
    return find_quiet() is not None


def refuse_while_quiet() -> None:
    """Stand before every call to the outside. Raises StaysQuiet.

    The worker takes no such job while it is quiet; this is for one that was in hand when it became so.
    """
    if is_quiet():
        raise StaysQuiet("This installation is quiet: nothing is sent until `seatledger resume`.")


def become_quiet(*, at: datetime, why: str) -> None:
    """Be quiet from now on; an earlier reason is replaced, since when it holds is not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO quiet (id, since, why) VALUES (true, %s, %s) ON CONFLICT (id) DO UPDATE SET why = excluded.why",
            [at, why],
        )


def stop_being_quiet() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM quiet")
