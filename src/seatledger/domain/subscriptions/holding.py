"""What a subscription does to the account's pools: it opens them, takes them over, and says until when they are valid."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.models import GivenBy, LicenceType, PlanVersion
from seatledger.domain.events.actions import Actor
from seatledger.domain.licences.actions import NewPool, change_total, open_pools
from seatledger.domain.licences.book import Book
from seatledger.domain.licences.limits import check_total
from seatledger.domain.licences.models import LedgerEntry, Pool, Terms
from seatledger.domain.licences.writing import close_desk, open_desk
from seatledger.domain.subscriptions import refusals


@dataclass(frozen=True)
class Footing:
    """On what terms the pools of a subscription are held, and until which day."""

    terms: Terms
    expires_on: date | None = None


@dataclass(frozen=True)
class Wanted:
    """A licence type of a plan: how many (None: what there are already), and how many to open with (None: no limit)."""

    kind: LicenceType
    quantity: int | None
    opens_with: int | None


def wanted_of(version: PlanVersion, quantities: Mapping[str, int]) -> list[Wanted]:
    """Return what an account on this plan version holds, in the metrics' order. Raises NotInThePlan."""
    rows = version.items.select_related("licence_type__product").order_by(
        "licence_type__metric_order", "licence_type__key"
    )
    limited = {row.licence_type.key for row in rows if row.licence_type.is_limited}
    if unknown := sorted(set(quantities) - limited):
        raise refusals.NotInThePlan(
            f"{version.plan.name} has no number of “{unknown[0]}” to choose. "
            f"These have one: {', '.join(sorted(limited)) or 'none'}."
        )
    return [Wanted(row.licence_type, quantities.get(row.licence_type.key), row.licences) for row in rows]


def hold_pools(
    account: Account,
    wanted: Sequence[Wanted],
    footing_of: Callable[[UUID], Footing],
    *,
    reason: str,
    at: datetime,
    by: Actor,
) -> tuple[dict[UUID, Pool], list[int]]:
    """Let the account hold what is wanted, on the footing of its type: pools are opened, or taken over as they are.

    Returns the pools by licence type, and the sequences of the ledger entries that changed how many are bought.
    Raises what opening and changing pools raise, and OtherActiveUsers.
    """
    desk = open_desk(account)
    at = desk.book.settle(at)
    before = _last_sequence(account)
    for one in wanted:
        state = desk.book.pools.get(one.kind.pk)
        if state is not None and one.quantity is not None:
            check_total(one.quantity)
            desk.book.set_total(state, one.quantity, at=at, reason=reason)
    missing = [one for one in wanted if one.kind.pk not in desk.book.pools]
    _put_on_footing(
        desk.book, [one.kind.pk for one in wanted if one not in missing], footing_of, at=at, reason=reason
    )
    close_desk(desk, by=by)
    _check_active_users(missing)
    open_pools(
        account=account,
        pools=[new_pool(one, footing_of(one.kind.pk)) for one in missing],
        reason=reason,
        at=at,
        by=by,
    )
    pools = Pool.objects.filter(account=account, licence_type__in=[one.kind for one in wanted])
    return {pool.licence_type_id: pool for pool in pools}, _sequences_since(account, before)


def set_number(pool: Pool, number: int, *, reason: str, at: datetime, by: Actor) -> list[int]:
    """Change a pool's total, and return the sequences of the ledger entries that this became."""
    before = _last_sequence(pool.account)
    change_total(pool=pool, total=number, reason=reason, at=at, by=by)
    return _sequences_since(pool.account, before)


def put_on_footing(
    account: Account,
    kind_ids: Iterable[UUID],
    footing_of: Callable[[UUID], Footing],
    *,
    reason: str,
    at: datetime,
    by: Actor,
) -> None:
    """Give the account's pools of these licence types the terms and the last day that they are to have."""
    desk = open_desk(account)
    _put_on_footing(desk.book, kind_ids, footing_of, at=desk.book.settle(at), reason=reason)
    close_desk(desk, by=by)


def _put_on_footing(
    book: Book,
    kind_ids: Iterable[UUID],
    footing_of: Callable[[UUID], Footing],
    *,
    at: datetime,
    reason: str,
) -> None:
    for kind_id in kind_ids:
        state, footing = book.pools[kind_id], footing_of(kind_id)
        book.set_terms(state, footing.terms, at=at, reason=reason)
        book.set_expiry(state, footing.expires_on, at=at, reason=reason)


def new_pool(one: Wanted, footing: Footing) -> NewPool:
    """Return the pool that is opened for what is wanted."""
    total = one.opens_with if one.quantity is None else one.quantity
    return NewPool(one.kind, total, footing.terms, footing.expires_on)


def _last_sequence(account: Account) -> int:
    newest = LedgerEntry.objects.filter(account=account).order_by("-sequence")
    return newest.values_list("sequence", flat=True).first() or 0


def _sequences_since(account: Account, before: int) -> list[int]:
    written = LedgerEntry.objects.filter(account=account, sequence__gt=before).exclude(bought_change=0)
    return list(written.order_by("sequence").values_list("sequence", flat=True))


def _check_active_users(missing: Iterable[Wanted]) -> None:
    for one in missing:
        if one.kind.given_by == GivenBy.ACTIVATION:
            raise refusals.OtherActiveUsers(
                f"The active users of this account do not hold {one.kind.name}. Open an account on this plan instead."
            )
