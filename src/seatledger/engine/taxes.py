"""Tax: what is due on net amounts, rounded once for each rate of a document."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from seatledger.engine.money import round_to_whole
from seatledger.engine.prices import Exact


class TaxRate(NamedTuple):
    """A share of the net, in percent, and the reason it applies: a category code of EN 16931 such as `S`."""

    kind: str
    percent: Exact


@dataclass(frozen=True, slots=True)
class Taxed:
    """What is charged, left or credited at one rate: net and tax, in minor units."""

    rate: TaxRate
    net_minor: int
    tax_minor: int

    @property
    def gross_minor(self) -> int:
        return self.net_minor + self.tax_minor

    def less(self, part: "Taxed") -> "Taxed":
        """Return what is left when `part`, of the same rate, is taken away."""
        return Taxed(self.rate, self.net_minor - part.net_minor, self.tax_minor - part.tax_minor)


def tax_of(net_minor: int, percent: Exact) -> int:
    """Return the tax on a net amount, rounded once, halves away from zero.

    Source: EN 16931-1, rule BR-CO-17.
    """
    return round_to_whole(net_minor * percent, divisor=100)


def tax_by_rate(nets: Iterable[tuple[TaxRate, int]]) -> tuple[Taxed, ...]:
    """Return net and tax of a document by rate, in the order in which the rates first appear.

    The nets of one rate are added up first, and the tax is worked out on their sum.
    """
    sums: dict[TaxRate, int] = {}
    for rate, net_minor in nets:
        sums[rate] = sums.get(rate, 0) + net_minor
    return tuple(Taxed(rate, net, tax_of(net, rate.percent)) for rate, net in sums.items())


def share_tax(nets: Sequence[tuple[TaxRate, int]]) -> tuple[int, ...]:
    """Return each line's share of the tax of its document; the shares of a rate add up to the rate's tax.

    A share is the tax of the lines of its rate so far, less that of the lines before.
    """
    so_far: dict[TaxRate, int] = {}
    shares = []
    for rate, net_minor in nets:
        before = so_far.get(rate, 0)
        so_far[rate] = before + net_minor
        shares.append(tax_of(before + net_minor, rate.percent) - tax_of(before, rate.percent))
    return tuple(shares)


def take_net(left: Taxed, net_minor: int) -> Taxed:
    """Return what a credit of a net amount takes of `left`: the tax of what was left, less that of what then is.

    So all that is taken together is exactly what there was. `net_minor` lies between nothing and what is left.
    """
    assert min(0, left.net_minor) <= net_minor <= max(0, left.net_minor), "no more than is left"
    tax_after = tax_of(left.net_minor - net_minor, left.rate.percent)
    # What credits of gross amounts have left of the tax may be a minor unit less than the net would bear.
    tax_after = min(tax_after, left.tax_minor, key=abs)
    return Taxed(left.rate, net_minor, left.tax_minor - tax_after)


def take_gross(left: Taxed, gross_minor: int) -> Taxed:
    """Return what a credit of a gross amount takes of `left`, net and tax together exactly `gross_minor`.

    The tax that stays is the share of tax in the gross that stays, so that every amount can be had: at 20 %, no net
    of whole pence has a gross of 0.03. `gross_minor` lies between zero and what is left.
    """
    assert 0 <= gross_minor <= left.gross_minor, "no more than is left"
    gross_after = left.gross_minor - gross_minor
    tax_after = min(_share_of_tax(gross_after, left.rate), left.tax_minor)
    net_after = min(gross_after - tax_after, left.net_minor)
    return Taxed(left.rate, left.net_minor - net_after, left.tax_minor - (gross_after - net_after))


def split_gross(gross_minor: int, rate: TaxRate) -> Taxed:
    """Return a gross amount as net and tax: the tax is its share of the whole, rounded once."""
    tax_minor = _share_of_tax(gross_minor, rate)
    return Taxed(rate, gross_minor - tax_minor, tax_minor)


def _share_of_tax(gross_minor: int, rate: TaxRate) -> int:
    percent = Fraction(rate.percent)
    return round_to_whole(gross_minor * percent / (100 + percent))
