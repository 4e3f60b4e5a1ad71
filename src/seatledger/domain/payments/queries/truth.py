"""Whether payments agree: with what they settled, with the statement, and with what went back.

Each question is one statement over all payments, like those of `invoices.queries.truth`.
"""

from django.db import connection

from seatledger.domain.accounts.models import Account
from seatledger.domain.licences.queries import Disagreement

_APPLIED = """
SELECT payment.account_id, format('payment %%s', payment.id),
       format('%%s applied by the count, %%s by settlements', payment.applied_minor, coalesce(settled.amount, 0))
FROM payments_payment payment
LEFT JOIN (SELECT payment_id, sum(amount_minor) AS amount FROM invoices_settlement
           WHERE invoice_id IS NOT NULL AND payment_id IS NOT NULL GROUP BY payment_id)
  settled ON settled.payment_id = payment.id
WHERE payment.applied_minor <> coalesce(settled.amount, 0)
"""

_STATEMENT = """
SELECT payment.account_id, format('payment %%s', payment.id),
       format('%%s paid and %%s taken back, %%s and %%s on the statement', payment.amount_minor,
              payment.reversed_minor, coalesce(entries.paid, 0), coalesce(entries.reversed, 0))
FROM payments_payment payment
LEFT JOIN (SELECT payment_id, -sum(amount_minor) FILTER (WHERE kind = 'payment') AS paid,
                  sum(amount_minor) FILTER (WHERE kind = 'reversal') AS reversed
           FROM invoices_balanceentry WHERE payment_id IS NOT NULL GROUP BY payment_id)
  entries ON entries.payment_id = payment.id
WHERE coalesce(entries.paid, 0) <>
        CASE WHEN payment.state IN ('succeeded', 'reversed') THEN payment.amount_minor ELSE 0 END
   OR coalesce(entries.reversed, 0) <> payment.reversed_minor
"""

_REFUNDED = """
SELECT payment.account_id, format('payment %%s', payment.id),
       format('%%s refunded by the count, %%s by its refunds, %%s on the statement; %%s of it without a credit note, '
              '%%s by its refunds; %%s of credit notes, %%s by settlements',
              payment.refunded_minor, coalesce(refunds.amount, 0), coalesce(entries.amount, 0),
              payment.returned_minor, coalesce(refunds.returned, 0),
              payment.refunded_minor - payment.returned_minor, coalesce(used.amount, 0))
FROM payments_payment payment
LEFT JOIN (SELECT payment_id, sum(amount_minor) AS amount,
                  sum(amount_minor) FILTER (WHERE credit_note_id IS NULL) AS returned
           FROM payments_refund WHERE state <> 'failed' GROUP BY payment_id)
  refunds ON refunds.payment_id = payment.id
LEFT JOIN (SELECT payment_id, sum(amount_minor) AS amount FROM invoices_balanceentry
           WHERE kind IN ('refund', 'refund_failed') GROUP BY payment_id)
  entries ON entries.payment_id = payment.id
LEFT JOIN (SELECT payment_id, sum(amount_minor) AS amount FROM invoices_settlement
           WHERE credit_note_id IS NOT NULL AND payment_id IS NOT NULL GROUP BY payment_id)
  used ON used.payment_id = payment.id
WHERE payment.refunded_minor <> coalesce(refunds.amount, 0) OR payment.refunded_minor <> coalesce(entries.amount, 0)
   OR payment.returned_minor <> coalesce(refunds.returned, 0)
   OR payment.refunded_minor - payment.returned_minor <> coalesce(used.amount, 0)
"""

_STRANGERS = """
SELECT entry.account_id, 'statement', format('entry %%s is of a payment that is not there', entry.sequence)
FROM invoices_balanceentry entry LEFT JOIN payments_payment payment ON payment.id = entry.payment_id
WHERE entry.payment_id IS NOT NULL AND payment.account_id IS DISTINCT FROM entry.account_id
UNION ALL
SELECT settled.account_id, 'settlements', format('%%s is settled by a payment that is not there', settled.amount_minor)
FROM invoices_settlement settled LEFT JOIN payments_payment payment ON payment.id = settled.payment_id
WHERE settled.payment_id IS NOT NULL AND payment.account_id IS DISTINCT FROM settled.account_id
"""

_QUESTIONS = (_APPLIED, _STATEMENT, _REFUNDED, _STRANGERS)
_ANSWERS = """
SELECT account_id, subject, what FROM ({question}) answer (account_id, subject, what)
WHERE %(account)s::uuid IS NULL OR account_id = %(account)s ORDER BY 1, 2, 3 LIMIT 100
"""


def find_wrong_payments(account: Account | None) -> list[Disagreement]:
    """Add up again what payments did and return what differs, at most 100 of each sort; amounts are in minor units.

    `account` None means every account (for the operator).
    """
    wanted = {"account": account.pk if account else None}
    found: list[Disagreement] = []
    with connection.cursor() as cursor:
        for question in _QUESTIONS:
            cursor.execute(_ANSWERS.replace("{question}", question), wanted)
            found += [Disagreement(*row) for row in cursor.fetchall()]
    return found
