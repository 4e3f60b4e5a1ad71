"""Documents and their lines as rows of COPY, written by hand: a run makes them by the thousand.

What stands on many of them is written once and known by its identity; the drafts keep it where it is meanwhile.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Generic, TypeVar

from seatledger.domain.invoices.drafts import Draft, StoredDraft
from seatledger.domain.invoices.taxes import TaxTreatment, write_tax
from seatledger.domain.invoices.workings import write_rate, write_shape, write_totals
from seatledger.engine.scales import Scale
from seatledger.shared.copying import NULL, Into, escape, row_of

DOCUMENTS = Into(
    "invoices_document",
    "id, account_id, kind, currency, dated_on, due_on, net_minor, tax_minor, total_minor, billed_to, "
    "sold_by, taxes, corrects_id, reason, made_at",
)
LINES = Into(
    "invoices_line",
    "document_id, position, account_id, item_id, pool_id, licence_name, text, amount_minor, "
    "tax_kind, tax_percent, period_starts_on, period_ends_on, revision, part, rate, shape, totals, "
    "of_position",
)
# A line that a person wrote has no period and no working.
_NO_WORKING = row_of(None, None, 0, 0, None, None, None)

_What = TypeVar("_What")
# Few names stand on many lines.
_escaped = lru_cache(maxsize=4096)(escape)


class _Once(dict[int, str], Generic[_What]):
    """The texts of things, each written once."""

    def __init__(self, write: Callable[[_What], str]) -> None:
        self.write = write

    def of(self, what: _What) -> str:
        text = self.get(id(what))
        if text is None:
            text = self[id(what)] = self.write(what)
        return text


def rows_of_documents(
    stored: Sequence[StoredDraft], drafts: Sequence[Draft], *, at: datetime
) -> Iterator[str]:
    """Yield the rows of documents."""
    sold_by = _Once(_json)
    made_at = str(at)
    for row, draft in zip(stored, drafts, strict=True):
        taxes = ",".join([write_tax(*group) for group in draft.taxes])
        yield (
            f"{row.id.hex}\t{row.account_id.hex}\t{row.kind.value}\t{row.currency}\t{row.dated_on}\t{draft.due_on}\t"
            f"{draft.net_minor}\t{draft.tax_minor}\t{row.total_minor}\t{_json(draft.billed_to)}\t"
            f"{sold_by.of(draft.sold_by)}\t[{escape(taxes)}]\t{row_of(row.corrects_id, draft.reason)}\t{made_at}"
        )


def rows_of_lines(stored: Sequence[StoredDraft], drafts: Sequence[Draft]) -> Iterator[str]:
    """Yield the rows of the documents' lines."""
    taxes = _Once(_tax)
    # What stands on a line of its tax, its days and its rate, by the identity of all three.
    known: dict[tuple[int, int, int], tuple[str, str, str]] = {}
    for row, draft in zip(stored, drafts, strict=True):
        document, account = row.id.hex, row.account_id.hex
        for position, (amount_minor, tax, name, text, charge, of_position) in enumerate(draft.lines, start=1):
            said = f"{_escaped(name)}\t{escape(text) if text else text}\t{amount_minor}"
            if charge is None:
                yield (
                    f"{document}\t{position}\t{account}\t{NULL}\t{NULL}\t{said}\t{taxes.of(tax)}\t{_NO_WORKING}\t"
                    f"{row_of(of_position)}"
                )
                continue
            pool_id, _, (item_id, rate, scale, shape, totals), revision, part, _ = charge
            terms = id(tax), id(scale), id(rate)
            texts = known.get(terms)
            if texts is None:
                rate_text = escape(write_rate(rate, scale.zone.key))
                texts = known[terms] = _tax(tax), _days(scale), rate_text
            tax_text, days, rate_text = texts
            yield (
                f"{document}\t{position}\t{account}\t{item_id}\t{pool_id}\t{said}\t{tax_text}\t{days}\t{revision}\t{part}\t"
                f"{rate_text}\t{write_shape(shape)}\t{write_totals(totals)}\t{NULL}"
            )


def _json(content: Mapping[str, Any]) -> str:
    return escape(json.dumps(content))


def _tax(tax: TaxTreatment) -> str:
    return f"{tax.kind}\t{tax.percent}"


def _days(scale: Scale) -> str:
    return f"{scale.period.starts_on}\t{scale.period.ends_on}"
