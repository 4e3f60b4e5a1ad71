"""Whether the money agrees: lines with their document, what is open with what settled it, the statement with its sum.

Each question is one statement over all documents, like those of `licences.queries.truth`.
"""

from dataclasses import dataclass

from django.db import connection

from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.models import BalanceEntry, Issue
from seatledger.domain.licences.queries import Disagreement

_LINES = """
SELECT document.account_id, coalesce(issue.reference, 'a draft'),
       format('a net of %%s, its lines %%s, its rates %%s; a tax of %%s, its rates %%s', document.net_minor,
              coalesce(lines.net, 0), coalesce(rates.net, 0), document.tax_minor, coalesce(rates.tax, 0))
FROM invoices_document document
LEFT JOIN invoices_issue issue ON issue.document_id = document.id
LEFT JOIN (SELECT document_id, sum(amount_minor) AS net FROM invoices_line GROUP BY document_id)
  lines ON lines.document_id = document.id
LEFT JOIN LATERAL (
  SELECT sum((rate ->> 'net_minor')::bigint) AS net, sum((rate ->> 'tax_minor')::bigint) AS tax
  FROM jsonb_array_elements(document.taxes) rate
) rates ON true
WHERE document.net_minor <> coalesce(lines.net, 0) OR document.net_minor <> coalesce(rates.net, 0)
   OR document.tax_minor <> coalesce(rates.tax, 0)
"""

_ISSUED = """
SELECT issue.account_id, issue.reference,
       format('a total of %%s, %%s on the document, %%s on the statement', issue.total_minor, document.total_minor,
              coalesce(entry.amount, 0))
FROM invoices_issue issue JOIN invoices_document document ON document.id = issue.document_id
LEFT JOIN (SELECT document_id, kind, sum(abs(amount_minor)) AS amount FROM invoices_balanceentry
           WHERE kind IN ('invoice', 'credit_note') GROUP BY document_id, kind)
  entry ON entry.document_id = document.id AND entry.kind = document.kind
WHERE issue.total_minor <> document.total_minor OR issue.total_minor <> coalesce(entry.amount, 0)
"""

_OPEN = """
SELECT issue.account_id, issue.reference,
       format('%%s open of %%s, though %%s is settled%%s', issue.open_minor, issue.total_minor,
              coalesce(settled.amount, 0), CASE WHEN void.id IS NULL THEN '' ELSE ' and it is void' END)
FROM invoices_issue issue JOIN invoices_document document ON document.id = issue.document_id
LEFT JOIN invoices_void void ON void.document_id = issue.document_id
LEFT JOIN (
  SELECT document_id, sum(amount_minor) AS amount FROM (
    SELECT invoice_id AS document_id, amount_minor FROM invoices_settlement WHERE invoice_id IS NOT NULL
    UNION ALL
    SELECT credit_note_id, amount_minor FROM invoices_settlement WHERE credit_note_id IS NOT NULL
  ) sides GROUP BY document_id
) settled ON settled.document_id = issue.document_id
WHERE issue.open_minor <> CASE WHEN void.id IS NULL THEN issue.total_minor - coalesce(settled.amount, 0) ELSE 0 END
   OR (void.id IS NOT NULL AND settled.amount IS NOT NULL)
"""

_CREDITED = """
SELECT issue.account_id, issue.reference,
       format('%%s of %%s credited by the count, %%s by its credit notes, with %%s of %%s tax', issue.credited_minor,
              issue.total_minor, coalesce(notes.total, 0), coalesce(notes.tax, 0), document.tax_minor)
FROM invoices_issue issue JOIN invoices_document document ON document.id = issue.document_id
LEFT JOIN (SELECT corrects_id, sum(total_minor) AS total, sum(tax_minor) AS tax FROM invoices_document note
           WHERE EXISTS (SELECT FROM invoices_issue WHERE document_id = note.id) GROUP BY corrects_id)
  notes ON notes.corrects_id = issue.document_id
WHERE issue.credited_minor <> coalesce(notes.total, 0)
   OR document.kind = 'invoice' AND coalesce(notes.tax, 0) > greatest(document.tax_minor, 0)
"""

_STATEMENT = """
SELECT account_id, 'statement',
       format('after entry %%s: a balance of %%s, added up %%s', sequence, balance_minor, added)
FROM (SELECT account_id, sequence, balance_minor, sum(amount_minor) OVER so_far AS added,
             row_number() OVER so_far AS place
      FROM invoices_balanceentry WINDOW so_far AS (PARTITION BY account_id ORDER BY sequence)) entry
WHERE balance_minor <> added OR sequence <> place
"""

# What another cell numbers has its gaps there. A number whose document went elsewhere belongs to no account here.
_NUMBERS = """
WITH given (series_id, account_id, reference, number) AS (
  SELECT series_id, account_id, reference, number FROM invoices_issue
  UNION ALL SELECT series_id, NULL, reference, number FROM invoices_numberelsewhere
), own AS (SELECT id, next_number FROM invoices_numberseries WHERE region = '')
SELECT account_id, reference, 'a number before it is missing'
FROM (SELECT account_id, reference, number, lag(number) OVER (PARTITION BY series_id ORDER BY number) AS before
      FROM given JOIN own ON own.id = series_id) issue
WHERE number <> before + 1
UNION ALL
SELECT newest.account_id, newest.reference, format('the next number would be %%s', own.next_number)
FROM own
JOIN LATERAL (SELECT account_id, reference, number FROM given WHERE series_id = own.id
              ORDER BY number DESC LIMIT 1) newest ON newest.number <> own.next_number - 1
"""

_QUESTIONS = (_LINES, _ISSUED, _OPEN, _CREDITED, _STATEMENT, _NUMBERS)
_ANSWERS = """
SELECT account_id, subject, what FROM ({question}) answer (account_id, subject, what)
WHERE %(account)s::uuid IS NULL OR account_id = %(account)s ORDER BY 1, 2, 3 LIMIT 100
"""


def find_wrong_amounts(account: Account | None) -> list[Disagreement]:
    """Add everything up again and return what differs, at most 100 of each sort; amounts are in minor units.

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
class AddedUp:
    """How much was added up."""

    documents: int
    entries: int


def count_what_was_added_up(account: Account | None) -> AddedUp:
    """Return how many issued documents and entries of statements there are, of one account or of all (None)."""
    of = {"account": account} if account else {}
    return AddedUp(Issue.objects.filter(**of).count(), BalanceEntry.objects.filter(**of).count())
