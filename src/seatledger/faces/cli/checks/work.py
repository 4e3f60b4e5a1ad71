"""The work: jobs, billing, and whether the numbers agree."""

from collections.abc import Iterator
from itertools import islice

from django.db import connection
from django.utils import timezone

from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.models import AccountBilling, BillingRun, Seller
from seatledger.faces.cli.checks.findings import Finding, ill, watch, well
from seatledger.faces.cli.verify import find_problems
from seatledger.shared.quiet import QUEUES_WHILE_QUIET, is_quiet

LONGEST_WAIT_S = 600
LONGEST_WITHOUT_BILLING_S = 3 * 3600
SAMPLE = 20
LOOK = """
SELECT
  (SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '30 seconds'),
  (SELECT count(*) FROM procrastinate_jobs jobs JOIN procrastinate_events e ON e.job_id = jobs.id
    WHERE jobs.status = 'failed' AND e.type = 'failed' AND e.at > now() - interval '1 day'),
  (SELECT coalesce(extract(epoch FROM max(now() - coalesce(scheduled_at, queued.at)))::float, 0)
    FROM procrastinate_jobs jobs
    LEFT JOIN LATERAL (SELECT min(at) AS at FROM procrastinate_events WHERE job_id = jobs.id) queued ON true
    WHERE status = 'todo' AND coalesce(scheduled_at, queued.at) <= now() AND (NOT %s OR queue_name = ANY(%s)))
"""


def check_jobs() -> Iterator[Finding]:
    """Look whether anybody works, what waits and what has failed."""
    with connection.cursor() as cursor:
        cursor.execute(LOOK, [is_quiet(), list(QUEUES_WHILE_QUIET)])
        [(workers, failed, oldest)] = cursor.fetchall()
    if not workers:
        yield ill("jobs", "no worker has been heard of for 30 seconds", "Start `seatledger worker`.")
    elif oldest > LONGEST_WAIT_S:
        yield ill(
            "jobs",
            f"the oldest job has waited {oldest / 60:.0f} minutes",
            "Start more workers; see the log for what holds these up.",
        )
    else:
        yield well("jobs", f"{workers} worker(s); the oldest job has waited {oldest:.0f} s")
    if failed:
        yield watch("jobs", f"{failed} failed within a day", "The log says why, under job_error.")


def check_billing() -> Iterator[Finding]:
    """Look when billing last ended, and who waits for a person."""
    if not Seller.objects.exists():
        yield watch("billing", "nobody is known who sells", "Apply a file: `seatledger seller apply FILE`.")
        return
    newest = BillingRun.objects.filter(finished_at__isnull=False).order_by("-finished_at").first()
    ended = newest.finished_at if newest else None
    parked = AccountBilling.objects.filter(parked_at__isnull=False).count()
    late = ended is None or (timezone.now() - ended).total_seconds() > LONGEST_WITHOUT_BILLING_S
    when = f"the last run ended {ended:%Y-%m-%d %H:%M} UTC" if ended else "no run has ended yet"
    if late and not is_quiet():
        yield watch("billing", when, "A worker bills every hour; see that one runs.")
    else:
        yield well("billing", when)
    if parked:
        yield watch(
            "billing",
            f"{parked} account(s) wait for a person",
            "See `seatledger bill --help`: --release or --discard.",
        )


def check_numbers() -> Iterator[Finding]:
    """Work out chains, counters and amounts of the accounts that were opened last; `seatledger verify` takes all."""
    accounts = list(Account.objects.order_by("-pk")[:SAMPLE])
    problems = [problem for account in accounts for problem in islice(find_problems(account), 1)]
    for problem in problems:
        yield ill("numbers", problem, "Do not bill. Run `seatledger verify` and keep a copy of the database.")
    if not problems:
        yield well("numbers", f"chains, counters and amounts of {len(accounts)} account(s) agree")
