"""Content: all that stands on a document, taken from what is stored, and nothing worked out anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from seatledger.domain.invoices.models import Document, DocumentKind, Issue, Line
from seatledger.domain.invoices.papers.words import ENGLISH, country
from seatledger.engine.layers import Rectangle
from seatledger.engine.lines import Line as EngineLine
from seatledger.engine.money import Money
from seatledger.engine.scales import Scale
from seatledger.engine.words import describe_line, explain_line

_SECOND = timedelta(seconds=1)
# Where the postcode follows the city. Source: Universal Postal Union, addressing systems of its member countries.
_CITY_FIRST = {"AU", "CA", "GB", "IE", "IN", "NZ", "SG", "US"}


@dataclass(frozen=True, slots=True)
class Logo:
    """The vendor's logo: the bytes of an SVG, PNG or JPEG picture."""

    content: bytes
    format: str


@dataclass(frozen=True, slots=True)
class Party:
    """Who sells or who is billed, as it was on the day."""

    name: str
    street: str = ""
    city: str = ""
    postcode: str = ""
    country: str = ""
    vat_number: str = ""
    registration: str = ""
    email: str = ""
    phone: str = ""
    iban: str = ""
    bic: str = ""

    def address(self, language: str) -> tuple[str, ...]:
        """Return the address line by line, the country in words last."""
        town = (self.city, self.postcode) if self.country in _CITY_FIRST else (self.postcode, self.city)
        lines = (self.street, " ".join(filter(None, town)), country(self.country, language))
        return tuple(filter(None, lines))


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One line: what for, and its net amount, which is `quantity` times `each` exactly.

    `seats` is the number charged or credited, None where it changed over the days or the line is not for seats.
    """

    position: int
    title: str
    detail: str
    amount: Money
    quantity: int
    each: Money
    tax_kind: str
    tax_percent: Decimal
    seats: int | None = None
    first_day: date | None = None
    last_day: date | None = None
    working: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperTax:
    """What is taxed at one rate, the tax on it, and the note that goes with it."""

    kind: str
    percent: Decimal
    net: Money
    tax: Money
    note: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A document as it is printed and sent. Amounts of a credit note are positive and count for the customer.

    `credit_used` is the part that the account's credit paid on the day; `to_pay` is what is left of the total.
    """

    kind: DocumentKind
    language: str
    reference: str
    dated_on: date
    due_on: date
    issued_at: datetime
    currency: str
    seller: Party
    buyer: Party
    customer_number: str
    purchase_order: str
    corrects: str
    corrects_dated_on: date | None
    reason: str
    lines: tuple[PaperLine, ...]
    taxes: tuple[PaperTax, ...]
    net: Money
    tax: Money
    total: Money
    credit_used: Money

    @property
    def is_credit_note(self) -> bool:
        return self.kind == DocumentKind.CREDIT_NOTE

    @property
    def to_pay(self) -> Money:
        return self.total - self.credit_used


def paper_of(
    issue: Issue,
    rows: Sequence[tuple[Line, EngineLine | None]],
    *,
    credit_used_minor: int = 0,
    language: str = ENGLISH,
) -> Paper:
    """Return what stands on an issued document.

    `rows` are its lines in their order, each with its working unless a person wrote it; `credit_used_minor` is what the
    account's credit paid of an invoice at the moment it was issued.
    """
    document = issue.document
    billed_to, original = document.billed_to, document.corrects
    return Paper(
        kind=DocumentKind(document.kind),
        language=language,
        reference=issue.reference,
        dated_on=document.dated_on,
        due_on=document.due_on,
        issued_at=issue.issued_at,
        currency=document.currency,
        seller=read_party(document.sold_by),
        buyer=read_party(billed_to),
        customer_number=document.account.serial_number,
        purchase_order=billed_to.get("purchase_order", ""),
        corrects=original.issue.reference if original else "",
        corrects_dated_on=original.dated_on if original else None,
        reason=document.reason,
        lines=tuple(_line(document, row, working) for row, working in rows),
        taxes=tuple(_tax(document, each) for each in document.taxes),
        net=Money(document.net_minor, document.currency),
        tax=Money(document.tax_minor, document.currency),
        total=Money(document.total_minor, document.currency),
        credit_used=Money(credit_used_minor, document.currency),
    )


def read_party(stored: Mapping[str, Any]) -> Party:
    """Return a side of a document as it is stored."""
    names = Party.__dataclass_fields__
    return Party(**{name: str(stored.get(name) or "") for name in names})


def _tax(document: Document, stored: Mapping[str, Any]) -> PaperTax:
    return PaperTax(
        kind=stored["kind"],
        percent=Decimal(str(stored["percent"])),
        net=Money(stored["net_minor"], document.currency),
        tax=Money(stored["tax_minor"], document.currency),
        note=stored.get("note") or "",
    )


def _line(document: Document, row: Line, working: EngineLine | None) -> PaperLine:
    amount = Money(row.amount_minor, document.currency)
    seats = seats_of(working) if working else 0
    quantity, each = split_amount(amount, seats)
    first_day, last_day = _days(working) if working else (None, None)
    detail = describe_line(working) if working else row.text
    return PaperLine(
        position=row.position,
        title=f"{row.text}: {row.licence_name}" if working and row.text else row.licence_name or detail,
        detail=detail if row.licence_name else "",
        amount=amount,
        quantity=quantity,
        each=each,
        tax_kind=row.tax_kind,
        tax_percent=Decimal(row.tax_percent),
        seats=seats or None,
        first_day=first_day,
        last_day=last_day,
        working=explain_line(working) if working else (),
    )


def seats_of(line: EngineLine) -> int:
    """Return how many seats are charged or credited; 0 where the number changes over the days, or there are none."""
    if isinstance(line.shape, Rectangle):
        return abs(line.shape.seats)
    levels = {stretch.level for stretch in line.shape.after}
    return max(levels.pop(), 0) if len(levels) == 1 and not line.shape.before else 0


def split_amount(amount: Money, seats: int) -> tuple[int, Money]:
    """Return a quantity and a price that multiply to the amount to the last minor unit; a price is never negative.

    That is the seats of the line, where the amount divides by them; otherwise one of the whole amount.
    """
    sign = -1 if amount.amount_minor < 0 else 1
    whole = abs(amount)
    if not seats or whole.amount_minor % seats:
        return sign, whole
    return sign * seats, Money(whole.amount_minor // seats, amount.currency)


def _days(line: EngineLine) -> tuple[date, date]:
    """Return the first and the last day that a line is for."""
    if isinstance(line.shape, Rectangle):
        start, end = line.shape.start, line.shape.end
    else:
        covered = line.shape.after or line.shape.before
        start, end = covered[0].start, covered[-1].end
    return _day_of(line.scale, start, before=False), _day_of(line.scale, end, before=True)


def _day_of(scale: Scale, position: int, *, before: bool) -> date:
    """Return the day at a position of a period, or the last one before it."""
    point = scale.point(position)
    if not isinstance(point, datetime):
        return point - timedelta(days=1) if before else point
    return (point - _SECOND if before else point).astimezone(scale.zone).date()
