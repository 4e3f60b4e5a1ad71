"""`seatledger cells`: a cell a region on this machine, to try out what regions are."""

import os
import sys
from typing import NoReturn

import click


def become(*arguments: str) -> NoReturn:
    # What starts cells stands above the faces, so it takes this process over instead of being imported.
    os.execv(sys.executable, [sys.executable, "-m", "seatledger.config.cells", *arguments])  # noqa: S606 -- no shell is wanted


@click.group()
def cells() -> None:
    """Run one cell a region on this machine: its own database, port and demo each."""


@cells.command()
def up() -> None:
    """Start every cell; Ctrl-C stops all of them."""
    become("up")


@cells.command()
def status() -> None:
    """Say of each cell whether it answers, and where."""
    become("status")


@cells.command()
def down() -> None:
    """Stop the cells that run elsewhere on this machine."""
    become("down")


@cells.command(name="in", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.argument("region")
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
def in_(region: str, command: tuple[str, ...]) -> None:
    """Run a COMMAND of seatledger in the cell of REGION: `cells in eu account list`."""
    become("in", region, *command)
