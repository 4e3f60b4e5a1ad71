"""Three cells: a database, a secret key and files for each region, all on the server of the tests.

Servers of their own would make no difference to what is tested: no process is told more than one of the databases, but
for the command with which it asks another cell.
"""

import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from django.conf import settings
from django.db import connection, connections
from django.test import override_settings
from psycopg import sql
from pytest_django import DjangoDbBlocker

import elsewhere
from databases import template_name

if TYPE_CHECKING:
    from subprocess import Popen

REGIONS = {
    "eu": "EU/EEA (Germany West Central)",
    "uk": "United Kingdom (UK South)",
    "us": "United States (US East)",
}


@dataclass(frozen=True)
class Cell:
    """One region's cell: its database, its files, and how others run `seatledger` in it."""

    region: str
    database: str
    state: Path
    blocker: DjangoDbBlocker

    @property
    def address(self) -> str:
        return elsewhere.address_of(self.database)

    @property
    def secret_key(self) -> str:
        return self.region[0] * 50

    def variables(self) -> dict[str, str]:
        return {
            "SEATLEDGER_REGION": self.region,
            "SEATLEDGER_STATE": str(self.state),
            "SEATLEDGER_SECRET_KEY": self.secret_key,
            "SEATLEDGER_REGIONS": "; ".join(
                f"{key}|{label}|https://{key}.example" for key, label in REGIONS.items()
            ),
        }

    def command(self) -> str:
        said = [
            f"{name}={value}" for name, value in {"DATABASE_URL": self.address, **self.variables()}.items()
        ]
        # The list of regions holds semicolons, which part commands; what asks passes its own on.
        said = [one for one in said if not one.startswith("SEATLEDGER_REGIONS")]
        return shlex.join(["env", *said, sys.executable, "-m", "seatledger.faces.cli.main"])

    def run(self, *arguments: object, **more: str) -> tuple[int, str]:
        """Run a command in this cell; returns its exit code and everything it printed."""
        return elsewhere.run(self.address, *arguments, **self.variables() | more)

    def start(self, *arguments: object, **more: str) -> "Popen[str]":
        return elsewhere.start(self.address, *arguments, **self.variables() | more)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Work in this cell, by the real actions of this process."""
        before = connections["default"]
        there = before.copy()
        there.settings_dict["NAME"] = self.database
        mine = override_settings(SEATLEDGER_REGION=self.region, SECRET_KEY=self.secret_key)
        with self.blocker.unblock(), mine:
            connections["default"] = there
            try:
                yield
            finally:
                there.close()
                connections["default"] = before

    @contextmanager
    def asked(self) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
        with psycopg.connect(self.address, autocommit=True) as there:
            yield there

    def dump(self) -> str:
        """Return every row of every table, as text."""
        with self.asked() as there:
            names = there.execute(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
            ).fetchall()
            parts = []
            for (name,) in names:
                rows = there.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(str(name))))
                parts += [f"{name}: {row}" for (row,) in rows]
        return "\n".join(parts)


def reaching(*cells: Cell) -> dict[str, str]:
    """Return the setting that says how `seatledger` is run in these cells."""
    return {"SEATLEDGER_CELL_COMMANDS": "; ".join(f"{cell.region}|{cell.command()}" for cell in cells)}


@contextmanager
def three_cells(folder: Path, blocker: DjangoDbBlocker, *, called: str) -> Iterator[dict[str, Cell]]:
    """Make three cells with no rows in them; they are gone afterwards."""
    with blocker.unblock():
        own = str(connection.get_connection_params()["dbname"])
        address = elsewhere.address_of()
    cells = {key: Cell(key, f"{own}_{called}_{key}", folder / key, blocker) for key in REGIONS}
    template = sql.Identifier(template_name())
    with psycopg.connect(address, autocommit=True) as server:
        for cell in cells.values():
            cell.state.mkdir(mode=0o700)
            name = sql.Identifier(cell.database)
            elsewhere.drop_database(server, cell.database)
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, template))
            with cell.asked() as there:
                there.execute(
                    "INSERT INTO cell (id, region) VALUES (true, %s) ON CONFLICT (id) DO UPDATE SET region = excluded.region",
                    [cell.region],
                )
    try:
        yield cells
    finally:
        with psycopg.connect(address, autocommit=True) as server:
            for cell in cells.values():
                elsewhere.drop_database(server, cell.database)


assert settings.SEATLEDGER_REGION in REGIONS
