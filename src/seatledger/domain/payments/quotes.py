"""Quotes: what a change of a subscription costs, told before it is confirmed.

A quote is the change itself, made and undone (`invoices.queries.preview_after`), so it cannot differ from what is charged.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.drafts import Draft, digest_of
from seatledger.domain.invoices.models import DocumentKind
from seatledger.domain.invoices.queries import preview_after


@dataclass(frozen=True)
class Quote:
    """What is charged once a change was made, in minor units of the account's currency.

    `due` are the documents of the days up to today; `due_anyway` those there would be without the change. `following` is
    the first document after them, if nothing more happens. `about` says what is changed, and from what.
    """

    about: tuple[str, ...]
    currency: str
    due: tuple[Draft, ...]
    due_anyway: tuple[Draft, ...]
    following: Draft | None

    @property
    def net_minor(self) -> int:
        """What the change costs now, before tax; negative when it is a credit."""
        return _net(self.due) - _net(self.due_anyway)

    @property
    def tax_minor(self) -> int:
        return self.total_minor - self.net_minor

    @property
    def total_minor(self) -> int:
        return _total(self.due) - _total(self.due_anyway)

    @property
    def due_tax_minor(self) -> int:
        """The tax on all that is due today, with the change and without it."""
        return self.due_total_minor - _net(self.due)

    @property
    def due_total_minor(self) -> int:
        """All that is due today, with the change and without it, tax included."""
        return _total(self.due)

    @property
    def digest(self) -> str:
        """The SHA-256, in hex, of everything the quote says: who confirms it confirms these figures and no others."""
        drafts = [*self.due, *([self.following] if self.following else [])]
        content = [*self.about, self.currency, len(self.due), *map(digest_of, drafts)]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def quote(account: Account, change: Callable[[], object], *, about: Sequence[object], at: datetime) -> Quote:
    """Return what `change` would cost at `at`. Raises what the change itself refuses, NoSeller and TaxRuleMissing."""
    anyway = preview_after(account, lambda: None, at=at)
    changed = preview_after(account, change, at=at)
    return Quote(
        about=tuple(map(str, about)),
        currency=account.currency,
        due=changed.due,
        due_anyway=anyway.due,
        following=changed.following,
    )


def signed_minor(draft: Draft, amount_minor: int) -> int:
    """Return an amount of a document as the customer owes it: a credit note's is negative."""
    return -amount_minor if draft.kind == DocumentKind.CREDIT_NOTE else amount_minor


def _net(drafts: Sequence[Draft]) -> int:
    return sum(signed_minor(draft, draft.net_minor) for draft in drafts)


def _total(drafts: Sequence[Draft]) -> int:
    return sum(signed_minor(draft, draft.total_minor) for draft in drafts)
