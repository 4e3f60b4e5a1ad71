"""`seatledger worker`: do the queued jobs."""

import click
from django.core.management import call_command
from django.db import connection


@click.command()
@click.option("--concurrency", default=4, show_default=True, help="How many jobs may run at once.")
@click.option("--once", is_flag=True, help="Do what is queued now, then end.")
def worker(*, concurrency: int, once: bool) -> None:
    """Do the queued jobs, and those whose time has come, until asked to stop."""
    connection.ensure_connection()
    connection.close()
    how_long = ["--one-shot"] if once else []
    call_command("procrastinate", "worker", f"--concurrency={concurrency}", *how_long)
