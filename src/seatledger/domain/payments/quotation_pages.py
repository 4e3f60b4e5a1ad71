"""The paper of a quotation. Loaded by what makes files alone: setting pages needs more memory than a request has use for."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from seatledger.domain.invoices.papers.content import PaperLine, PaperTax, read_party, split_amount
from seatledger.domain.invoices.papers.offer import OfferPaper
from seatledger.domain.payments.models import Quotation
from seatledger.engine.days import day_of
from seatledger.engine.money import Money


def paper_of_quotation(quotation: Quotation, *, accept_at: str) -> OfferPaper:
    """Return what stands on a quotation that keeps its paper; `accept_at` is the address of its page."""
    account, kept, currency = quotation.account, quotation.paper, quotation.currency
    on, amount_minor = quotation.following_on, quotation.following_minor
    following = None if on is None or amount_minor is None else (on, Money(amount_minor, currency))
    return OfferPaper(
        reference=quotation.number,
        dated_on=day_of(quotation.sent_at, ZoneInfo(account.time_zone)),
        sent_at=quotation.sent_at,
        valid_until=quotation.valid_until,
        currency=currency,
        seller=read_party(kept["sold_by"]),
        buyer=read_party(kept["billed_to"]),
        customer_number=account.serial_number,
        note=quotation.note,
        offered=tuple((line.name, line.number, line.price) for line in quotation.lines.all()),
        lines=tuple(_paper_line(position, row, currency) for position, row in enumerate(kept["lines"], 1)),
        taxes=tuple(_paper_tax(row, currency) for row in kept["taxes"]),
        following=following,
        accept_at=accept_at,
    )


def _paper_line(position: int, row: Mapping[str, Any], currency: str) -> PaperLine:
    amount = Money(row["amount_minor"], currency)
    quantity, each = split_amount(amount, row["seats"] or 0)
    return PaperLine(
        position=position,
        title=row["title"],
        detail=row["detail"],
        amount=amount,
        quantity=quantity,
        each=each,
        tax_kind=row["tax_kind"],
        tax_percent=Decimal(row["tax_percent"]),
        seats=row["seats"],
    )


def _paper_tax(row: Mapping[str, Any], currency: str) -> PaperTax:
    return PaperTax(
        kind=row["kind"],
        percent=Decimal(str(row["percent"])),
        net=Money(row["net_minor"], currency),
        tax=Money(row["tax_minor"], currency),
        note=row.get("note") or "",
    )
