"""Whose money came in: an incoming transfer compared with what is open. Plain Python on what was read.

What is certain is booked at once: a payer who writes an invoice's number means that invoice, whatever the amount. All
else is proposed, with the reason, and a person decides.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from uuid import UUID

from seatledger.engine.money import Money

# Of more open invoices than this no sums are tried: there would be too many, and one would fit by chance.
_MOST_ADDED_UP = 10


@dataclass(frozen=True)
class OpenInvoice:
    """An invoice of which something is to be paid."""

    id: UUID
    account_id: UUID
    reference: str
    open: Money


@dataclass(frozen=True)
class Credit:
    """Money that came in, with what the payer wrote. `payers` are the accounts that he is known as."""

    amount: Money
    remittance: str = ""
    payers: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class Part:
    """So much of the money settles an invoice."""

    invoice_id: UUID
    amount_minor: int


class Why(StrEnum):
    """Why an account is thought to have paid."""

    REFERENCE_AND_AMOUNT = "reference_and_amount"
    REFERENCE = "reference"  # the amount is another: a part is paid, or more than is open
    SETTLED_REFERENCE = "settled_reference"  # nothing of it is open any more: paid twice, perhaps
    PAYER_AND_AMOUNT = "payer_and_amount"
    PAYER = "payer"

    @property
    def in_words(self) -> str:
        """Return the reason as staff read it."""
        return _IN_WORDS[self]


_IN_WORDS = {
    Why.REFERENCE_AND_AMOUNT: "it names the invoice, and the amount is right",
    Why.REFERENCE: "it names the invoice, and the amount is another",
    Why.SETTLED_REFERENCE: "it names an invoice of which nothing is open, or invoices of several accounts",
    Why.PAYER_AND_AMOUNT: "the payer is known, and the amount is what is open",
    Why.PAYER: "the payer is known",
}


@dataclass(frozen=True)
class Match:
    """Whose the money is, and what it settles; what the parts leave over is the account's credit."""

    account_id: UUID
    parts: tuple[Part, ...]
    why: Why

    @property
    def is_certain(self) -> bool:
        """Say whether it is booked without a person."""
        return self.why in {Why.REFERENCE_AND_AMOUNT, Why.REFERENCE}


def find_references(remittance: str, prefixes: Collection[str]) -> list[str]:
    """Return the numbers of invoices that a text names, as they are printed, in its order.

    `prefixes` are those of the sellers' series. A payer may write `inv 12` or `INV/0012` for INV-12; INV-123 never is.
    """
    text = unicodedata.normalize("NFKC", remittance).upper()
    # The longest first, so that of two prefixes of which one ends with the other the whole one is found.
    patterns = [(prefix, _pattern_of(prefix)) for prefix in sorted(set(prefixes), key=len, reverse=True)]
    found: dict[int, str] = {}
    taken: list[range] = []
    for prefix, pattern in patterns:
        for place in pattern.finditer(text):
            if not any(place.start(1) in span for span in taken):
                found[place.start()] = f"{prefix}{place[1]}"
                taken.append(range(*place.span()))
    return list(dict.fromkeys(found[start] for start in sorted(found)))


def _pattern_of(prefix: str) -> re.Pattern[str]:
    words = re.findall(r"[A-Z0-9]+", prefix.upper())
    if not any(re.search("[A-Z]", word) for word in words):
        return re.compile(
            rf"(?<![A-Z0-9]){re.escape(prefix.upper())}0*([1-9]\d{{0,17}})(?![A-Z0-9])", re.ASCII
        )
    between = r"[^A-Z0-9]{0,3}"
    return re.compile(
        rf"(?<![A-Z0-9]){between.join(words)}{between}0*([1-9]\d{{0,17}})(?![A-Z0-9])", re.ASCII
    )


def find_matches(
    credit: Credit, *, named: Sequence[OpenInvoice], of_payers: Sequence[OpenInvoice] = ()
) -> list[Match]:
    """Return who may have paid what, the likeliest first; one that is certain stands alone.

    `named` are the invoices that the payer wrote (settled ones too, with nothing open), in his order; `of_payers` the
    open ones of the accounts he is known as, the first due first. Other currencies than the money's are left out.
    """
    currency = credit.amount.currency
    named = [invoice for invoice in named if invoice.open.currency == currency]
    by_account = _by_account(named)
    if len(by_account) == 1:
        return [_named_match(credit, *next(iter(by_account.items())))]
    proposed = [
        Match(account_id, _parts(invoices, credit.amount), Why.SETTLED_REFERENCE)
        for account_id, invoices in by_account.items()
    ]
    of_payers = [invoice for invoice in of_payers if invoice.open.currency == currency]
    return proposed + sorted(
        _payer_matches(credit, of_payers), key=lambda match: match.why != Why.PAYER_AND_AMOUNT
    )


def _named_match(credit: Credit, account_id: UUID, invoices: Sequence[OpenInvoice]) -> Match:
    whole = sum(invoice.open.amount_minor for invoice in invoices)
    if whole == 0:
        return Match(account_id, (), Why.SETTLED_REFERENCE)
    exact = whole == credit.amount.amount_minor
    return Match(
        account_id, _parts(invoices, credit.amount), Why.REFERENCE_AND_AMOUNT if exact else Why.REFERENCE
    )


def _payer_matches(credit: Credit, invoices: Sequence[OpenInvoice]) -> Iterator[Match]:
    for account_id, of_account in _by_account(invoices).items():
        exact = _that_add_up_to(of_account, credit.amount.amount_minor)
        if exact is None:
            yield Match(account_id, _parts(of_account, credit.amount), Why.PAYER)
        else:
            yield Match(account_id, _parts(exact, credit.amount), Why.PAYER_AND_AMOUNT)


def _that_add_up_to(invoices: Sequence[OpenInvoice], amount_minor: int) -> Sequence[OpenInvoice] | None:
    """Return the fewest invoices whose open amounts add up to it; None when none do, or when several choices would."""
    tried = invoices[:_MOST_ADDED_UP]
    for how_many in range(1, len(tried) + 1):
        fitting = [
            chosen
            for chosen in combinations(tried, how_many)
            if sum(invoice.open.amount_minor for invoice in chosen) == amount_minor
        ]
        if fitting:
            return fitting[0] if len(fitting) == 1 else None
    return None


def share_out(invoices: Sequence[tuple[UUID, int]], amount_minor: int) -> tuple[Part, ...]:
    """Return how an amount settles invoices, each with what is open of it, in their order and as far as it goes."""
    left, parts = amount_minor, []
    for invoice_id, open_minor in invoices:
        taken = min(left, open_minor)
        if taken:
            parts.append(Part(invoice_id, taken))
            left -= taken
    return tuple(parts)


def _parts(invoices: Sequence[OpenInvoice], amount: Money) -> tuple[Part, ...]:
    return share_out([(invoice.id, invoice.open.amount_minor) for invoice in invoices], amount.amount_minor)


def _by_account(invoices: Sequence[OpenInvoice]) -> Mapping[UUID, list[OpenInvoice]]:
    found: dict[UUID, list[OpenInvoice]] = {}
    for invoice in invoices:
        found.setdefault(invoice.account_id, []).append(invoice)
    return found
