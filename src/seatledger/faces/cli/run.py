"""`seatledger run`: start everything, and stop it together."""

import os
import sys

import click


@click.command()
def run() -> None:
    """Start the portal: database, web server, worker and, unless in production, the demo."""
    # The supervisor stands above the faces, so it takes this process over instead of being imported.
    os.execv(sys.executable, [sys.executable, "-m", "seatledger.config.supervisor"])  # noqa: S606 -- no shell is wanted
