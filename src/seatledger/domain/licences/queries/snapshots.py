"""The two step functions of a pool, read from the ledger: at an instant, and over a stretch of time."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Subquery

from seatledger.domain.accounts.models import Account
from seatledger.domain.licences.models import LedgerEntry, Pool


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
    last = LedgerEntry.objects.filter(pool=OuterRef("pk"), at__lte=at).order_by("-at", "-sequence")
    pools = Pool.objects.filter(account=account).annotate(
        bought=Subquery(last.values("bought_after")[:1]), held=Subquery(last.values("held_after")[:1])
    )
    rows = pools.filter(bought__isnull=False).values_list("pk", "bought", "held")
    return {pool_id: PoolSnapshot(pool_id, bought, held) for pool_id, bought, held in rows}


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
