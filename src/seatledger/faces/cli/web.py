"""`seatledger web`: the web server alone."""

import os
import sys

import click


@click.command()
def web() -> None:
    """Serve the pages, without the database, the worker and the demo that `seatledger run` starts too."""
    # The wiring stands above the faces, so it takes this process over instead of being imported.
    os.execv(sys.executable, [sys.executable, "-m", "seatledger.config.web"])  # noqa: S606 -- no shell is wanted
