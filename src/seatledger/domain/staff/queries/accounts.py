"""The list of accounts, for hundreds of thousands of them: found by words, serial number, address, state and date."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection

from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.models import AccountBilling
from seatledger.domain.licences.access import grace_values, usable
from seatledger.domain.staff.queries.states import AccountState, state_case, state_is
from seatledger.shared.text import clean_search

# Beyond every character there is.
_LAST: Final = "\U0010ffff"
_SERIAL: Final = re.compile(r"[A-Za-z]{2}-[0-9A-Za-z-]*")
_WORD: Final = re.compile(r"[^\W_]+")
_MOST_WORDS: Final = 8
# The accounts there are here, as a view of its owner's: a policy on the table itself (none between two regions) would be
# asked before any condition that it does not trust, such as one on lower(name), and no index of such be used at all.
_HERE: Final = "staff_accounts_here"
# How many accounts that fit are looked through and put in order; of more, those whose name begins so are listed.
MOST_CANDIDATES: Final = 1_000
_OF_WORDS: Final = f"""SELECT a.id FROM {_HERE} a WHERE to_tsvector('simple', a.name) @@ to_tsquery('simple', %(words)s) LIMIT %(most)s
"""  # noqa: S608 -- names of this file
# In the order of its index, or the planner may walk along all names for it.
_OF_SERIALS: Final = f"""SELECT a.id FROM {_HERE} a WHERE a.serial_number COLLATE "C" >= %(begins)s AND a.serial_number COLLATE "C" < %(ends)s
ORDER BY a.serial_number COLLATE "C" LIMIT %(most)s
"""  # noqa: S608 -- the same
# People of one account have addresses of one domain, so there are more of them to look through.
_OF_ADDRESSES: Final = """SELECT DISTINCT account_id FROM (
  (SELECT u.account_id FROM people_user u WHERE u.deleted_at IS NULL
     AND u.email COLLATE "C" >= %(address)s AND u.email COLLATE "C" < %(address_end)s LIMIT 10 * %(most)s)
  UNION ALL
  (SELECT u.account_id FROM people_user u WHERE u.deleted_at IS NULL
     AND split_part(u.email, '@', 2) COLLATE "C" >= %(domain)s
     AND split_part(u.email, '@', 2) COLLATE "C" < %(domain_end)s LIMIT 10 * %(most)s)
) found LIMIT %(most)s
"""


def _holds(terms: str) -> str:
    """Return the condition that an account holds licences on these terms that may be used.

    `OFFSET 0` has it asked of one account after the other: joined, it would be asked of all of them first.
    """
    return (
        "EXISTS (SELECT FROM licences_pool p WHERE p.account_id = a.id"
        f" AND p.terms = '{terms}' AND {usable('p', 'a')} OFFSET 0)"
    )


_WAITING: Final = "SELECT w.account_id FROM invoices_accountbilling w WHERE w.parked_at IS NOT NULL"
_CLOSING: Final = """SELECT c.account_id FROM closures_closure c
  WHERE c.state IN ('requested', 'scheduled', 'notified', 'closing')"""
_PAID, _TRIAL = _holds("paid"), _holds("trial")
_SHOWN: Final = f"""SELECT a.id, {state_case(paid=_PAID, trial=_TRIAL)},
  (SELECT p.assigned_licences FROM licences_pool p WHERE p.account_id = a.id AND p.counts_active_users)
FROM {_HERE} a WHERE a.id = ANY(%(ids)s)"""  # noqa: S608 -- names of this file
_ALSO: Final = {
    "waiting": f"EXISTS ({_WAITING} AND w.account_id = a.id OFFSET 0)",
    "closing": f"EXISTS ({_CLOSING} AND c.account_id = a.id OFFSET 0)",
}
# Who may be in a rare state, by index alone; a day around it, whatever the account's zone. The account's own day decides.
# An account may be met several times, once a pool.
_RARE: Final = {
    "trial": "SELECT p.account_id FROM licences_pool p"
    " WHERE p.terms = 'trial' AND (p.expires_on IS NULL OR p.expires_on >= %(yesterday)s - %(trial_grace)s)",
    "expired": "SELECT p.account_id FROM licences_pool p"  # noqa: S608 -- names of this file
    " WHERE p.terms IN ('trial', 'paid') AND p.expires_on <= %(tomorrow)s"
    f" UNION ALL SELECT l.id FROM {_HERE} l WHERE l.lapsed_at IS NOT NULL"
    f" UNION ALL SELECT l.id FROM {_HERE} l WHERE NOT l.has_licences",
    "provider": f"SELECT l.id FROM {_HERE} l WHERE l.kind = 'provider'",  # noqa: S608 -- the same
    "waiting": _WAITING,
    "closing": _CLOSING,
}
# Fewer than so many are looked at one by one; so many or more are met often enough on the way along the names.
_RARE_UP_TO: Final = 2_500
# To put all those in a state that is not rare together takes long; among the first of them it mostly shows.
_AT_FIRST: Final = 4 * _RARE_UP_TO


@dataclass(frozen=True)
class AccountSearch:
    """What is looked for; empty parts let everything through.

    `text` is words of the name (each the beginning of one), the beginning of a serial number, of somebody's e-mail
    address, or, after an @, of the domain of one. `due_from` and `due_to` are about the day on which something is
    charged next, a renewal among it; with one of them the list is in the order of that day.
    """

    text: str = ""
    state: AccountState | None = None
    due_from: date | None = None
    due_to: date | None = None

    @property
    def by_day(self) -> bool:
        return self.due_from is not None or self.due_to is not None


@dataclass(frozen=True)
class AccountRow:
    """One account as the console lists it."""

    account: Account
    state: AccountState
    active_users: int
    due_on: date | None
    waits: bool


@dataclass(frozen=True)
class AccountsFound:
    """A page of the list. `too_many` says that what was written fits more than is looked through: see `_candidates`."""

    rows: list[AccountRow]
    too_many: bool = False


AccountKey = tuple[str | date, UUID]


@dataclass
class _Question:
    """What is asked of each account, and, where that is known, which few accounts it is asked of."""

    few: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    too_many: bool = False


def find_accounts_for_operator(
    wanted: AccountSearch, *, after: AccountKey | None, limit: int, at: datetime
) -> AccountsFound:
    """Return accounts by name, or by the day on which something is charged next, beginning behind the key `after`."""
    values = {"at": at, "limit": limit, "yesterday": at.date() - timedelta(days=1)}
    asked = _Question(values=values | grace_values() | {"tomorrow": at.date() + timedelta(days=1)})
    _narrow_by_text(asked, clean_search(wanted.text))
    if wanted.state:
        _narrow_by_state(asked, wanted.state)
    if wanted.by_day:
        _narrow_by_day(asked, wanted)
        order = "b.next_on, b.account_id"
        source = f"invoices_accountbilling b JOIN {_accounts_of(asked)} ON a.id = b.account_id"
        behind = "(b.next_on, b.account_id) > (%(key)s::date, %(key_id)s)"
    else:
        order = 'lower(a.name) COLLATE "C", a.id'
        source = _accounts_of(asked)
        behind = '(lower(a.name) COLLATE "C", a.id) > (%(key)s, %(key_id)s)'
    if after:
        asked.conditions.append(behind)
        asked.values |= {"key": after[0], "key_id": after[1]}
    where = " AND ".join(asked.conditions) or "true"
    statement = f"SELECT a.id FROM {source} WHERE {where} ORDER BY {order} LIMIT %(limit)s"  # noqa: S608 -- pieces of this file; values travel apart
    return AccountsFound(_rows_of(_ids(statement, asked.values), asked.values), asked.too_many)


def key_of_row(row: AccountRow, wanted: AccountSearch) -> AccountKey:
    """Return the key behind which the next page begins."""
    first = row.due_on if wanted.by_day else None
    return first or row.account.name.lower(), row.account.pk


def _accounts_of(asked: _Question) -> str:
    """Return where accounts are read from: all of them, or the few that are known, each looked up by its id.

    `OFFSET 0` keeps the planner from walking along all names in search of them.
    """
    if not asked.few:
        return f"{_HERE} a"
    which = " AND ".join(f"id = ANY (%({name})s)" for name in asked.few)
    return f"(SELECT * FROM {_HERE} WHERE {which} OFFSET 0) a"  # noqa: S608 -- names of this file


def _ask(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _ids(statement: str, values: dict[str, Any]) -> list[UUID]:
    return [row_id for (row_id,) in _ask(statement, values)]


def _narrow_by_text(asked: _Question, text: str) -> None:
    if not text:
        return
    if _SERIAL.fullmatch(text):
        _narrow_by_serial(asked, text.upper())
        return
    found = (
        _candidates(_OF_ADDRESSES, _address_of(text))
        if "@" in text
        else _candidates(_OF_WORDS, _words_of(text))
    )
    asked.too_many = len(found) > MOST_CANDIDATES
    if asked.too_many and "@" not in text:
        _narrow_by_beginning(asked, 'lower(a.name) COLLATE "C"', text.lower())
        return
    asked.few.append("found")
    asked.values["found"] = found[:MOST_CANDIDATES]


def _narrow_by_serial(asked: _Question, text: str) -> None:
    """Narrow to a beginning of serial numbers; one that many have is met often enough on the way along the list."""
    found = _candidates(_OF_SERIALS, {"begins": text, "ends": text + _LAST})
    if len(found) > MOST_CANDIDATES:
        _narrow_by_beginning(asked, 'a.serial_number COLLATE "C"', text)
        return
    asked.few.append("found")
    asked.values["found"] = found


def _narrow_by_state(asked: _Question, state: AccountState) -> None:
    asked.conditions.append(_ALSO.get(state) or state_is(state, paid=_PAID, trial=_TRIAL))
    if state not in _RARE:
        return
    if _find_rare(asked, _RARE[state], among=_AT_FIRST) is None:
        return
    rare = _find_rare(asked, _RARE[state], among=None)
    if rare is not None:
        asked.few.append("rare")
        asked.values["rare"] = rare


def _find_rare(asked: _Question, statement: str, *, among: int | None) -> list[UUID] | None:
    """Return who may be in a state, found among so many rows, or None where that is no rare state."""
    distinct = (
        f"SELECT DISTINCT account_id FROM ({statement} LIMIT %(among)s) found (account_id) LIMIT %(most)s"  # noqa: S608 -- pieces of this file
    )
    found = _ids(distinct, asked.values | {"most": _RARE_UP_TO + 1, "among": among})
    return found if len(found) <= _RARE_UP_TO else None


def _narrow_by_beginning(asked: _Question, column: str, text: str) -> None:
    asked.conditions.append(f"{column} >= %(begins)s AND {column} < %(ends)s")
    asked.values |= {"begins": text, "ends": text + _LAST}


def _candidates(statement: str, values: dict[str, Any]) -> list[UUID]:
    """Return the accounts that fit, in no order, one more than are looked through when there are too many.

    Found by index alone, whatever share of all accounts the planner expects: a word that begins 30,000 names stands
    together in the order of names, so that walking along that order could pass all the others first.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('enable_seqscan', 'off', true)")
        found = _ids(statement, values | {"most": MOST_CANDIDATES + 1})
        cursor.execute("SELECT set_config('enable_seqscan', 'on', true)")
    return found


def _words_of(text: str) -> dict[str, Any]:
    words = [f"'{word}':*" for word in _WORD.findall(text)[:_MOST_WORDS]]
    return {"words": " & ".join(words) or "'nothing that is a word'"}


def _address_of(text: str) -> dict[str, Any]:
    is_domain, begins = text.startswith("@"), text.lstrip("@").lower()
    nothing = {"address": "", "address_end": "", "domain": "", "domain_end": ""}
    what = "domain" if is_domain else "address"
    return nothing | {what: begins, f"{what}_end": begins + _LAST}


def _narrow_by_day(asked: _Question, wanted: AccountSearch) -> None:
    asked.conditions.append("b.parked_at IS NULL AND b.next_on IS NOT NULL")
    if wanted.due_from:
        asked.conditions.append("b.next_on >= %(due_from)s")
    if wanted.due_to:
        asked.conditions.append("b.next_on <= %(due_to)s")
    if wanted.state == AccountState.CLOSED:
        # Nothing of what is closed is due on a day to come: at most what its closing left to be looked at.
        asked.conditions.append("b.next_on <= %(tomorrow)s")
    asked.values |= {"due_from": wanted.due_from, "due_to": wanted.due_to}


def _rows_of(ids: list[UUID], values: dict[str, Any]) -> list[AccountRow]:
    """Return the accounts in this order, with what is shown of them: three statements whatever their number."""
    accounts = Account.objects.select_related("provider").in_bulk(ids)
    billing = AccountBilling.objects.in_bulk(ids)
    shown = {row[0]: row[1:] for row in _ask(_SHOWN, values | {"ids": ids})}
    return [
        AccountRow(
            account=accounts[account_id],
            state=AccountState(shown[account_id][0]),
            active_users=shown[account_id][1] or 0,
            due_on=own.next_on if (own := billing.get(account_id)) else None,
            waits=bool(own and own.parked_at),
        )
        for account_id in ids
    ]
