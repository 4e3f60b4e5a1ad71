"""The figures of the business: how many accounts, licences sold and used, what is overdue, what is to come."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import connection

from seatledger.domain.catalogue.models import LicenceType
from seatledger.domain.licences.access import grace_values, usable
from seatledger.domain.licences.queries.names import branded
from seatledger.domain.staff.queries.states import state_case

_STATES: Final = f"""SELECT state, count(*) FROM (
  SELECT {state_case(paid="bool_or(p.terms = 'paid' AND valid)", trial="bool_or(p.terms = 'trial' AND valid)")} AS state
  FROM accounts_account a LEFT JOIN licences_pool p ON p.account_id = a.id
  LEFT JOIN LATERAL (SELECT {usable("p", "a")}) v (valid) ON true
  WHERE a.closed_at IS NULL GROUP BY a.id) states GROUP BY state"""  # noqa: S608 -- names of this file
_LICENCES: Final = """SELECT t.id, sum(p.total_licences), sum(p.assigned_licences)
FROM licences_pool p JOIN catalogue_licencetype t ON t.id = p.licence_type_id JOIN accounts_account a ON a.id = p.account_id
WHERE p.terms = 'paid' AND a.closed_at IS NULL
  AND (p.expires_on IS NULL OR p.expires_on >= (%(at)s AT TIME ZONE a.time_zone)::date)
GROUP BY t.id, t.name ORDER BY 3 DESC, 1"""
_OPEN: Final = """SELECT d.currency, sum(i.open_minor), coalesce(sum(i.open_minor) FILTER (WHERE d.due_on < %(today)s), 0)
FROM invoices_issue i JOIN invoices_document d ON d.id = i.document_id
WHERE i.open_minor > 0 AND d.kind = 'invoice' GROUP BY d.currency ORDER BY d.currency"""
_DUE: Final = """SELECT next_on, count(*) FROM invoices_accountbilling
WHERE parked_at IS NULL AND next_on BETWEEN %(today)s AND %(ahead)s GROUP BY next_on ORDER BY next_on"""
_TRIALS: Final = """SELECT
  count(*) FILTER (WHERE free_until > %(today)s AND NOT paying),
  count(*) FILTER (WHERE free_until <= %(today)s AND free_until > %(before)s AND paying),
  count(*) FILTER (WHERE free_until <= %(today)s AND free_until > %(before)s AND NOT paying)
FROM (SELECT s.free_until, EXISTS (
        SELECT FROM subscriptions_change c WHERE c.subscription_id = s.id AND c.kind = 'paying') AS paying
      FROM subscriptions_subscription s WHERE s.free_until IS NOT NULL) trials"""
_AHEAD: Final = timedelta(days=90)
_BACK: Final = timedelta(days=90)


@dataclass(frozen=True)
class LicenceFigure:
    """Licences of one type that are paid for: `sold` is None where all of them are without a limit."""

    key: str
    name: str
    sold: int | None
    used: int


@dataclass(frozen=True)
class OpenFigure:
    """What is to be paid in one currency, in minor units."""

    currency: str
    open_minor: int
    overdue_minor: int


@dataclass(frozen=True)
class Figures:
    """Everything the overview shows. What is due is so up to `due_to`, that day included.

    Of accounts it is what their list shows, so a provider is none of the three. Trials that ended are those of the last
    90 days.
    """

    active: int
    on_trial: int
    expired: int
    licences: list[LicenceFigure]
    open: list[OpenFigure]
    due: list[tuple[date, int]]
    due_to: date
    trials_running: int
    trials_bought: int
    trials_lost: int


def get_figures_for_operator(at: datetime) -> Figures:
    """Return the figures as they are at `at`; closed accounts are left out. Days are those of UTC, states each account's."""
    today = at.date()
    values = {"at": at, "today": today, "ahead": today + _AHEAD, "before": today - _BACK}
    states = dict(_ask(_STATES, values | grace_values()))
    [(running, bought, lost)] = _ask(_TRIALS, values)
    return Figures(
        active=states.get("active", 0),
        on_trial=states.get("trial", 0),
        expired=states.get("expired", 0),
        licences=_licences(values),
        open=[OpenFigure(row[0], int(row[1]), int(row[2])) for row in _ask(_OPEN, values)],
        due=[(day, number) for day, number in _ask(_DUE, values)],
        due_to=today + _AHEAD,
        trials_running=running,
        trials_bought=bought,
        trials_lost=lost,
    )


def _licences(values: dict[str, Any]) -> list[LicenceFigure]:
    rows = _ask(_LICENCES, values)
    kinds = LicenceType.objects.select_related("product").in_bulk([kind_id for kind_id, _, _ in rows])
    return [
        LicenceFigure(
            kinds[kind_id].key,
            branded(kinds[kind_id].name, kinds[kind_id].product.brand_words, {}),
            sold,
            used,
        )
        for kind_id, sold, used in rows
    ]


def _ask(statement: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
