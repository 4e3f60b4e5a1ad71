"""Do the queued jobs within a test, as the worker process does them."""

from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob


def do_the_jobs() -> None:
    """Do every job that is queued now. Needs `django_db(transaction=True)`: the worker has its own connections."""
    with app.replace_connector(app.connector.get_worker_connector()) as worker:
        worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False, concurrency=1)


def forget_the_jobs() -> None:
    """Empty the queue, which outlives a test that commits."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


def queue_job(task: str, **arguments: str | int) -> None:
    app.configure_task(task, queue="delivery").defer(**arguments)


def jobs_named(task: str) -> list[ProcrastinateJob]:
    return list(ProcrastinateJob.objects.filter(task_name=task).order_by("id"))
