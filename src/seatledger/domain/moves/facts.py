"""What an account comes to, in a few figures that people can compare: chains, invoices and payments."""

from typing import Any
from uuid import UUID

from django.db import connection

Facts = dict[str, dict[str, Any]]

_CHAINS = (
    "SELECT chain, sequence, encode(hash, 'hex') FROM events_chainhead WHERE account_id = %s ORDER BY chain"
)
_INVOICES = """
SELECT document.kind || ' ' || document.currency, count(*), sum(issue.total_minor)::bigint, sum(issue.open_minor)::bigint
FROM invoices_issue issue JOIN invoices_document document ON document.id = issue.document_id
WHERE issue.account_id = %s GROUP BY 1 ORDER BY 1
"""
_PAYMENTS = """
SELECT state || ' ' || currency, count(*), sum(amount_minor)::bigint, sum(refunded_minor)::bigint
FROM payments_payment WHERE account_id = %s GROUP BY 1 ORDER BY 1
"""
_QUESTIONS = {"chains": _CHAINS, "invoices": _INVOICES, "payments": _PAYMENTS}


def find_facts(account_id: UUID) -> Facts:
    """Return the newest link of each chain, and the sums of invoices and payments in minor units."""
    found: Facts = {}
    with connection.cursor() as cursor:
        for name, question in _QUESTIONS.items():
            cursor.execute(question, [account_id])
            found[name] = {key: list(figures) for key, *figures in cursor.fetchall()}
    return found
