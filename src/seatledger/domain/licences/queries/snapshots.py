"""The two step functions of a pool, read from the ledger: at an instant, and over a stretch of time."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Sum

from seatledger.domain.accounts.models import Account
from seatledger.domain.licences.models import LedgerEntry, Pool


@dataclass(frozen=True)
class PoolSnapshot:
    """A pool's two numbers at one instant. `bought` is what was entitled, `held` what was assigned."""

    pool_id: UUID
    bought: int
    held: int


def get_snapshot(account: Account, at: datetime) -> dict[UUID, PoolSnapshot]:
    """Return what each pool of the account was at `at`, from the ledger alone."""
    sums = (
        LedgerEntry.objects.filter(account=account, at__lte=at)
        .order_by()
        .values("pool_id")
        .annotate(bought=Sum("bought_change"), held=Sum("held_change"))
    )
    return {row["pool_id"]: PoolSnapshot(row["pool_id"], row["bought"], row["held"]) for row in sums}


@dataclass(frozen=True)
class Step:
    """The two numbers of a pool from `at` on."""

    at: datetime
    bought: int
    held: int


def list_steps(account: Account, pool: Pool, *, start: datetime, end: datetime) -> list[Step]:
    """Return the pool's step functions over [start, end): the values at `start`, then one step per instant."""
    entries = LedgerEntry.objects.filter(account=account, pool=pool)
    before = entries.filter(at__lte=start).aggregate(bought=Sum("bought_change"), held=Sum("held_change"))
    steps = [Step(start, before["bought"] or 0, before["held"] or 0)]
    changes = (
        entries.filter(at__gt=start, at__lt=end)
        .order_by("at")
        .values("at")
        .annotate(bought=Sum("bought_change"), held=Sum("held_change"))
    )
    for change in changes:
        last = steps[-1]
        steps.append(Step(change["at"], last.bought + change["bought"], last.held + change["held"]))
    return steps
