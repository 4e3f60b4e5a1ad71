"""Drafts: what a document will be, before it is stored and has a number."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from types import MappingProxyType
from typing import Any, NamedTuple, Self
from uuid import UUID, uuid4

from seatledger.domain.invoices.models import DocumentKind
from seatledger.domain.invoices.parties import Parties
from seatledger.domain.invoices.taxes import TaxTreatment, tax_on
from seatledger.domain.invoices.workings import write_working
from seatledger.engine.lines import Area, Line


class Charge(NamedTuple):
    """What a line of the engine is charged for: its item's pool, and how often the period was billed before.

    `amount_minor` is the line's, worked out once. `part` tells the lines of one item, period and revision apart. The item's id stands in the line.
    """

    pool_id: str
    licence_name: str
    line: Line
    revision: int
    part: int
    amount_minor: int

    @property
    def is_credit(self) -> bool:
        """Say whether it takes back what was charged before."""
        return self.amount_minor < 0 if isinstance(self.line.shape, Area) else self.line.is_credit


class DraftLine(NamedTuple):
    """One net amount, in minor units and with the document's sign.

    It has the engine's `charge`, whose `text` is the provider's customer it is for, or a `text` that a person wrote. `of_position` is the line of the corrected invoice
    that a credit is for.
    """

    amount_minor: int
    tax: TaxTreatment
    licence_name: str = ""
    text: str = ""
    charge: Charge | None = None
    of_position: int | None = None


class TaxGroup(NamedTuple):
    """What a document's lines at one rate add up to, and the tax on it."""

    tax: TaxTreatment
    net_minor: int
    tax_minor: int


@dataclass(frozen=True)
class Draft:
    """A document to be. Amounts of a credit note are positive and count for the customer.

    `taxes` are the net amounts by rate, with the tax on each: of new charges what `taxes_of` says.
    """

    account_id: UUID
    seller_id: UUID
    kind: DocumentKind
    currency: str
    dated_on: date
    due_on: date
    lines: tuple[DraftLine, ...]
    taxes: tuple[TaxGroup, ...]
    billed_to: Mapping[str, Any] = field(default_factory=dict)
    sold_by: Mapping[str, Any] = field(default_factory=dict)
    corrects_id: UUID | None = None
    reason: str = ""

    @property
    def net_minor(self) -> int:
        return sum([group.net_minor for group in self.taxes])

    @property
    def tax_minor(self) -> int:
        return sum([group.tax_minor for group in self.taxes])

    @property
    def total_minor(self) -> int:
        return self.net_minor + self.tax_minor


class StoredDraft(NamedTuple):
    """A document that is stored and has no number yet."""

    id: UUID
    account_id: UUID
    seller_id: UUID
    kind: DocumentKind
    currency: str
    dated_on: date
    total_minor: int
    corrects_id: UUID | None = None

    @classmethod
    def of(cls, draft: Draft) -> Self:
        """Return what a draft is to be stored as, with an id of its own."""
        return cls(
            uuid4(),
            draft.account_id,
            draft.seller_id,
            draft.kind,
            draft.currency,
            draft.dated_on,
            draft.total_minor,
            draft.corrects_id,
        )


def draft_charges(
    charges: Sequence[Charge],
    *,
    on: date,
    currency: str,
    parties: Parties,
    taxed: Mapping[tuple[str, date], TaxTreatment],
    customers: Mapping[str, str] = MappingProxyType({}),
) -> Draft:
    """Return the document that charges make on a day: a credit note when they add up to less than nothing.

    `taxed` says at which tax a period was charged, by item and first day (`taxed.read_taxed`): what is credited of it is
    credited at that tax. `customers` names, by item, whose licences they are where those are a provider's customer's.
    Raises TaxRuleMissing when the day's rate of tax is not known.
    """
    today = parties.tax_on(on)
    taxes = [_tax_of(charge, taxed) or today for charge in charges] if taxed else [today] * len(charges)
    pairs = list(zip(charges, taxes, strict=True))
    lines = _lines_of(pairs, customers, sign=1)
    groups = taxes_of(lines)
    is_credit = sum(group.net_minor + group.tax_minor for group in groups) < 0
    if is_credit:
        lines = _lines_of(pairs, customers, sign=-1)
        groups = taxes_of(lines)
    return Draft(
        account_id=parties.account.pk,
        seller_id=parties.seller.pk,
        kind=DocumentKind.CREDIT_NOTE if is_credit else DocumentKind.INVOICE,
        currency=currency,
        dated_on=on,
        # What is owed to the customer is his from its day on.
        due_on=on if is_credit else parties.due_on(on),
        lines=lines,
        taxes=groups,
        billed_to=parties.billed_to(),
        sold_by=parties.sold_by,
    )


def _tax_of(charge: Charge, taxed: Mapping[tuple[str, date], TaxTreatment]) -> TaxTreatment | None:
    if not charge.is_credit:
        return None
    return taxed.get((charge.line.item, charge.line.scale.period.starts_on))


def _lines_of(
    pairs: Sequence[tuple[Charge, TaxTreatment]], customers: Mapping[str, str], *, sign: int
) -> tuple[DraftLine, ...]:
    return tuple(
        [
            DraftLine(
                sign * charge.amount_minor,
                tax,
                charge.licence_name,
                customers.get(charge.line.item, "") if customers else "",
                charge,
            )
            for charge, tax in pairs
        ]
    )


def taxes_of(lines: Sequence[DraftLine]) -> tuple[TaxGroup, ...]:
    """Return the net amounts of new charges by rate of tax, and the tax on each sum, rounded once."""
    nets: dict[TaxTreatment, int] = {}
    for tax, of_one in groupby(lines, key=attrgetter("tax")):
        nets[tax] = nets.get(tax, 0) + sum([line.amount_minor for line in of_one])
    return tuple([TaxGroup(tax, net, tax_on(net, tax.percent)) for tax, net in nets.items()])


def digest_of(draft: Draft) -> str:
    """Return the SHA-256 of what a draft charges, in hex: two drafts that agree on every figure have the same.

    What a person confirmed is compared by it with what would be charged now.
    """
    content = [
        str(draft.account_id),
        draft.kind.value,
        draft.currency,
        draft.dated_on.isoformat(),
        draft.due_on.isoformat(),
        draft.total_minor,
        [
            [group.tax.kind, _plain(group.tax.percent), group.net_minor, group.tax_minor]
            for group in draft.taxes
        ],
        [_content_of(line) for line in draft.lines],
    ]
    return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()


def _content_of(line: DraftLine) -> Sequence[object]:
    said = [line.amount_minor, line.tax.kind, _plain(line.tax.percent), line.licence_name, line.text]
    if line.charge is None:
        return said
    period = line.charge.line.scale.period
    return [
        *said,
        line.charge.line.item,
        period.starts_on.isoformat(),
        period.ends_on.isoformat(),
        *write_working(line.charge.line),
    ]


def _plain(percent: Decimal) -> str:
    """Return 20 for 20.000, so that what was typed and what was stored read alike."""
    return f"{percent.normalize():f}"
