"""Change what an account holds: totals, maximums, expiry dates, terms. By staff or the provider, with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db import transaction

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor
from seatledger.domain.licences.limits import check_expiry, check_total, clean_reason
from seatledger.domain.licences.models import Pool, Terms
from seatledger.domain.licences.writing import close_desk, open_desk
from seatledger.engine.days import day_of
from seatledger.shared.errors import NotFound


@transaction.atomic
def change_total(
    *, pool: Pool, total: int, reason: str = "", over_assign: bool = False, at: datetime, by: Actor
) -> bool:
    """Change a pool's total, or its maximum where the type is capped. Returns False when it is that already.

    Below what is in use it raises TotalBelowUse, unless `over_assign`: then nobody loses a licence, the pool shows
    as over-assigned, and none can be assigned until enough are released.
    """
    check_total(total)
    reason = clean_reason(reason)
    desk = open_desk(pool.account)
    at = desk.book.settle(at)
    state = desk.book.pool_of(pool.licence_type_id)
    changed = desk.book.set_total(state, total, at=at, reason=reason, over=over_assign)
    close_desk(desk, by=by)
    return changed


@transaction.atomic
def change_totals(
    *,
    account: Account,
    totals: Mapping[UUID, int],
    reason: str = "",
    over_assign: bool = False,
    at: datetime,
    by: Actor,
) -> int:
    """Change the totals of several pools, given by pool id: all of them or none. Returns how many changed.

    Raises what `change_total` refuses, and NotFound for a pool of another account.
    """
    reason = clean_reason(reason)
    desk = open_desk(account)
    at = desk.book.settle(at)
    states = {state.id: state for state in desk.book.pools.values()}
    changed = 0
    for pool_id, total in totals.items():
        check_total(total)
        if pool_id not in states:
            raise NotFound("pool of licences")
        changed += desk.book.set_total(states[pool_id], total, at=at, reason=reason, over=over_assign)
    close_desk(desk, by=by)
    return changed


@transaction.atomic
def change_expiry(*, pool: Pool, expires_on: date | None, reason: str = "", at: datetime, by: Actor) -> bool:
    """Change the last day on which a pool is valid (None: no end). Returns False when it is that already."""
    check_expiry(expires_on, first_year=pool.opened_at.year)
    reason = clean_reason(reason)
    desk = open_desk(pool.account)
    at = desk.book.settle(at)
    changed = desk.book.set_expiry(desk.book.pool_of(pool.licence_type_id), expires_on, at=at, reason=reason)
    close_desk(desk, by=by)
    return changed


@transaction.atomic
def change_terms(*, pool: Pool, terms: Terms, reason: str = "", at: datetime, by: Actor) -> bool:
    """Change the footing of a pool, for example from trial to paid. Returns False when it is that already."""
    reason = clean_reason(reason)
    desk = open_desk(pool.account)
    at = desk.book.settle(at)
    changed = desk.book.set_terms(desk.book.pool_of(pool.licence_type_id), terms, at=at, reason=reason)
    close_desk(desk, by=by)
    return changed


@transaction.atomic
def end_pools(*, account: Account, reason: str, at: datetime, by: Actor) -> int:
    """Let every pool of the account have ended with the day before `at`; returns how many were valid still."""
    reason = clean_reason(reason)
    desk = open_desk(account)
    at = desk.book.settle(at)
    last_day = day_of(at, desk.book.zone) - timedelta(days=1)
    ended = 0
    for pool in desk.book.pools.values():
        if pool.expires_on is None or pool.expires_on > last_day:
            ended += desk.book.set_expiry(pool, last_day, at=at, reason=reason)
    close_desk(desk, by=by)
    return ended


@dataclass(frozen=True)
class PoolEdit:
    """What staff change of a pool at once; what is left out stays as it is."""

    total: int | None = None
    expires_on: date | Literal["unchanged"] | None = "unchanged"
    terms: Terms | None = None
    over_assign: bool = False


@transaction.atomic
def edit_pool(*, pool: Pool, edit: PoolEdit, reason: str, at: datetime, by: Actor) -> bool:
    """Change a pool's total, expiry date and terms together, or none of them. Returns False when nothing changes.

    Raises what `change_total` and `change_expiry` raise.
    """
    changed = False
    if not isinstance(edit.expires_on, str):
        changed |= change_expiry(pool=pool, expires_on=edit.expires_on, reason=reason, at=at, by=by)
    if edit.terms is not None:
        changed |= change_terms(pool=pool, terms=edit.terms, reason=reason, at=at, by=by)
    if edit.total is not None:
        changed |= change_total(
            pool=pool, total=edit.total, reason=reason, over_assign=edit.over_assign, at=at, by=by
        )
    return changed
