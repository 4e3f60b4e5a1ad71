"""Crediting: what is left of an invoice in, the lines and the tax of a credit note out. Pure.

A credit note says of each line how much of it is given back, so that whatever was credited before, the rest of an invoice
is known line by line and rate by rate, and taking all of it is the exact reversal of what is left.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from seatledger.domain.invoices.drafts import DraftLine, TaxGroup
from seatledger.domain.invoices.refusals import MoreThanIsLeft, NothingToCredit
from seatledger.domain.invoices.taxes import TaxTreatment
from seatledger.engine.money import Money
from seatledger.engine.taxes import Taxed, take_gross, take_net
from seatledger.shared.errors import NotFound


@dataclass(frozen=True, slots=True)
class Everything:
    """Credit all that is left of the invoice."""


@dataclass(frozen=True, slots=True)
class ChosenLines:
    """Credit all that is left of some lines, given by their positions."""

    positions: frozenset[int]


@dataclass(frozen=True, slots=True)
class GrossAmount:
    """Credit an amount, tax and all, in minor units of the invoice's currency; every line bears its part."""

    amount_minor: int


Credit = Everything | ChosenLines | GrossAmount


@dataclass(frozen=True, slots=True)
class LineLeft:
    """What is left of one line: net, in minor units. `text` says on the credit note which line it is."""

    position: int
    licence_name: str
    text: str
    tax: TaxTreatment
    net_minor: int


@dataclass(frozen=True)
class InvoiceLeft:
    """What is left of an invoice. The nets of the lines of a rate add up to the rate's net."""

    currency: str
    lines: tuple[LineLeft, ...]
    taxes: Mapping[TaxTreatment, Taxed]

    @property
    def gross_minor(self) -> int:
        return sum(taxed.gross_minor for taxed in self.taxes.values())


@dataclass(frozen=True)
class Credited:
    """What a credit note gives back: its lines, and its net and tax by rate."""

    lines: tuple[DraftLine, ...]
    taxes: tuple[TaxGroup, ...]

    @property
    def total_minor(self) -> int:
        return sum(group.net_minor + group.tax_minor for group in self.taxes)


def work_out_credit(left: InvoiceLeft, credit: Credit) -> Credited:
    """Return what `credit` gives back of what is left.

    Raises MoreThanIsLeft, NothingToCredit when that is nothing or less, and NotFound for a line that is not there.
    """
    match credit:
        case Everything():
            found = _of_lines(left, left.lines)
        case ChosenLines(positions):
            lines = {line.position: line for line in left.lines}
            if not positions <= lines.keys():
                raise NotFound("line", " on this invoice")
            found = _of_lines(left, [lines[position] for position in sorted(positions)])
        case GrossAmount(amount_minor):
            found = _of_amount(left, amount_minor)
    if found.total_minor <= 0:
        raise NothingToCredit("Nothing of it is left to credit.")
    return found


def _of_lines(left: InvoiceLeft, lines: Sequence[LineLeft]) -> Credited:
    """Return a credit of these lines: each with all that is left of it."""
    nets: dict[TaxTreatment, int] = {}
    for line in lines:
        nets[line.tax] = nets.get(line.tax, 0) + line.net_minor
    taxes = []
    for tax, net_minor in nets.items():
        whole = left.taxes[tax]
        if not min(0, whole.net_minor) <= net_minor <= max(0, whole.net_minor):
            raise MoreThanIsLeft(
                "Together these lines are more than what is left of the invoice, because other lines of it are"
                " credits. Credit those too, or an amount."
            )
        # Lines that cancel each other out take no tax, unless nothing else is left.
        if net_minor or not whole.net_minor:
            taken = take_net(whole, net_minor)
            taxes.append(TaxGroup(tax, taken.net_minor, taken.tax_minor))
    return Credited(
        tuple(_line(line, line.net_minor) for line in lines if line.net_minor) or _standing_for(lines),
        tuple(group for group in taxes if group.net_minor or group.tax_minor),
    )


def _standing_for(lines: Sequence[LineLeft]) -> tuple[DraftLine, ...]:
    """Return a line of nothing for a credit that is tax alone: it needs a line to stand on."""
    return tuple(_line(line, 0) for line in lines[:1])


def _of_amount(left: InvoiceLeft, gross_minor: int) -> Credited:
    """Return a credit of a gross amount: rates and lines of which something is left bear their parts."""
    if gross_minor > left.gross_minor:
        most = Money(left.gross_minor, left.currency)
        raise MoreThanIsLeft(f"Only {most} is left of the invoice. Credit that much at most.")
    if gross_minor <= 0:
        raise NothingToCredit("Say an amount that is more than nothing.")
    wholes = {tax: taxed for tax, taxed in left.taxes.items() if taxed.gross_minor > 0}
    shares = Money(gross_minor, left.currency).allocate([taxed.gross_minor for taxed in wholes.values()])
    lines: list[DraftLine] = []
    taxes: list[TaxGroup] = []
    for (tax, whole), share in zip(wholes.items(), shares, strict=True):
        taken = take_gross(whole, share.amount_minor)
        taxes.append(TaxGroup(tax, taken.net_minor, taken.tax_minor))
        lines += _spread(left, tax, taken.net_minor)
    return Credited(
        tuple(lines) or _standing_for(left.lines),
        tuple(group for group in taxes if group.net_minor or group.tax_minor),
    )


def _spread(left: InvoiceLeft, tax: TaxTreatment, net_minor: int) -> list[DraftLine]:
    """Return lines that share a net amount among the lines of a rate, in proportion to what is left of each."""
    bearing = [line for line in left.lines if line.tax == tax and line.net_minor > 0]
    if not bearing:
        return []
    shares = Money(net_minor, left.currency).allocate([line.net_minor for line in bearing])
    spread = [_line(line, share.amount_minor) for line, share in zip(bearing, shares, strict=True)]
    return [line for line in spread if line.amount_minor]


def _line(line: LineLeft, amount_minor: int) -> DraftLine:
    return DraftLine(amount_minor, line.tax, line.licence_name, line.text, of_position=line.position)
