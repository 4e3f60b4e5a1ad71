"""Documents to set and to write, made of rows as they are stored, without a database."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.models import Document, DocumentKind, Issue, Line
from seatledger.domain.invoices.papers.content import Paper, paper_of
from seatledger.engine.currencies import exponent_of
from seatledger.engine.layers import Rectangle
from seatledger.engine.lines import Area, work_out
from seatledger.engine.lines import Line as EngineLine
from seatledger.engine.periods import Period
from seatledger.engine.prices import PerUnit, Price
from seatledger.engine.rates import Rate
from seatledger.engine.scales import Scale
from seatledger.engine.stretches import Stretch

MARCH = Scale(Period(date(2026, 3, 1), date(2026, 4, 1)), ZoneInfo("Europe/London"))
ISSUED_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
VENDOR = {
    "key": "vendor",
    "name": "Meridian Software Ltd",
    "street": "12 Harbour Street",
    "city": "Bristol",
    "postcode": "BS1 4QA",
    "country": "GB",
    "vat_number": "GB980780684",
    "registration": "Companies House 01234567",
    "email": "billing@meridian.example",
    "phone": "+44 117 496 0000",
    "iban": "GB33BUKB20201555555555",
    "bic": "BUKBGB22",
}
NORTHWIND = {
    "name": "Northwind Trading Ltd",
    "street": "4 Mill Lane",
    "city": "Leeds",
    "postcode": "LS1 3AB",
    "country": "GB",
    "vat_number": "",
    "purchase_order": "PO-2026-0117",
}
Written = tuple[str, int]  # a text and an amount in minor units


def seats(
    count: int, *, from_day: int = 1, to_day: int = 31, price: str = "1200", currency: str = "GBP"
) -> EngineLine:
    """Return a charge in advance for seats on days of March 2026; `price` is for one seat and month."""
    rate = Rate("seat", currency, Price(PerUnit(Fraction(price))))
    return work_out("seat", rate, MARCH, Rectangle(from_day - 1, to_day, before=-1, after=count, top=count))


def credit(before: int, after: int, *, from_day: int, currency: str = "GBP") -> EngineLine:
    """Return what comes back when fewer seats are charged from a day of March 2026 on."""
    rate = Rate("seat", currency, Price(PerUnit(1200)))
    return work_out("seat", rate, MARCH, Rectangle(from_day - 1, 31, before=before, after=after, top=before))


def used(*levels: tuple[int, int, int], currency: str = "GBP") -> EngineLine:
    """Return a charge in arrears: each level is first day, last day, seats."""
    rate = Rate("active", currency, Price(PerUnit(500)))
    stretches = tuple(Stretch(first - 1, last, level) for first, last, level in levels)
    return work_out("active", rate, MARCH, Area(before=(), after=stretches))


def issued(
    *charges: EngineLine | Written,
    kind: DocumentKind = DocumentKind.INVOICE,
    taxed: Sequence[tuple[str, str]] = (("S", "20"),),
    currency: str = "GBP",
    sold_by: dict[str, Any] | None = None,
    billed_to: dict[str, Any] | None = None,
    **changes: Any,
) -> tuple[Issue, list[tuple[Line, EngineLine | None]]]:
    """Return an issued document and its lines, as the billing run would store them.

    `taxed` is the category and the percentage of each line; the last one holds for all further lines.
    """
    sign = -1 if kind == DocumentKind.CREDIT_NOTE else 1
    rows: list[tuple[Line, EngineLine | None]] = []
    for position, charge in enumerate(charges, 1):
        tax_kind, percent = taxed[min(position, len(taxed)) - 1]
        working = charge if isinstance(charge, EngineLine) else None
        row = Line(
            position=position,
            licence_name="Essential User" if working else "",
            text="" if working else charge[0],
            amount_minor=sign * charge.amount_minor if working else charge[1],
            tax_kind=tax_kind,
            tax_percent=Decimal(percent),
        )
        rows.append((row, working))
    taxes = _taxes([row for row, _ in rows], currency)
    net, tax = (sum(each[name] for each in taxes) for name in ("net_minor", "tax_minor"))
    document = Document(
        account=Account(serial_number="EU-4T7K-9QX2", name="Northwind"),
        kind=kind,
        currency=currency,
        net_minor=net,
        tax_minor=tax,
        total_minor=net + tax,
        taxes=taxes,
        billed_to=billed_to or NORTHWIND,
        sold_by=sold_by or VENDOR,
        **{"dated_on": date(2026, 3, 2), "due_on": date(2026, 4, 1), "made_at": ISSUED_AT, **changes},
    )
    reference = "CN-2026-0007" if sign < 0 else "INV-2026-0042"
    return Issue(document=document, reference=reference, issued_at=ISSUED_AT), rows


def a_paper(*charges: EngineLine | Written, credit_used_minor: int = 0, **changes: Any) -> Paper:
    """Return the paper of an issued document; see `issued`."""
    issue, rows = issued(*charges, **changes)
    return paper_of(issue, rows, credit_used_minor=credit_used_minor)


def a_credit_note(*charges: EngineLine | Written, **changes: Any) -> Paper:
    """Return the paper of a credit note for an invoice of a month before."""
    invoice, _ = issued(*charges, dated_on=date(2026, 2, 2))
    return a_paper(*charges, kind=DocumentKind.CREDIT_NOTE, corrects=invoice.document, **changes)


def _taxes(rows: Sequence[Line], currency: str) -> list[dict[str, Any]]:
    """Return the taxes by rate, each rounded once."""
    assert exponent_of(currency) >= 0
    by_rate: dict[tuple[str, Decimal], int] = {}
    for row in rows:
        rate = (row.tax_kind, Decimal(row.tax_percent))
        by_rate[rate] = by_rate.get(rate, 0) + row.amount_minor
    return [
        {
            "kind": kind,
            "percent": str(percent),
            "net_minor": net,
            "tax_minor": int((net * percent / 100).quantize(Decimal(1), ROUND_HALF_UP)),
            "note": "",
        }
        for (kind, percent), net in by_rate.items()
    ]
