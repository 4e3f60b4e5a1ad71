"""Which accounts are due: found by statements over what was heard, and claimed so that nobody waits for anybody."""

from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q, QuerySet

from seatledger.domain.invoices.models import AccountBilling
from seatledger.domain.invoices.one_bills import without_members
from seatledger.engine.days import day_of

# A day begins this much earlier somewhere than in UTC, at most.
_EARLIEST_ZONE = timedelta(hours=14)
# Only one at a time looks for what was heard; two would wait for each other's rows in different orders.
_LOOK_ALONE = "SELECT pg_advisory_xact_lock(hashtext('invoices: look for what is due'))"
_ENROL = """
INSERT INTO invoices_accountbilling (account_id, next_on, parked_because)
SELECT subscription.account_id, min((subscription.started_at AT TIME ZONE account.time_zone)::date), ''
FROM subscriptions_subscription subscription JOIN accounts_account account ON account.id = subscription.account_id
WHERE NOT EXISTS (SELECT FROM invoices_accountbilling known WHERE known.account_id = subscription.account_id)
GROUP BY subscription.account_id
ON CONFLICT DO NOTHING
"""
_BRING_FORWARD = """
WITH heard (account_id, instant) AS (
  SELECT account_id, at FROM licences_ledgerentry
  WHERE bought_change <> 0 AND at >= %(since)s AND at <= %(at)s
  UNION ALL
  SELECT account_id, asked_at FROM subscriptions_change
  WHERE takes_effect = 'at_once' AND asked_at >= %(since)s AND asked_at <= %(at)s
  UNION ALL
  SELECT account_id, effective_at FROM subscriptions_change
  WHERE applied_at IS NULL AND effective_at >= %(since)s AND effective_at <= %(at)s
), due (account_id, day) AS (
  SELECT heard.account_id, min((heard.instant AT TIME ZONE account.time_zone)::date)
  FROM heard JOIN accounts_account account ON account.id = heard.account_id GROUP BY heard.account_id
)
UPDATE invoices_accountbilling AS billing SET next_on = due.day
FROM due WHERE billing.account_id = due.account_id AND (billing.next_on IS NULL OR billing.next_on > due.day)
"""
# A provider that is billed for its customers is due when the first of them is.
_WITH_CUSTOMERS = """
UPDATE invoices_accountbilling AS billing SET next_on = due.day
FROM (
  SELECT bill.account_id, min(own.next_on) AS day
  FROM (SELECT DISTINCT account_id, currency FROM invoices_onebill) bill
  JOIN accounts_account customer ON customer.provider_id = bill.account_id AND customer.currency = bill.currency
  JOIN invoices_accountbilling own ON own.account_id = customer.id AND own.parked_at IS NULL
  GROUP BY bill.account_id
) due WHERE billing.account_id = due.account_id AND (billing.next_on IS NULL OR billing.next_on > due.day)
"""

# What the billing of thousands of accounts asks of them; the rest is read where somebody asks.
_CLAIMED = (
    *("next_on", "billed_on", "reopened_on", "parked_because"),
    *(f"account__{name}" for name in ("serial_number", "name", "currency", "time_zone", "provider")),
)


class Place(NamedTuple):
    """Where a run has got to: accounts are taken by the day on which they are due, then by id."""

    next_on: date
    account_id: UUID


def bring_forward(*, since: datetime, at: datetime) -> None:
    """Let every account be due that has begun a subscription or heard, since then, what may be charged at once.

    What is heard here and turns out to be nothing costs one look at the account; what is not heard is charged with
    the next document, because billing is by difference.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOOK_ALONE)
        cursor.execute(_ENROL)
        cursor.execute(_BRING_FORWARD, {"since": since, "at": at})
        cursor.execute(_WITH_CUSTOMERS)


def count_due(*, through: date | None, at: datetime) -> int:
    """Return how many accounts are due, about: some of them may have a later day."""
    return without_members(_due(through, at)).count()


def claim(*, through: date | None, at: datetime, after: Place | None, limit: int) -> QuerySet[AccountBilling]:
    """Hold the next accounts that are due, behind `after`, with their accounts; those that others hold are passed over."""
    rows = without_members(_due(through, at))
    if after:
        behind = Q(next_on__gt=after.next_on) | Q(next_on=after.next_on, account__gt=after.account_id)
        rows = rows.filter(behind, next_on__gte=after.next_on)
    held = rows.select_related("account").select_for_update(
        of=("self", "account"), skip_locked=True, no_key=True
    )
    return held.only(*_CLAIMED).order_by("next_on", "account_id")[:limit]


def place_of(billing: AccountBilling) -> Place:
    assert billing.next_on is not None, "a claimed account is due"
    return Place(billing.next_on, billing.account_id)


def is_due(billing: AccountBilling, at: datetime) -> bool:
    """Say whether an account's day has come where it is."""
    today = day_of(at, ZoneInfo(billing.account.time_zone))
    return billing.next_on is not None and billing.next_on <= today


def _due(through: date | None, at: datetime) -> QuerySet[AccountBilling]:
    latest = (at + _EARLIEST_ZONE).date()
    return AccountBilling.objects.filter(
        account__moving_to="",
        parked_at__isnull=True,
        next_on__lte=latest if through is None else min(through, latest),
    )
