"""Which pools are fuller, or emptier, than when somebody was last told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

from seatledger.domain.licences.access import grace_values, usable

# Told once as it is reached, and again after it was fallen below.
LEVELS: Final = (80, 100)

_CHANGED = f"""
WITH pools AS (
  SELECT pool.id, pool.account_id, coalesce(mark.level, 0) AS told,
         coalesce((SELECT max(level) FROM unnest(%(levels)s::int[]) level
                   WHERE pool.assigned_licences * 100 >= pool.total_licences * level), 0) AS level
  FROM licences_pool pool JOIN accounts_account account ON account.id = pool.account_id
  LEFT JOIN notifications_poolmark mark ON mark.pool_id = pool.id
  WHERE pool.total_licences > 0
    AND {usable("pool", "account")}
)
SELECT id, account_id, told, level FROM pools WHERE level <> told ORDER BY account_id, id LIMIT %(limit)s
"""  # noqa: S608 -- names of this file


@dataclass(frozen=True)
class Crossing:
    """A pool whose use has reached another level than the one that was told."""

    pool_id: UUID
    account_id: UUID
    told: int
    level: int


def find_crossings_for_operator(*, at: datetime, limit: int) -> list[Crossing]:
    """Return the pools of all accounts whose level of use is not the one that was told, with a total and not expired."""
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, {"at": at, "levels": list(LEVELS), "limit": limit, **grace_values()})
        return [Crossing(*row) for row in cursor.fetchall()]
