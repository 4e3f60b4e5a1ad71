"""What a quotation keeps of what stands on it as it is sent, in the form in which documents keep theirs."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.drafts import Draft, DraftLine
from seatledger.domain.invoices.papers.content import seats_of
from seatledger.domain.invoices.papers.words import ENGLISH, words_of
from seatledger.domain.invoices.parties import parties_of
from seatledger.domain.invoices.taxes import TaxTreatment, write_tax
from seatledger.domain.payments.quotes import Quote, signed_minor
from seatledger.engine.words import describe_line


def keep_paper(account: Account, quote: Quote) -> dict[str, Any]:
    """Return what a quotation keeps of a quote: the parties, and what it costs by line and by rate of tax.

    What is due that day without it is left out; where it is charged together with it, it is taken off in a line of its
    own. Raises NoSeller.
    """
    parties = parties_of(account)
    return {
        "sold_by": dict(parties.sold_by),
        "billed_to": parties.billed_to(),
        "lines": list(_lines(quote)),
        "taxes": list(_taxes(quote)),
    }


def _lines(quote: Quote) -> Iterator[dict[str, Any]]:
    """Yield the lines of what is due with it, and one for each rate that takes off what is due without it."""
    anyway = [_line(draft, line) for draft in quote.due_anyway for line in draft.lines]
    for row in (_line(draft, line) for draft in quote.due for line in draft.lines):
        if row in anyway:
            anyway.remove(row)
        else:
            yield row
    by_rate: defaultdict[tuple[str, str], int] = defaultdict(int)
    for row in anyway:
        by_rate[row["tax_kind"], row["tax_percent"]] -= row["amount_minor"]
    for (kind, percent), amount_minor in by_rate.items():
        title = words_of(ENGLISH).due_anyway
        yield _row(title, "", amount_minor, TaxTreatment(kind, Decimal(percent)))


def _line(draft: Draft, line: DraftLine) -> dict[str, Any]:
    charged = line.charge.line if line.charge else None
    detail = describe_line(charged) if charged else line.text
    row = _row(
        line.licence_name or detail,
        detail if line.licence_name else "",
        signed_minor(draft, line.amount_minor),
        line.tax,
    )
    return {**row, "seats": seats_of(charged) or None if charged else None}


def _row(title: str, detail: str, amount_minor: int, tax: TaxTreatment) -> dict[str, Any]:
    return {
        "title": title,
        "detail": detail,
        "amount_minor": amount_minor,
        "seats": None,
        "tax_kind": tax.kind,
        "tax_percent": str(tax.percent.normalize()),
    }


def _taxes(quote: Quote) -> Iterator[dict[str, Any]]:
    """Yield what is taxed at each rate and the tax on it, as documents keep it: of all that is due, less what is due anyway."""
    nets: defaultdict[TaxTreatment, int] = defaultdict(int)
    taxes: defaultdict[TaxTreatment, int] = defaultdict(int)
    for drafts, sign in ((quote.due, 1), (quote.due_anyway, -1)):
        for draft, group in _groups(drafts):
            nets[group.tax] += sign * signed_minor(draft, group.net_minor)
            taxes[group.tax] += sign * signed_minor(draft, group.tax_minor)
    for tax, net_minor in nets.items():
        if net_minor or taxes[tax]:
            yield json.loads(write_tax(tax, net_minor, taxes[tax]))


def _groups(drafts: Sequence[Draft]) -> Iterator[tuple[Draft, Any]]:
    return ((draft, group) for draft in drafts for group in draft.taxes)
