"""Who may use what: what the vendor's product asks, answered as the pages show it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from django.db import connection

from seatledger.domain.accounts.models import Account
from seatledger.domain.licences.access import grace
from seatledger.domain.licences.queries.pools import today_of
from seatledger.engine.access import Holding, Stage

_ACCESS: Final = """
SELECT pool.terms, pool.expires_on, EXISTS (
    SELECT FROM licences_assignment seat
    LEFT JOIN people_user holder ON holder.id = seat.user_id
    LEFT JOIN licences_device device ON device.id = seat.device_id
    WHERE seat.pool_id = pool.id AND seat.released_at IS NULL
      AND (lower(holder.email) = lower(%(holder)s) AND holder.is_active OR lower(device.name) = lower(%(holder)s)))
FROM licences_pool pool JOIN catalogue_licencetype kind ON kind.id = pool.licence_type_id
WHERE pool.account_id = %(account)s AND kind.key = %(key)s
"""


class Why(StrEnum):
    """Why somebody may use a licence, or may not."""

    HELD = "held"
    IN_GRACE = "in_grace"
    NOT_HELD = "not_held"
    EXPIRED = "expired"
    ACCOUNT_LAPSED = "account_lapsed"
    ACCOUNT_CLOSED = "account_closed"


@dataclass(frozen=True)
class Access:
    """Whether a licence may be used. `last_day` is until when it is valid, `until` the last day of access with grace."""

    why: Why
    last_day: date | None = None
    until: date | None = None

    @property
    def is_allowed(self) -> bool:
        return self.why in {Why.HELD, Why.IN_GRACE}


def find_access(account: Account, *, licence_type: str, holder: str, at: datetime) -> Access:
    """Return whether `holder`, a user by e-mail address or a device by name, may use licences of a type (its key)."""
    with connection.cursor() as cursor:
        cursor.execute(_ACCESS, {"account": account.pk, "key": licence_type, "holder": holder})
        found: tuple[Any, ...] | None = cursor.fetchone()
    if account.closed_at:
        return Access(Why.ACCOUNT_CLOSED)
    if found is None or not found[2]:
        return Access(Why.NOT_HELD)
    terms, last_day, _ = found
    if account.lapsed_at:
        return Access(Why.ACCOUNT_LAPSED, last_day)
    holding, days = Holding(terms, last_day), grace()
    stage = holding.stage_on(today_of(account, at), days)
    why = {Stage.VALID: Why.HELD, Stage.GRACE: Why.IN_GRACE, Stage.OVER: Why.EXPIRED}[stage]
    return Access(why, last_day, holding.access_until(days))
