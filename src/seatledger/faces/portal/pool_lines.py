"""An account's pools as pages list them: named, with their expiry in words and the way to the rows they count."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from seatledger.domain.catalogue.models import HeldBy
from seatledger.domain.licences.models import Pool, Terms
from seatledger.domain.licences.queries import list_pools, name_pools
from seatledger.faces.portal.expiry import Expiry, expiry_of
from seatledger.faces.portal.places import Place

BOUGHT_KINDS = "bought"


@dataclass(frozen=True)
class PoolLine:
    """`held_url` leads to who holds one, `bought_url` to the entries that the total is made of."""

    pool: Pool
    name: str
    expiry: Expiry
    held_url: str
    bought_url: str


def pool_lines(place: Place, *, today: date) -> list[PoolLine]:
    """Return the licences of a place in the metrics' order; a pool that merely counts users is left out."""
    pools = [
        pool
        for pool in list_pools(place.account)
        if not (pool.counts_active_users and pool.terms == Terms.INCLUDED)
    ]
    names = name_pools(place.account, pools)
    return [line_of(pool, place, name=names[pool.pk], today=today) for pool in pools]


def line_of(pool: Pool, place: Place, *, name: str, today: date) -> PoolLine:
    """Return one pool as a line."""
    bought = urlencode({"type": pool.pk, "kind": BOUGHT_KINDS})
    return PoolLine(
        pool=pool,
        name=name,
        expiry=expiry_of(pool, place.account, today=today),
        held_url=holders_url(pool, place),
        bought_url=f"{place.history_url}?{bought}",
    )


def holders_url(pool: Pool, place: Place) -> str:
    """Return the address of exactly the users or devices that hold a licence of the pool."""
    kind = pool.licence_type
    if kind.held_by == HeldBy.DEVICE and not place.is_customer:
        return f"{place.url('devices')}?{urlencode({'type': kind.pk})}"
    return place.url("holders", pool.pk)
