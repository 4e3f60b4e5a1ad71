"""The jobs that look after jobs. Each is safe to run twice, and twice at once."""

from procrastinate import JobContext
from procrastinate.contrib.django import app

SILENT_FOR_S = 30
KEPT_HOURS = 24 * 30


@app.periodic(cron="* * * * *", periodic_id="rescue_stalled_jobs")
@app.task(name="rescue_stalled_jobs", queueing_lock="rescue_stalled_jobs", pass_context=True)
async def rescue_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Queue again every job whose worker has been silent: it was killed, or cut off, in the middle."""
    del timestamp
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=SILENT_FOR_S):
        await jobs.retry_job(job)


@app.periodic(cron="17 3 * * *", periodic_id="forget_old_jobs")
@app.task(name="forget_old_jobs", queueing_lock="forget_old_jobs", pass_context=True)
async def forget_old_jobs(context: JobContext, timestamp: int) -> None:
    """Forget the jobs that were done a month ago."""
    del timestamp
    await context.app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS)
