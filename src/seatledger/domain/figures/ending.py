"""Which licences simply end in the days to come: found in one go for all accounts."""

from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from seatledger.domain.figures.to_come import AHEAD

_DAY: Final = timedelta(days=1)
# A day around what is looked ahead, whatever the account's zone; the account's own day decides.
_ENDINGS: Final = """
INSERT INTO figures_ending (pool_id, about_id, licence_type_id, ends_on, currency, sold, used)
SELECT pool.id, pool.account_id, pool.licence_type_id, pool.expires_on, account.currency, pool.total_licences,
       pool.assigned_licences
FROM licences_pool pool
JOIN accounts_account account ON account.id = pool.account_id
CROSS JOIN LATERAL (SELECT (%(at)s AT TIME ZONE account.time_zone)::date) today (day)
WHERE pool.terms = 'paid' AND pool.expires_on BETWEEN %(first)s AND %(last)s
  AND pool.expires_on BETWEEN today.day AND today.day + %(ahead)s
  AND (pool.total_licences > 0 OR pool.assigned_licences > 0)
  AND account.closed_at IS NULL AND account.lapsed_at IS NULL
"""
_TOTALS: Final = """
INSERT INTO figures_endingtotal (ends_on, currency, endings, sold, used)
SELECT ends_on, currency, count(*), coalesce(sum(sold), 0), sum(used) FROM figures_ending GROUP BY ends_on, currency
"""


def write_endings(*, at: datetime) -> None:
    """Write which licences end in the days from today on, and how many on each, in the place of what was written."""
    today = at.date()
    first, last = today - _DAY, today + AHEAD + _DAY
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM figures_ending")
        cursor.execute("DELETE FROM figures_endingtotal")
        cursor.execute(_ENDINGS, {"at": at, "first": first, "last": last, "ahead": AHEAD.days})
        cursor.execute(_TOTALS)
