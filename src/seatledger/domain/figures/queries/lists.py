"""From every sum to the accounts it is made of: read by keyset, the largest or the oldest first."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from django.db import connection

from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.models import LicenceType
from seatledger.domain.figures.models import Movement
from seatledger.domain.figures.queries.owed import Age, bounds_of
from seatledger.domain.figures.queries.trials import TRIALS, TrialEnd
from seatledger.domain.figures.reading import PAID
from seatledger.domain.licences.queries import branded
from seatledger.engine.money import round_to_whole
from seatledger.engine.periods import add_months


@dataclass(frozen=True)
class RevenueFilter:
    """Accounts of one month; with a currency by the size of their revenue, or of their movement where one is named."""

    month: date
    currency: str = ""
    movement: Movement | None = None


@dataclass(frozen=True)
class RevenueRow:
    """An account's revenue in a month, in minor units, each rounded once. `size` is what the list is in the order of."""

    account: Account
    movement: Movement
    opening_minor: int
    closing_minor: int
    change_minor: int
    size: Decimal
    currency: str


@dataclass(frozen=True)
class LicenceHolder:
    """What an account had of a licence type; `sold` is None where it has no limit."""

    account: Account
    sold: int | None
    used: int


@dataclass(frozen=True)
class OverdueInvoice:
    """An invoice that is overdue."""

    account: Account
    document_id: UUID
    reference: str
    due_on: date
    open_minor: int


@dataclass(frozen=True)
class RenewingAccount:
    account: Account
    on: date
    amount_minor: int


@dataclass(frozen=True)
class EndingLicences:
    """Licences of one account and type that end; `sold` is None where there is no limit."""

    account: Account
    kind: LicenceType
    name: str
    pool_id: UUID
    last_day: date
    sold: int | None
    used: int


@dataclass(frozen=True)
class TrialRow:
    account: Account
    started_at: datetime
    last_day: date
    ended: TrialEnd
    subscription_id: UUID


_REVENUE: Final = """
SELECT about_id, movement, opening, closing, denominator, {size} AS size, currency FROM figures_accountmonth
WHERE month = %(month)s AND {which} {behind} ORDER BY {size} DESC, about_id LIMIT %(limit)s
"""
_CLOSING: Final = "(closing / denominator)"
_CHANGE: Final = "(abs(closing - opening) / denominator)"
_ACTIVE: Final = """
SELECT about_id, movement, opening, closing, denominator, 0::numeric AS size, currency FROM figures_accountmonth
WHERE month = %(month)s AND is_active AND (%(key_id)s::uuid IS NULL OR about_id > %(key_id)s)
ORDER BY about_id LIMIT %(limit)s
"""
# The Active accounts of a month in the order of their ids, each with the end of the month, or with now while it is running.
_ACTIVE_THEN: Final = """(
  SELECT active.about_id, ends.before, ((ends.before - interval '1 microsecond') AT TIME ZONE account.time_zone)::date
  FROM figures_accountmonth active JOIN accounts_account account ON account.id = active.about_id
  CROSS JOIN LATERAL (
    SELECT least((%(end)s::date::timestamp AT TIME ZONE account.time_zone), %(reckoned_at)s)
  ) ends (before)
  WHERE active.month = %(month)s AND active.is_active AND (%(key_id)s::uuid IS NULL OR active.about_id > %(key_id)s)
)"""
_HOLDERS: Final = (
    PAID.replace("%(wanted)s", _ACTIVE_THEN)
    + "AND pool.licence_type_id = %(kind)s ORDER BY wanted.account_id LIMIT %(limit)s"
)
_OVERDUE: Final = """
SELECT document.account_id, document.id, issue.reference, document.due_on, issue.open_minor
FROM invoices_issue issue JOIN invoices_document document ON document.id = issue.document_id
WHERE issue.open_minor > 0 AND document.kind = 'invoice' AND document.currency = %(currency)s
  AND document.due_on <= %(last)s AND (%(first)s::date IS NULL OR document.due_on >= %(first)s)
  AND (%(key_id)s::uuid IS NULL OR (document.due_on, document.id) > (%(key)s::date, %(key_id)s))
ORDER BY document.due_on, document.id LIMIT %(limit)s
"""
_RENEWING: Final = """
SELECT about_id, renews_on, amount_minor FROM figures_renewal
WHERE currency = %(currency)s AND renews_on BETWEEN %(first)s AND %(last)s
  AND (%(key_id)s::uuid IS NULL OR (renews_on, about_id) > (%(key)s::date, %(key_id)s))
ORDER BY renews_on, about_id LIMIT %(limit)s
"""
_ENDING: Final = """
SELECT about_id, licence_type_id, pool_id, ends_on, sold, used FROM figures_ending
WHERE currency = %(currency)s AND ends_on BETWEEN %(first)s AND %(last)s
  AND (%(key_id)s::uuid IS NULL OR (ends_on, pool_id) > (%(key)s::date, %(key_id)s))
ORDER BY ends_on, pool_id LIMIT %(limit)s
"""
_TRIALS: Final = f"""
SELECT account_id, started_at, free_until - 1, ended, id FROM ({TRIALS}) trials
WHERE month = %(first)s AND (%(ended)s = '' OR ended = %(ended)s)
  AND (%(key_id)s::uuid IS NULL OR (started_at, id) > (%(key)s::timestamptz, %(key_id)s))
ORDER BY started_at, id LIMIT %(limit)s
"""  # noqa: S608 -- names of this file

# What the next page begins behind: the value that the list is in the order of, and an id.
Key = tuple[object, UUID] | None


def list_revenue_for_operator(wanted: RevenueFilter, *, after: Key, limit: int) -> list[RevenueRow]:
    """Return accounts that were Active at the end of a month, or that moved in it, the largest first.

    Without a currency there is no size: they come in the order of their ids.
    """
    values: dict[str, Any] = {"month": wanted.month, **_behind(after), "limit": limit}
    if not wanted.currency:
        return _revenue_rows(_ACTIVE, values)
    size = _CHANGE if wanted.movement else _CLOSING
    which = "currency = %(currency)s" + (
        " AND movement = %(movement)s" if wanted.movement else " AND is_active"
    )
    behind = f"AND {size} <= %(key)s AND ({size} < %(key)s OR about_id > %(key_id)s)"
    statement = _REVENUE.format(size=size, which=which, behind=behind if after else "")
    return _revenue_rows(statement, values | {"currency": wanted.currency, "movement": wanted.movement})


def list_licence_holders_for_operator(
    kind_id: UUID, month: date, *, reckoned_at: datetime, after: Key, limit: int
) -> list[LicenceHolder]:
    """Return the accounts that held licences of a type at the end of a month, in the order of their ids."""
    values = {
        "kind": kind_id,
        "month": month,
        "end": add_months(month, 1),
        "reckoned_at": reckoned_at,
        "limit": limit,
        **_behind(after),
    }
    rows = _ask_in_order(_HOLDERS, values)
    accounts = _accounts(rows)
    return [
        LicenceHolder(accounts[account_id], None if unlimited else sold, used)
        for account_id, _, unlimited, sold, used in rows
    ]


def list_overdue_for_operator(
    currency: str, age: Age, *, at: datetime, after: Key, limit: int
) -> list[OverdueInvoice]:
    """Return the invoices that have been overdue for so long, the oldest first."""
    first, last = bounds_of(age, at)
    values = {"currency": currency, "first": first, "last": last, "limit": limit, **_behind(after)}
    rows = _ask(_OVERDUE, values)
    accounts = _accounts(rows)
    return [OverdueInvoice(accounts[account_id], *row) for account_id, *row in rows]


def list_renewals_for_operator(
    currency: str, first: date, last: date, *, after: Key, limit: int
) -> list[RenewingAccount]:
    """Return what renews between two days, both included, the first to come first."""
    values = {"currency": currency, "first": first, "last": last, "limit": limit, **_behind(after)}
    rows = _ask(_RENEWING, values)
    accounts = _accounts(rows)
    return [RenewingAccount(accounts[account_id], *row) for account_id, *row in rows]


def list_endings_for_operator(
    currency: str, first: date, last: date, *, after: Key, limit: int
) -> list[EndingLicences]:
    """Return the licences whose last day is between two days, both included, the first to end first."""
    values = {"currency": currency, "first": first, "last": last, "limit": limit, **_behind(after)}
    rows = _ask(_ENDING, values)
    accounts = _accounts(rows)
    kinds = LicenceType.objects.select_related("product").in_bulk([row[1] for row in rows])
    names = {pk: branded(kind.name, kind.product.brand_words, {}) for pk, kind in kinds.items()}
    return [
        EndingLicences(accounts[account_id], kinds[kind_id], names[kind_id], *row)
        for account_id, kind_id, *row in rows
    ]


def list_trials_for_operator(
    month: date, ended: TrialEnd | None, *, at: datetime, after: Key, limit: int
) -> list[TrialRow]:
    """Return the trials that began in a month, and that ended so where it is told, the oldest first."""
    values = {"at": at, "first": month, "last": month, "ended": ended or "", "limit": limit, **_behind(after)}
    rows = _ask(_TRIALS, values)
    accounts = _accounts(rows)
    return [
        TrialRow(accounts[account_id], started_at, last_day, TrialEnd(end), subscription_id)
        for account_id, started_at, last_day, end, subscription_id in rows
    ]


def _revenue_rows(statement: str, values: dict[str, Any]) -> list[RevenueRow]:
    rows = _ask(statement, values)
    accounts = _accounts(rows)
    found = []
    for account_id, movement, opening, closing, denominator, size, currency in rows:
        before, now = (Fraction(int(each), int(denominator)) for each in (opening, closing))
        found.append(
            RevenueRow(
                accounts[account_id],
                Movement(movement),
                round_to_whole(before),
                round_to_whole(now),
                round_to_whole(now - before),
                size,
                currency,
            )
        )
    return found


def _behind(after: Key) -> dict[str, object]:
    key, key_id = after or (None, None)
    return {"key": key, "key_id": key_id}


def _accounts(rows: list[Any]) -> dict[UUID, Account]:
    return Account.objects.in_bulk([row[0] for row in rows])


def _ask_in_order(statement: str, values: dict[str, Any]) -> list[Any]:
    """Ask by walking along an index until the page is full.

    The planner expects what a page takes to be little of all there is, joins all of it and puts it in order: that takes
    the longer the more accounts there are.
    """
    plans = ("enable_hashjoin", "enable_mergejoin", "enable_sort", "enable_bitmapscan")
    with connection.cursor() as cursor:
        for plan in plans:
            cursor.execute("SELECT set_config(%s, 'off', true)", [plan])
        cursor.execute(statement, values)
        rows = list(cursor.fetchall())
        for plan in plans:
            cursor.execute("SELECT set_config(%s, 'on', true)", [plan])
    return rows


def _ask(statement: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
