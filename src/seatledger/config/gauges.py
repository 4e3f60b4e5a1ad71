"""What the queues and the installation itself measure; see `shared.gauges`."""

from django.db import connection

from seatledger.shared.gauges import Gauge, Reading, measure, one
from seatledger.shared.quiet import is_quiet

COUNT_JOBS = """
SELECT queue_name, status::text, count(*) FROM procrastinate_jobs
WHERE status IN ('todo', 'doing', 'failed') GROUP BY 1, 2
"""
# How long the oldest job that could be done has been waiting for a worker: 0 where none does.
OLDEST_JOB = """
SELECT queue_name, coalesce(extract(epoch FROM max(now() - coalesce(scheduled_at, queued.at)))::float, 0)
FROM procrastinate_jobs jobs
LEFT JOIN LATERAL (SELECT min(at) AS at FROM procrastinate_events WHERE job_id = jobs.id) queued ON true
WHERE status = 'todo' AND coalesce(scheduled_at, queued.at) <= now()
GROUP BY 1
"""
COUNT_WORKERS = (
    "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '30 seconds'"
)


def register() -> None:
    measure(
        Gauge("seatledger_jobs", "Jobs by queue and state.", read_jobs, ("queue", "state")),
        Gauge(
            "seatledger_jobs_oldest_waiting_seconds",
            "How long the oldest job that could be done has waited.",
            read_oldest,
            ("queue",),
        ),
        Gauge("seatledger_workers", "Workers that have been heard of within 30 seconds.", read_workers),
        Gauge("seatledger_quiet", "1 while nothing is sent, charged or billed.", read_quiet),
    )


def read_jobs() -> list[Reading]:
    return [((queue, state), number) for queue, state, number in _rows(COUNT_JOBS)]


def read_oldest() -> list[Reading]:
    return [((queue,), age) for queue, age in _rows(OLDEST_JOB)]


def read_workers() -> list[Reading]:
    [(number,)] = _rows(COUNT_WORKERS)
    return one(number)


def read_quiet() -> list[Reading]:
    return one(int(is_quiet()))


def _rows(query: str) -> list[tuple]:  # type: ignore[type-arg] # each query has columns of its own
    with connection.cursor() as cursor:
        cursor.execute(query)
        rows: list[tuple] = cursor.fetchall()  # type: ignore[type-arg] # the same
        return rows
