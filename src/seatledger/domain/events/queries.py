"""Questions about what happened, and whether the record is still whole."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection

from seatledger.domain.events.models import ChainedRow, Event

if TYPE_CHECKING:
    from seatledger.domain.accounts.models import Account


def list_recent_events(account: "Account", *, limit: int = 20) -> list[Event]:
    """Return the account's newest events, newest first."""
    return list(Event.objects.filter(account=account).order_by("-at", "-sequence")[:limit])


@dataclass(frozen=True)
class BrokenLink:
    """Where a chain stops being what was written."""

    account_id: UUID
    chain: str
    sequence: int
    what: str


_LINKS = """
WITH links AS (
  SELECT account_id, sequence, hash, previous_hash,
         sha256(previous_hash || convert_to({table}_canonical(t), 'UTF8')) AS worked_out,
         lag(hash, 1, decode(repeat('00', 32), 'hex')) OVER chain AS expected_previous,
         lag(sequence, 1, 0::bigint) OVER chain + 1 AS expected_sequence
  FROM {table} t {where}
  WINDOW chain AS (PARTITION BY account_id ORDER BY sequence)
)
SELECT account_id, sequence,
       CASE WHEN sequence <> expected_sequence THEN 'an entry before it is missing'
            WHEN previous_hash <> expected_previous THEN 'it does not follow its predecessor'
            ELSE 'it was changed after it was written' END
FROM links
WHERE sequence <> expected_sequence OR previous_hash <> expected_previous OR hash <> worked_out
UNION ALL
SELECT account_id, head.sequence, 'the newest entries are missing'
FROM events_chainhead head LEFT JOIN {table} t USING (account_id, sequence)
WHERE head.chain = '{table}' AND t.hash IS DISTINCT FROM head.hash {and_head}
UNION ALL
SELECT account_id, max(sequence), 'the head of its chain is missing'
FROM {table} t {where} GROUP BY account_id
HAVING NOT EXISTS (
  SELECT FROM events_chainhead head WHERE head.account_id = t.account_id AND head.chain = '{table}')
ORDER BY 1, 2 LIMIT 100
"""


def find_broken_links(account: "Account | None", *, chain: type[ChainedRow]) -> list[BrokenLink]:
    """Work out every hash of a chain again and return the links that do not agree, at most 100.

    `account` None means every account (for the operator).
    """
    table = chain._meta.db_table
    where, and_head = ("WHERE account_id = %s", "AND head.account_id = %s") if account else ("", "")
    parameters = [account.pk] * 3 if account else []
    with connection.cursor() as cursor:
        cursor.execute(_LINKS.format(table=table, where=where, and_head=and_head), parameters)
        return [BrokenLink(row[0], table, row[1], row[2]) for row in cursor.fetchall()]
