"""Trials by the month in which they began, and how they ended."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import connection
from django.db.models import TextChoices

from seatledger.domain.figures.months import month_of
from seatledger.domain.figures.queries.totals import MONTHS
from seatledger.engine.periods import add_months


class TrialEnd(TextChoices):
    CONVERTED = "converted", "Paid for"
    EXPIRED = "expired", "Ended without"
    RUNNING = "running", "Still running"


# A trial is paid for once that was agreed, also while its last days are free.
END_OF_TRIAL: Final = """CASE WHEN EXISTS (
    SELECT FROM subscriptions_change change WHERE change.subscription_id = trial.id AND change.kind = 'paying' OFFSET 0)
  THEN 'converted' WHEN trial.free_until <= (%(at)s AT TIME ZONE account.time_zone)::date THEN 'expired' ELSE 'running' END"""
# A day around the months, whatever the account's zone; the account's own month decides.
TRIALS: Final = f"""
SELECT trial.id, trial.account_id, trial.started_at, trial.free_until,
       date_trunc('month', trial.started_at AT TIME ZONE account.time_zone)::date AS month, {END_OF_TRIAL} AS ended
FROM subscriptions_subscription trial JOIN accounts_account account ON account.id = trial.account_id
WHERE trial.free_until IS NOT NULL
  AND trial.started_at >= %(first)s::date - interval '1 day' AND trial.started_at < %(last)s::date + interval '1 month 1 day'
"""  # noqa: S608 -- names of this file
_COUNTED: Final = f"SELECT month, ended, count(*) FROM ({TRIALS}) trials GROUP BY month, ended"  # noqa: S608 -- the same


@dataclass(frozen=True)
class TrialMonth:
    """The trials that began in a month, by how they ended."""

    month: date
    ends: dict[TrialEnd, int]

    @property
    def begun(self) -> int:
        return sum(self.ends.values())


def count_trials_for_operator(*, at: datetime) -> list[TrialMonth]:
    """Return the trials of the last thirteen months, the oldest first."""
    last = month_of(at.date())
    months = [add_months(last, -back) for back in range(MONTHS - 1, -1, -1)]
    found: dict[date, dict[TrialEnd, int]] = {month: dict.fromkeys(TrialEnd, 0) for month in months}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, {"at": at, "first": months[0], "last": last})
        for month, ended, number in cursor.fetchall():
            if month in found:
                found[month][TrialEnd(ended)] = number
    return [TrialMonth(month, ends) for month, ends in found.items()]
