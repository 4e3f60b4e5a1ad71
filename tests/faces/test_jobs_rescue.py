"""A job whose worker was killed in the middle is done by another one."""

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from delivery import do_the_jobs
from seatledger.faces.jobs.tasks import forget_old_jobs


def job_of(job_id: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE id = %s", [job_id])
        return str(cursor.fetchone()[0])


def start_job_on_silent_worker(job_id: int) -> None:
    """Make the database look as it does when a worker took the job two minutes ago and was killed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH worker AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '2 minutes')"
            " RETURNING id)"
            " UPDATE procrastinate_jobs SET status = 'doing', worker_id = worker.id FROM worker"
            " WHERE procrastinate_jobs.id = %s",
            [job_id],
        )


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_silent_worker_is_queued_again_and_done():
    job_id = forget_old_jobs.defer(timestamp=0)
    start_job_on_silent_worker(job_id)
    app.configure_task("rescue_stalled_jobs").defer(timestamp=0)
    do_the_jobs()
    do_the_jobs()
    assert job_of(job_id) == "succeeded"
