"""The two step functions of a pool, read from the ledger: at an instant, and over a stretch of time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

from seatledger.domain.accounts.models import Account
from seatledger.domain.licences.models import LedgerEntry, Pool

# Both numbers of an entry at once, found in the index by pool and instant.
_LAST_ENTRIES: Final = """
SELECT pool.id, last.bought_after, last.held_after
FROM licences_pool AS pool CROSS JOIN LATERAL
  (SELECT bought_after, held_after FROM licences_ledgerentry
   WHERE pool_id = pool.id AND at <= %s ORDER BY at DESC, sequence DESC LIMIT 1) AS last
WHERE pool.account_id = %s
"""


@dataclass(frozen=True)
class PoolSnapshot:
    """A pool's two numbers at one instant. `bought` is what was entitled, `held` what was assigned."""

    pool_id: UUID
    bought: int
    held: int


def get_snapshot(account: Account, at: datetime) -> dict[UUID, PoolSnapshot]:
    """Return what each pool of the account was at `at`, from the ledger alone; pools opened later are left out.

    Each entry says what its pool was after it, and the ledger is written forward: the last entry up to `at` is the
    answer, however long the ledger is.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LAST_ENTRIES, [at, account.pk])
        return {pool_id: PoolSnapshot(pool_id, bought, held) for pool_id, bought, held in cursor.fetchall()}


@dataclass(frozen=True)
class Step:
    """The two numbers of a pool from `at` on."""

    at: datetime
    bought: int
    held: int


def list_steps(account: Account, pool: Pool, *, start: datetime, end: datetime) -> list[Step]:
    """Return the pool's step functions over [start, end): the values at `start`, then one step per instant."""
    entries = LedgerEntry.objects.filter(account=account, pool=pool)
    before = entries.filter(at__lte=start).order_by("-at", "-sequence").first()
    steps = [Step(start, before.bought_after, before.held_after) if before else Step(start, 0, 0)]
    changes = entries.filter(at__gt=start, at__lt=end).order_by("at", "sequence")
    for at, bought, held in changes.values_list("at", "bought_after", "held_after"):
        if steps[-1].at == at:
            steps.pop()
        steps.append(Step(at, bought, held))
    return steps
