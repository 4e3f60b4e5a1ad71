"""Databases beside the test's own, and the `seatledger` command on them as a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

PATIENCE_S = 400
DIGEST = (
    "SELECT count(*), md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM (SELECT {} FROM {}) t"
)


def address_of(name: str = "") -> str:
    """Return the address of a database on the test's server, or of the test's own."""
    known = connection.get_connection_params()
    parts = {key: known.get(key) for key in ("host", "port", "user", "password") if known.get(key)}
    user = parts["user"] + (f":{parts['password']}" if "password" in parts else "")
    where = "&".join(f"{key}={parts[key]}" for key in ("host", "port") if key in parts)
    return f"postgresql://{user}@/{name or known['dbname']}?{where}"


@contextmanager
def empty_database(name: str) -> Iterator[str]:
    """Make a database beside the test's own and return its address; it is gone afterwards."""
    found = f"{connection.get_connection_params()['dbname']}_{name}"
    with psycopg.connect(address_of(), autocommit=True) as server:
        drop_database(server, found)
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(found)))
    try:
        yield address_of(found)
    finally:
        with psycopg.connect(address_of(), autocommit=True) as server:
            drop_database(server, found)


def drop_database(server: psycopg.Connection, name: str) -> None:
    """Remove a database, and first end what is left of ours in it.

    Not `WITH (FORCE)`: that may not end the server's own work there, such as a vacuum, and then fails; without it the
    server ends that by itself.
    """
    server.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = current_user",
        [name],
    )
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def variables(address: str, **more: str) -> dict[str, str]:
    """Return what a process needs to work on the database at this address."""
    state = str(settings.SEATLEDGER_STATE)
    return {
        "PATH": os.environ["PATH"],
        "HOME": state,
        "SEATLEDGER_STATE": state,
        "SEATLEDGER_SECRET_KEY": "k" * 50,
        "DATABASE_URL": address,
    } | more


def start(address: str, *arguments: object, **more: str) -> "subprocess.Popen[str]":
    """Start the command as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "seatledger.faces.cli.main", *map(str, arguments)],
        env=variables(address, **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run(address: str, *arguments: object, **more: str) -> tuple[int, str]:
    """Run the command to its end; returns its exit code and everything it printed."""
    process = start(address, *arguments, **more)
    said, _ = process.communicate(timeout=PATIENCE_S)
    return process.returncode, said


def facts(address: str) -> dict[str, tuple[int, str]]:
    """Return what every table of a database holds, and every sequence: how many rows, and their digest in any order."""
    with psycopg.connect(address) as there:
        names = there.execute(
            "SELECT relname, relkind = 'S' FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S')"
        ).fetchall()
        found = {}
        for name, counts in names:
            columns = "last_value, is_called" if counts else "*"
            query = sql.SQL(DIGEST).format(sql.SQL(columns), sql.Identifier(name))
            [found[name]] = there.execute(query).fetchall()
        return found
