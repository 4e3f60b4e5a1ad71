"""`seatledger resume`: end the quiet, after saying what will be done then."""

from collections.abc import Sequence

import click
from django.db import connection, transaction
from django.db.models import Count, Min
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from seatledger.domain.notifications.actions import give_up_all_waiting
from seatledger.shared.quiet import QUEUES_WHILE_QUIET, find_quiet, stop_being_quiet

# Messages wait in a table of their own, which finds its jobs again: cancelling those alone would not hold them back.
DELIVERY = "delivery"


@click.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--discard",
    "discarded",
    multiple=True,
    metavar="QUEUE",
    help="Cancel what waits in this queue: its original has sent it long ago. May be given several times.",
)
@click.pass_context
def resume(context: click.Context, *, yes: bool, discarded: Sequence[str]) -> None:
    """Work again after a restore or `seatledger quiet`: say what waits and will be sent, and begin."""
    quiet = find_quiet()
    if quiet is None:
        click.echo("This installation is at work; there is nothing to resume.")
        return
    click.echo(f"Quiet since {quiet.since:%Y-%m-%d %H:%M} UTC: {quiet.why}.")
    waiting = list_waiting()
    for queue, task, number, oldest in waiting:
        what = "is cancelled" if queue in discarded else "will be done"
        click.echo(f"  {queue}: {number} x {task} {what}, the oldest of {oldest}")
    if not waiting:
        click.echo("  Nothing waits.")
    click.echo("The clock's own jobs (billing, changes that are due, reminders) begin again too.")
    if not yes and not click.confirm("Resume?"):
        click.echo("It stays quiet.")
        context.exit(1)
    with transaction.atomic():
        cancel_waiting(discarded)
        if DELIVERY in discarded:
            give_up_all_waiting(error="Left out when work was resumed.", at=timezone.now())
        stop_being_quiet()
    click.echo("At work again. Workers notice within seconds.")


def list_waiting() -> list[tuple[str, str, int, str]]:
    """Return queue, task, number and age of the jobs that the quiet has held back."""
    held = ProcrastinateJob.objects.filter(status="todo").exclude(queue_name__in=QUEUES_WHILE_QUIET)
    counted = held.values("queue_name", "task_name").annotate(
        number=Count("id"), oldest=Min("procrastinateevent__at")
    )
    return [
        (
            row["queue_name"],
            row["task_name"],
            row["number"],
            f"{row['oldest']:%Y-%m-%d %H:%M}" if row["oldest"] else "an unknown day",
        )
        for row in counted.order_by("queue_name", "task_name")
    ]


def cancel_waiting(queues: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT procrastinate_cancel_job_v1(id, false, false) FROM procrastinate_jobs"
            " WHERE status = 'todo' AND queue_name = ANY(%s)",
            [list(queues)],
        )
