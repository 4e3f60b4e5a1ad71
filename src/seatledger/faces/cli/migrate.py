"""`seatledger migrate`: bring the tables up to date."""

import click
from django.core.management import call_command


@click.command()
def migrate() -> None:
    """Bring the database's tables up to date. Run it once for each new version, before it serves."""
    call_command("migrate", interactive=False)
    call_command("createcachetable")
