"""Which tax an account is charged, and how it is written on documents.

The cases, in their order: exempt by leave of staff; within the seller's country, or no country known yet: the rate there;
another country of the EU with a VAT number: reverse charge; another without one: the rate there; outside: no tax.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from operator import attrgetter
from typing import NamedTuple, TypedDict
from uuid import UUID

from seatledger.domain.invoices.countries import EU, taxed_as
from seatledger.domain.invoices.models import BillingDetails, Seller, TaxKind, TaxRule
from seatledger.engine.prices import Exact, exact
from seatledger.engine.taxes import Taxed, TaxRate
from seatledger.engine.taxes import tax_of as tax_of_exact
from seatledger.shared.errors import Refused

REVERSE_CHARGE = (
    "Reverse charge: the recipient accounts for VAT (Articles 44 and 196 of Council Directive 2006/112/EC)."
)
EXPORT = "Supplied to a recipient outside the tax area of the seller: no VAT is charged."
_NOTHING = Decimal(0)


class TaxRuleMissing(Refused):
    """The seller's file gives no rate for a country and day."""

    code = "tax_rule_missing"


class TaxTreatment(NamedTuple):
    """How an account is taxed: a category code of EN 16931, the rate in percent, and what the document must say of it."""

    kind: str
    percent: Decimal
    note: str = ""

    @property
    def rate(self) -> TaxRate:
        return TaxRate(self.kind, _exact(self.percent))


@dataclass(frozen=True)
class TaxRules:
    """The rates of some sellers: by seller and country, each with the day from which it holds, the newest first."""

    rules: Mapping[tuple[UUID, str], Sequence[tuple[date, TaxTreatment]]]

    @classmethod
    def of(cls, rows: Iterable[TaxRule]) -> "TaxRules":
        rules: dict[tuple[UUID, str], list[tuple[date, TaxTreatment]]] = defaultdict(list)
        for row in sorted(rows, key=attrgetter("effective_on"), reverse=True):
            # One for all documents that it stands on: they know it by its identity.
            treatment = TaxTreatment(row.kind, row.percent)
            rules[row.seller_id, row.country].append((row.effective_on, treatment))
        return cls(rules)

    def treatment_of(self, seller: Seller, details: BillingDetails | None, *, on: date) -> TaxTreatment:
        """Return how what `seller` charges on a day is taxed. `details` None: nothing is known of the account yet.

        Raises TaxRuleMissing when the rate of a country is not known on that day.
        """
        if details and details.exempt_reason:
            return TaxTreatment(TaxKind.EXEMPT.value, _NOTHING, details.exempt_reason)
        home = taxed_as(seller.country)
        country = taxed_as(details.country) if details and details.country else home
        if country == home:
            return self._rate_in(country, seller, on)
        if not {country, home} <= EU:
            # Without a VAT number of its own a seller is not within the tax at all.
            kind = TaxKind.EXPORT if seller.vat_number else TaxKind.OUT_OF_SCOPE
            return TaxTreatment(kind.value, _NOTHING, EXPORT)
        if details and details.vat_number and seller.vat_number:
            return TaxTreatment(TaxKind.REVERSE_CHARGE.value, _NOTHING, REVERSE_CHARGE)
        return self._rate_in(country, seller, on)

    def _rate_in(self, country: str, seller: Seller, on: date) -> TaxTreatment:
        for effective_on, treatment in self.rules.get((seller.pk, country), ()):
            if effective_on <= on:
                return treatment
        raise TaxRuleMissing(
            f"No rate of tax is known for {country} on {on}. Add it to the file of “{seller.key}” and apply it:"
            " seatledger seller apply FILE."
        )


def read_tax_rules(seller_ids: Collection[UUID]) -> TaxRules:
    """Return the rates of these sellers, read in one statement."""
    return TaxRules.of(TaxRule.objects.filter(seller__in=seller_ids))


def treatment_of(seller: Seller, details: BillingDetails | None, *, on: date) -> TaxTreatment:
    """Return how one account is taxed on a day (see `TaxRules.treatment_of`, which serves many)."""
    return read_tax_rules([seller.pk]).treatment_of(seller, details, on=on)


def tax_on(net_minor: int, percent: Decimal) -> int:
    """Return the tax on a net amount of one rate, rounded once; both in minor units."""
    return tax_of_exact(net_minor, _exact(percent))


@cache
def _exact(percent: Decimal) -> Exact:
    return exact(Fraction(percent))


class StoredTax(TypedDict):
    """One rate of a document, as `Document.taxes` holds it."""

    kind: str
    percent: str
    net_minor: int
    tax_minor: int
    note: str


def write_tax(tax: TaxTreatment, net_minor: int, tax_minor: int) -> str:
    """Return one rate of a document as it is stored, as JSON text of a `StoredTax`."""
    return f'{_write_treatment(tax)}, "net_minor": {net_minor}, "tax_minor": {tax_minor}}}'


# Few treatments stand on many documents.
@lru_cache(maxsize=4096)
def _write_treatment(tax: TaxTreatment) -> str:
    """Return what a `StoredTax` begins with; 20.000 % is written 20."""
    said = {"kind": tax.kind, "percent": f"{tax.percent.normalize():f}", "note": tax.note}
    return json.dumps(said).removesuffix("}")


def read_tax(stored: StoredTax) -> tuple[TaxTreatment, Taxed]:
    """Return what `write_tax` wrote: the treatment, and the amounts for the engine."""
    tax = TaxTreatment(stored["kind"], Decimal(stored["percent"]), stored["note"])
    return tax, Taxed(tax.rate, stored["net_minor"], stored["tax_minor"])
