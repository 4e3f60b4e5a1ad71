"""What a subscription does to the account's pools: it opens them, takes them over, and says until when they are valid."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.models import GivenBy, LicenceType, PlanVersion
from seatledger.domain.events.actions import Actor
from seatledger.domain.licences.actions import NewPool, open_pools
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
    account: Account, wanted: Iterable[Wanted], footing: Footing, *, reason: str, at: datetime, by: Actor
) -> tuple[dict[UUID, Pool], list[int]]:
    """Let the account hold what is wanted, on this footing: pools are opened, or taken over as they are.

    Returns the pools by licence type, and the sequences of the ledger entries that changed how many are bought.
    Raises what opening and changing pools raise, and OtherActiveUsers.
    """
    wanted = list(wanted)
    desk = open_desk(account)
    at = desk.book.settle(at)
    last = (
        LedgerEntry.objects.filter(account=account).order_by("-sequence").values_list("sequence", flat=True)
    )
    before = last.first() or 0
    for one in wanted:
        state = desk.book.pools.get(one.kind.pk)
        if state is None:
            continue
        if one.quantity is not None:
            check_total(one.quantity)
            desk.book.set_total(state, one.quantity, at=at, reason=reason)
        desk.book.set_terms(state, footing.terms, at=at, reason=reason)
        desk.book.set_expiry(state, footing.expires_on, at=at, reason=reason)
    missing = [one for one in wanted if one.kind.pk not in desk.book.pools]
    _check_active_users(missing)
    close_desk(desk, by=by)
    new = [
        NewPool(
            one.kind,
            one.opens_with if one.quantity is None else one.quantity,
            footing.terms,
            footing.expires_on,
        )
        for one in missing
    ]
    open_pools(account=account, pools=new, reason=reason, at=at, by=by)
    written = LedgerEntry.objects.filter(account=account, sequence__gt=before).exclude(bought_change=0)
    pools = Pool.objects.filter(account=account, licence_type__in=[one.kind for one in wanted])
    return {pool.licence_type_id: pool for pool in pools}, list(
        written.order_by("sequence").values_list("sequence", flat=True)
    )


def _check_active_users(missing: Iterable[Wanted]) -> None:
    for one in missing:
        if one.kind.given_by == GivenBy.ACTIVATION:
            raise refusals.OtherActiveUsers(
                f"The active users of this account do not hold {one.kind.name}. Open an account on this plan instead."
            )
