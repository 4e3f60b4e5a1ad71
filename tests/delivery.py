"""Do the queued jobs within a test, as the worker process does them."""

from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.periodic import PeriodicRegistry


def do_the_jobs(*queues: str) -> None:
    """Do every job that is queued now, of these queues or of all. Needs `django_db(transaction=True)`.

    The worker has its own connections. It queues nothing by the clock here, or a test would depend on its minute.
    """
    with app.replace_connector(app.connector.get_worker_connector()) as worker:
        by_the_clock, worker.periodic_registry = worker.periodic_registry, PeriodicRegistry()
        try:
            worker.run_worker(
                queues=list(queues) or None,
                wait=False,
                install_signal_handlers=False,
                listen_notify=False,
                concurrency=1,
            )
        finally:
            worker.periodic_registry = by_the_clock


def forget_the_jobs() -> None:
    """Empty the queue."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


def queue_job(task: str, **arguments: str | int) -> None:
    app.configure_task(task, queue="delivery").defer(**arguments)


def jobs_named(task: str) -> list[ProcrastinateJob]:
    return list(ProcrastinateJob.objects.filter(task_name=task).order_by("id"))
