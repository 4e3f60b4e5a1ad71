"""`seatledger worker`: do the queued jobs."""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, cast

import click
from django.db import connection
from procrastinate import App
from procrastinate.contrib.django import app

from seatledger.shared.quiet import LOOK, QUEUES_WHILE_QUIET

if TYPE_CHECKING:
    from procrastinate.app import WorkerOptions
    from procrastinate.contrib.django.django_connector import DjangoConnector

LOOK_EVERY_S = 2


@click.command()
@click.option("--concurrency", default=4, show_default=True, help="How many jobs may run at once.")
@click.option("--once", is_flag=True, help="Do what is queued now, then end.")
def worker(*, concurrency: int, once: bool) -> None:
    """Do the queued jobs, and those whose time has come, until asked to stop.

    In a quiet installation it leaves everything alone that would leave the house, until `seatledger resume`.
    """
    connection.ensure_connection()
    connection.close()
    ours = cast("DjangoConnector", app.connector).get_worker_connector()
    with app.replace_connector(ours) as jobs:
        asyncio.run(work(jobs, concurrency=concurrency, once=once))


async def work(jobs: App, *, concurrency: int, once: bool) -> None:
    """Work until asked to stop; when the installation becomes quiet or is no longer so, choose the queues anew."""
    async with jobs.open_async():
        changed = True
        while changed:
            quiet = await is_quiet(jobs)
            options: WorkerOptions = {"concurrency": concurrency, "wait": not once}
            if quiet:
                options["queues"] = list(QUEUES_WHILE_QUIET)  # a tuple would be sent as a row
            working = asyncio.create_task(jobs.run_worker_async(**options))
            watching = asyncio.create_task(wait_for_change(jobs, quiet=quiet))
            await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
            changed = not working.done()
            for task in (watching, working):  # a worker that is cancelled ends what it has in hand first
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task


async def wait_for_change(jobs: App, *, quiet: bool) -> None:
    """Return once the installation has become quiet, or is no longer so."""
    while await is_quiet(jobs) == quiet:  # noqa: ASYNC110 -- another process changes it
        await asyncio.sleep(LOOK_EVERY_S)


async def is_quiet(jobs: App) -> bool:
    return bool(await jobs.connector.execute_query_all_async(LOOK))
