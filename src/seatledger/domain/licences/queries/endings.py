"""Which accounts have licences whose last day, or whose last day of access, is past and was not told yet."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

from seatledger.domain.licences.access import grace_values

# What was over longer ago than this, as in an import, is no news.
TOLD_WITHIN_DAYS: Final = 30
_ENDED: Final = """
WITH ended AS (
  SELECT pool.id::text AS id, pool.account_id, pool.expires_on, account.today,
         pool.expires_on + CASE pool.terms WHEN 'trial' THEN %(trial_grace)s ELSE %(paid_grace)s END AS until
  FROM licences_pool pool JOIN (
    SELECT id, (%(at)s AT TIME ZONE time_zone)::date AS today FROM accounts_account
    WHERE closed_at IS NULL AND lapsed_at IS NULL AND moving_to = '') account ON account.id = pool.account_id
  WHERE pool.expires_on < account.today
)
SELECT DISTINCT account_id FROM ended
WHERE (expires_on + %(within)s >= today AND NOT EXISTS (
    SELECT FROM events_event told WHERE told.account_id = ended.account_id AND told.kind = 'licences_ended'
      AND told.at >= expires_on - 1 AND told.payload @> jsonb_build_object('pool_id', id, 'last_day', expires_on)))
  OR (until < today AND until + %(within)s >= today AND NOT EXISTS (
    SELECT FROM events_event told WHERE told.account_id = ended.account_id AND told.kind = 'access_ended'
      AND told.at >= until - 1 AND told.payload @> jsonb_build_object('pool_id', id, 'access_until', until)))
ORDER BY account_id
"""


def find_ended_for_operator(at: datetime) -> list[UUID]:
    """Return the accounts with licences that have ended, or of which access has, as nobody was told."""
    with connection.cursor() as cursor:
        cursor.execute(_ENDED, {"at": at, "within": TOLD_WITHIN_DAYS, **grace_values()})
        return [account_id for (account_id,) in cursor.fetchall()]
