"""Safety bounds: what is out of proportion to an account's past waits for a person before it is issued.

A slip of one digit in a number of licences or in a price makes an invoice that nobody meant. By itself nothing above
`least` is issued that is more than `times` the largest of the account's newest documents; for an account without a past
the bound is `first`. What a person confirms is not bounded.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import connection

from seatledger.domain.invoices.billing import DueOfAccount
from seatledger.domain.invoices.drafts import Draft
from seatledger.engine.currencies import exponent_of
from seatledger.engine.money import Money

# A year of monthly invoices.
_NEWEST: Final = 12
_LARGEST = """
SELECT wanted.account_id, max(newest.net_minor) FROM unnest(%s::uuid[]) AS wanted (account_id)
CROSS JOIN LATERAL (
  SELECT net_minor FROM invoices_document document JOIN invoices_issue issue ON issue.document_id = document.id
  WHERE document.account_id = wanted.account_id ORDER BY document.dated_on DESC, document.id DESC LIMIT %s
) newest GROUP BY wanted.account_id
"""


@dataclass(frozen=True, slots=True)
class Bounds:
    """In major units of the account's currency; `times` is a factor."""

    times: int
    least: int
    first: int


@dataclass(frozen=True, slots=True)
class OutOfBounds:
    """A draft that waits, and why."""

    draft: Draft
    because: str


def find_out_of_bounds(due: Collection[DueOfAccount]) -> dict[UUID, OutOfBounds]:
    """Return the first draft of each account that is out of proportion to what the account was charged before."""
    bounds = Bounds(**settings.SEATLEDGER_BILLING_BOUNDS)
    # A provider's bill for its customers grows with every customer, and holding it back would hold back all of theirs.
    alone = [of_one for of_one in due if not of_one.is_for_customers]
    large = [of_one for of_one in alone if any(_is_large(draft, bounds) for draft in of_one.drafts)]
    largest = _read_largest([of_one.account.pk for of_one in large])
    found = {}
    for of_one in large:
        out = _first_out_of(of_one.drafts, bounds, largest.get(of_one.account.pk))
        if out:
            found[of_one.account.pk] = out
    return found


def weight_of(draft: Draft) -> int:
    """Return the largest amount that a draft moves, in minor units: its net total or one of its lines."""
    return max(draft.net_minor, *(abs(line.amount_minor) for line in draft.lines))


def _is_large(draft: Draft, bounds: Bounds) -> bool:
    return weight_of(draft) > min(bounds.least, bounds.first) * _unit(draft)


def _unit(draft: Draft) -> int:
    """Return how many minor units a major one has."""
    return int(10 ** exponent_of(draft.currency))


def _first_out_of(drafts: Sequence[Draft], bounds: Bounds, largest_minor: int | None) -> OutOfBounds | None:
    for draft in drafts:
        weight, unit = weight_of(draft), _unit(draft)
        if largest_minor is None:
            bound = bounds.first * unit
        else:
            bound = max(bounds.least * unit, bounds.times * largest_minor)
        if weight > bound:
            return OutOfBounds(draft, _in_words(draft, weight, bound))
        largest_minor = max(draft.net_minor, largest_minor or 0)
    return None


def _in_words(draft: Draft, weight: int, bound: int) -> str:
    moved, allowed = Money(weight, draft.currency), Money(bound, draft.currency)
    return (
        f"The {draft.kind.label.lower()} of {draft.dated_on} moves {moved}; by its past, up to {allowed} is issued by itself. "
        "Release it or discard it."
    )


def _read_largest(account_ids: Collection[UUID]) -> Mapping[UUID, int]:
    if not account_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_LARGEST, [list(account_ids), _NEWEST])
        return dict(cursor.fetchall())
