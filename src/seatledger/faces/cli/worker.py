"""`seatledger worker`: do the queued jobs."""

import asyncio
import signal
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, cast

import click
from django.db import connection
from procrastinate import App
from procrastinate.contrib.django import app

from seatledger.domain.notifications.webhooks.spreading import QUEUE
from seatledger.shared.quiet import LOOK, QUEUES_WHILE_QUIET

if TYPE_CHECKING:
    from procrastinate.app import WorkerOptions
    from procrastinate.contrib.django.django_connector import DjangoConnector

LOOK_EVERY_S = 2
QUEUES_WITH_JOBS = "SELECT DISTINCT queue_name FROM procrastinate_jobs WHERE status = 'todo'"


@click.command()
@click.option("--concurrency", default=4, show_default=True, help="How many jobs may run at once.")
@click.option(
    "--webhooks", default=8, show_default=True, help="How many webhook jobs may run at once, beside."
)
@click.option("--once", is_flag=True, help="Do what is queued now, then end.")
def worker(*, concurrency: int, webhooks: int, once: bool) -> None:
    """Do the queued jobs, and those whose time has come, until asked to stop.

    In a quiet installation it leaves everything alone that would leave the house, until `seatledger resume`.
    """
    connection.ensure_connection()
    connection.close()
    ours = cast("DjangoConnector", app.connector).get_worker_connector()
    with app.replace_connector(ours) as jobs:
        asyncio.run(work(jobs, concurrency=concurrency, webhooks=webhooks, once=once))


async def work(jobs: App, *, concurrency: int, webhooks: int, once: bool) -> None:
    """Work until asked to stop; when the installation becomes quiet or is no longer so, choose the queues anew."""
    loop = asyncio.get_running_loop()
    # A job is a thread; the loop's own pool is smaller, and webhooks could take all of it.
    loop.set_default_executor(ThreadPoolExecutor(concurrency + webhooks, thread_name_prefix="job"))
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with jobs.open_async():
        while not stop.is_set():
            quiet = await is_quiet(jobs)
            parts = await divide_work(jobs, quiet=quiet, hands=(concurrency, webhooks))
            for part in parts:
                part["wait"] = not once
                part["install_signal_handlers"] = False  # each worker would take the other's
            workers = [asyncio.create_task(jobs.run_worker_async(**part)) for part in parts]
            ended = asyncio.create_task(asyncio.wait(workers, return_when=asyncio.FIRST_EXCEPTION))
            watching = asyncio.create_task(wait_for_change(jobs, quiet=quiet))
            stopping = asyncio.create_task(stop.wait())
            either: list[asyncio.Task[Any]] = [ended, watching, stopping]
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if ended.done():
                stop.set()
            await end_all([*either, *workers])


async def divide_work(jobs: App, *, quiet: bool, hands: tuple[int, int]) -> list["WorkerOptions"]:
    """Return which queues are worked off by how many of the `hands`: those for all others, and those for webhooks.

    Webhooks wait for strangers' machines, so that mail and documents must never wait for the same hands.
    """
    if quiet:
        return [{"name": "jobs", "queues": [*QUEUES_WHILE_QUIET], "concurrency": hands[0]}]
    waiting = await jobs.connector.execute_query_all_async(QUEUES_WITH_JOBS)
    every = {task.queue for task in jobs.tasks.values()} | {row["queue_name"] for row in waiting}
    return [
        {"name": "jobs", "queues": sorted(every - {QUEUE}), "concurrency": hands[0]},
        {"name": "webhooks", "queues": [QUEUE], "concurrency": hands[1]},
    ]


async def end_all(running: "list[asyncio.Task[Any]]") -> None:
    """Cancel what still runs, and wait for it: a worker ends what it has in hand first. Raises what one failed with."""
    for each in running:
        each.cancel()
    outcomes = await asyncio.gather(*running, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, Exception):
            raise outcome


async def wait_for_change(jobs: App, *, quiet: bool) -> None:
    """Return once the installation has become quiet, or is no longer so."""
    while await is_quiet(jobs) == quiet:  # noqa: ASYNC110 -- another process changes it
        await asyncio.sleep(LOOK_EVERY_S)


async def is_quiet(jobs: App) -> bool:
    return bool(await jobs.connector.execute_query_all_async(LOOK))
