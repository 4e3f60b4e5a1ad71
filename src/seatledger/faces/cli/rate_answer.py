"""What `seatledger rate` answers: invoices and their lines as plain JSON values."""

from datetime import UTC, date, datetime
from typing import Any

from seatledger.engine.contracts import Contract
from seatledger.engine.layers import Rectangle
from seatledger.engine.lines import Area, Line
from seatledger.engine.money import add_up
from seatledger.engine.rating import Invoice, Rating
from seatledger.engine.scales import Scale
from seatledger.engine.words import describe_line, explain_line

Json = dict[str, Any]


def answer_of(contract: Contract, rating: Rating) -> Json:
    """Return the invoices, their sum, and the invoice that comes next if nothing more happens."""
    total = add_up((invoice.total for invoice in rating.invoices), contract.currency)
    return {
        "currency": contract.currency,
        "invoices": [_invoice(invoice) for invoice in rating.invoices],
        "total": total.to_text(),
        "next_invoice": _invoice(rating.preview) if rating.preview else None,
    }


def _invoice(invoice: Invoice) -> Json:
    return {
        "date": invoice.on.isoformat(),
        "kind": "credit_note" if invoice.is_credit_note else "invoice",
        "total": invoice.total.to_text(),
        "lines": [_line(line) for line in invoice.lines],
    }


def _line(line: Line) -> Json:
    start, end = _bounds(line.shape)
    period = line.scale.period
    return {
        "item": line.item,
        "price": line.rate.key,
        "description": describe_line(line),
        "period": {"starts_on": period.starts_on.isoformat(), "ends_on": period.ends_on.isoformat()},
        "from": _text(line.scale, start),
        "to": _text(line.scale, end),
        **_quantities(line.shape),
        "amount": line.amount.to_text(),
        "working": list(explain_line(line)),
    }


def _bounds(shape: Rectangle | Area) -> tuple[int, int]:
    if isinstance(shape, Rectangle):
        return shape.start, shape.end
    covered = shape.after or shape.before
    return covered[0].start, covered[-1].end


def _quantities(shape: Rectangle | Area) -> Json:
    """Return the seats charged (negative when credited), or for an area the seats of each stretch."""
    if isinstance(shape, Rectangle):
        return {"quantity": shape.seats}
    return {"quantities": [stretch.level for stretch in shape.after]}


def _text(scale: Scale, position: int) -> str:
    point: date = scale.point(position)
    return (
        point.astimezone(UTC).isoformat().replace("+00:00", "Z")
        if isinstance(point, datetime)
        else point.isoformat()
    )
