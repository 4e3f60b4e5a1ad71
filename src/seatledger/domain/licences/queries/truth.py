"""Whether the numbers agree: counters with the rows they count, and both with the ledger.

Each question is one statement over all pools, so proving a large installation is a matter of seconds.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.models import ChainHead, Event
from seatledger.domain.licences.models import Assignment, LedgerEntry, Pool


@dataclass(frozen=True)
class Disagreement:
    """Two counts of one thing that differ. `subject` names the pool's licence type, or the users."""

    account_id: UUID
    subject: str
    what: str


_COUNTERS = """
SELECT pool.account_id, kind.name,
       format('%%s in use by the counter, %%s assignments are open', pool.assigned_licences, coalesce(held.number, 0))
FROM licences_pool pool JOIN catalogue_licencetype kind ON kind.id = pool.licence_type_id
LEFT JOIN (SELECT pool_id, count(*) AS number FROM licences_assignment WHERE released_at IS NULL GROUP BY pool_id)
  held ON held.pool_id = pool.id
WHERE pool.assigned_licences <> coalesce(held.number, 0)
"""

_HELD = """
SELECT pool.account_id, kind.name,
       format('%%s in use by the counter, %%s by the ledger', pool.assigned_licences, coalesce(ledger.held, 0))
FROM licences_pool pool JOIN catalogue_licencetype kind ON kind.id = pool.licence_type_id
LEFT JOIN (SELECT pool_id, sum(held_change) AS held FROM licences_ledgerentry GROUP BY pool_id)
  ledger ON ledger.pool_id = pool.id
WHERE pool.assigned_licences <> coalesce(ledger.held, 0)
"""

_BOUGHT = """
SELECT pool.account_id, kind.name,
       format('a total of %%s, %%s by the ledger', coalesce(pool.total_licences, 0), coalesce(ledger.bought, 0))
FROM licences_pool pool JOIN catalogue_licencetype kind ON kind.id = pool.licence_type_id
LEFT JOIN (SELECT pool_id, sum(bought_change) AS bought FROM licences_ledgerentry GROUP BY pool_id)
  ledger ON ledger.pool_id = pool.id
WHERE coalesce(pool.total_licences, 0) <> coalesce(ledger.bought, 0)
"""

_RUNNING = """
SELECT account_id, licence_name,
       CASE WHEN at < before THEN format('ledger entry %%s is dated before its predecessor', sequence)
            ELSE format('after ledger entry %%s: %%s bought and %%s held, added up %%s and %%s',
                        sequence, bought_after, held_after, bought, held) END
FROM (SELECT account_id, licence_name, sequence, at, bought_after, held_after,
             sum(bought_change) OVER pool AS bought, sum(held_change) OVER pool AS held,
             lag(at) OVER (PARTITION BY account_id ORDER BY sequence) AS before
      FROM licences_ledgerentry WINDOW pool AS (PARTITION BY pool_id ORDER BY sequence)) ledger
WHERE bought_after <> bought OR held_after <> held OR at < before
"""

_EXPIRY = """
SELECT pool.account_id, kind.name,
       format('valid to %%s, to %%s by the ledger', coalesce(pool.expires_on::text, 'no end'),
              coalesce(nullif(entry.after, ''), 'no end'))
FROM licences_pool pool JOIN catalogue_licencetype kind ON kind.id = pool.licence_type_id
JOIN (SELECT DISTINCT ON (pool_id) pool_id, after FROM licences_ledgerentry
      WHERE kind = 'expiry_changed' ORDER BY pool_id, sequence DESC) entry ON entry.pool_id = pool.id
WHERE coalesce(pool.expires_on::text, '') <> entry.after
"""

_ACTIVE = """
SELECT pool.account_id, 'active users',
       format('%%s users are active, %%s hold the licence of active users', coalesce(people.number, 0),
              pool.assigned_licences)
FROM licences_pool pool
LEFT JOIN (SELECT account_id, count(*) AS number FROM people_user WHERE is_active GROUP BY account_id)
  people ON people.account_id = pool.account_id
WHERE pool.counts_active_users AND pool.assigned_licences <> coalesce(people.number, 0)
"""

_INACTIVE = """
SELECT held.account_id, 'deactivated users', format('%%s licences are held by users who are not active', count(*))
FROM licences_assignment held JOIN people_user person ON person.id = held.user_id AND NOT person.is_active
WHERE held.released_at IS NULL GROUP BY held.account_id
"""

_DEVICES = """
SELECT device.account_id, 'devices', format('%%s devices do not hold exactly one licence', count(*))
FROM licences_device device
LEFT JOIN (SELECT device_id, count(*) AS number FROM licences_assignment WHERE released_at IS NULL GROUP BY device_id)
  held ON held.device_id = device.id
WHERE coalesce(held.number, 0) <> CASE WHEN device.removed_at IS NULL THEN 1 ELSE 0 END
GROUP BY device.account_id
"""

_QUESTIONS = (_COUNTERS, _HELD, _BOUGHT, _RUNNING, _EXPIRY, _ACTIVE, _INACTIVE, _DEVICES)
_ANSWERS = """
SELECT account_id, subject, what FROM ({question}) answer (account_id, subject, what)
WHERE %(account)s::uuid IS NULL OR account_id = %(account)s ORDER BY 1, 2, 3 LIMIT 100
"""


def find_disagreements(account: Account | None) -> list[Disagreement]:
    """Count everything again and return what differs, at most 100 of each sort.

    `account` None means every account (for the operator).
    """
    wanted = {"account": account.pk if account else None}
    found: list[Disagreement] = []
    with connection.cursor() as cursor:
        for question in _QUESTIONS:
            cursor.execute(_ANSWERS.replace("{question}", question), wanted)
            found += [Disagreement(*row) for row in cursor.fetchall()]
    return found


@dataclass(frozen=True)
class Proven:
    """How much was looked at. `newest_links` are the last hashes of the chains, to be kept elsewhere."""

    accounts: int
    events: int
    entries: int
    pools: int
    assignments: int
    newest_links: tuple[tuple[str, str], ...]


def count_what_is_proven(account: Account | None) -> Proven:
    """Return how many rows `verify` looks at, of one account or of all (None)."""
    of = {"account": account} if account else {}
    heads = ChainHead.objects.filter(**of).order_by("chain")
    return Proven(
        accounts=1 if account else Account.objects.count(),
        events=Event.objects.filter(**of).count(),
        entries=LedgerEntry.objects.filter(**of).count(),
        pools=Pool.objects.filter(**of).count(),
        assignments=Assignment.objects.filter(released_at__isnull=True, **of).count(),
        newest_links=tuple((head.chain, bytes(head.hash).hex()) for head in heads) if account else (),
    )
