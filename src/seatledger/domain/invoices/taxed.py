"""At which tax a period was charged before: what is taken back of it is taken back at that tax, whatever holds today."""

import json
from collections.abc import Iterable, Mapping
from datetime import date

from django.db import connection

from seatledger.domain.invoices.drafts import Charge
from seatledger.domain.invoices.taxes import TaxTreatment, read_tax

_CHARGED = """
SELECT DISTINCT ON (line.item_id, line.period_starts_on)
       line.item_id::text, line.period_starts_on, line.tax_kind, line.tax_percent, document.taxes
FROM unnest(%s::uuid[], %s::date[]) AS wanted (item_id, starts_on)
JOIN invoices_line line ON line.item_id = wanted.item_id AND line.period_starts_on = wanted.starts_on
JOIN invoices_document document ON document.id = line.document_id
WHERE NOT EXISTS (SELECT FROM invoices_void void WHERE void.document_id = line.document_id)
ORDER BY line.item_id, line.period_starts_on, line.revision DESC, line.part
"""

Taxed = Mapping[tuple[str, date], TaxTreatment]


def read_taxed(charges: Iterable[Charge]) -> Taxed:
    """Return at which tax the periods that are credited were charged last, by item and first day; in one statement.

    Nothing is asked where nothing is credited.
    """
    wanted = {
        (charge.line.item, charge.line.scale.period.starts_on) for charge in charges if charge.is_credit
    }
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_CHARGED, [list(column) for column in zip(*wanted, strict=True)])
        return {
            (item_id, starts_on): next(
                tax
                for tax, _ in map(read_tax, json.loads(taxes))
                if (tax.kind, tax.percent) == (kind, percent)
            )
            for item_id, starts_on, kind, percent, taxes in cursor.fetchall()
        }
