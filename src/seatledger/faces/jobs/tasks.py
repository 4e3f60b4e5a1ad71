"""The jobs that look after jobs. Each is safe to run twice, and twice at once."""

from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from seatledger.domain.events.actions import Actor
from seatledger.domain.invoices.actions import begin_run, finish_run
from seatledger.domain.invoices.parties import NoSeller
from seatledger.domain.invoices.runs import bill_in_chunks
from seatledger.faces.jobs.agreements import apply_changes
from seatledger.faces.jobs.closures import go_on_with_closure, go_on_with_closures, make_certificate_pdf
from seatledger.faces.jobs.documents import (
    make_file,
    render_documents,
    render_old_documents,
)
from seatledger.faces.jobs.dunning import step_dunnings, tell_expiring_cards
from seatledger.faces.jobs.endings import watch_endings
from seatledger.faces.jobs.exports import go_on_with_exports, make_export
from seatledger.faces.jobs.figures import reckon_figures
from seatledger.faces.jobs.gateways import (
    detach_method,
    forget_customer,
    open_setup,
    refund_payment,
    resolve_forgotten,
    resolve_refunds,
    resolve_setup,
)
from seatledger.faces.jobs.messages import (
    TRY_AGAIN,
    deliver_event,
    deliver_joining,
    deliver_password_reset,
    deliver_signup,
    send_message,
    send_waiting_messages,
)
from seatledger.faces.jobs.moves import forget_forwarding
from seatledger.faces.jobs.payments import (
    apply_notices,
    charge_payment,
    collect_due,
    give_up_payment,
    move_sandbox,
    resolve_payment,
    resolve_unknown,
    send_sandbox_notices,
)
from seatledger.faces.jobs.reminders import watch_licences, write_reminders
from seatledger.faces.jobs.signups import tidy_signups
from seatledger.faces.jobs.webhooks import (
    forget_old_webhooks,
    send_webhooks,
    spread_events,
    start_due_webhooks,
)

# The worker looks for jobs in this file alone; those about one subject have a file of their own.
__all__ = [
    "apply_changes",
    "apply_notices",
    "charge_payment",
    "collect_due",
    "deliver_event",
    "deliver_joining",
    "deliver_password_reset",
    "deliver_signup",
    "detach_method",
    "forget_customer",
    "forget_forwarding",
    "forget_old_jobs",
    "forget_old_webhooks",
    "give_up_payment",
    "go_on_with_closure",
    "go_on_with_closures",
    "go_on_with_exports",
    "make_certificate_pdf",
    "make_export",
    "make_file",
    "move_sandbox",
    "open_setup",
    "reckon_figures",
    "refund_payment",
    "render_documents",
    "render_old_documents",
    "rescue_stalled_jobs",
    "resolve_forgotten",
    "resolve_payment",
    "resolve_refunds",
    "resolve_setup",
    "resolve_unknown",
    "send_message",
    "send_sandbox_notices",
    "send_waiting_messages",
    "send_webhooks",
    "spread_events",
    "start_due_webhooks",
    "step_dunnings",
    "tell_expiring_cards",
    "tidy_signups",
    "watch_endings",
    "watch_licences",
    "write_reminders",
]

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


@app.periodic(cron="7 * * * *", periodic_id="bill_accounts")
@app.task(name="bill_accounts", queueing_lock="bill_accounts", retry=TRY_AGAIN)
def bill_accounts(timestamp: int) -> None:
    """Charge what is due. Every hour, because accounts' days begin at different hours.

    Killed in the middle, it is done again and goes on where it was; two at once share the accounts.
    """
    del timestamp
    at, by = timezone.now(), Actor.system()
    try:
        run, _ = begin_run(at=at, by=by)
    except NoSeller:
        return  # nobody sells here yet
    chunks = list(bill_in_chunks(at=at, by=by))
    finish_run(run=run, chunks=chunks, at=timezone.now(), by=by)
