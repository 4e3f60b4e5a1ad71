"""The next invoice, before there is one: on which day, how much, and why."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.drafts import Draft
from seatledger.domain.invoices.models import DocumentKind
from seatledger.domain.invoices.parties import NoSeller
from seatledger.domain.invoices.queries import preview_next
from seatledger.domain.invoices.taxes import TaxRuleMissing
from seatledger.domain.subscriptions.queries import get_subscription
from seatledger.faces.portal.quote_words import ToldLine, told_lines

# Of more customers than these, an overview tells the rest together.
MOST_CUSTOMERS = 8


@dataclass(frozen=True)
class NextInvoice:
    """What will be charged if nothing more happens, in minor units; a credit note is `is_credit`."""

    on: date
    currency: str
    lines: tuple[ToldLine, ...]
    tax_minor: int
    total_minor: int
    is_credit: bool


def next_invoice_of(account: Account, *, at: datetime) -> NextInvoice | None:
    """Return the account's next document, or None when none is to come or it is not known who sells.

    What is on it for a provider's customers is one amount for each of them, and one for those beyond the first few.
    """
    draft = find_next_draft(account, at=at)
    if draft is None:
        return None
    return replace(told(draft), lines=_by_customer(draft))


def find_next_draft(account: Account, *, at: datetime) -> Draft | None:
    """Return the account's next document as it will be, or None as `next_invoice_of`."""
    if get_subscription(account) is None and not account.is_provider:
        return None
    try:
        return preview_next(account, at=at)
    except (NoSeller, TaxRuleMissing):
        # The vendor has not finished setting up; an overview is no place to tell customers of it.
        return None


def told(draft: Draft) -> NextInvoice:
    """Return a document to come with all its lines."""
    is_credit = draft.kind == DocumentKind.CREDIT_NOTE
    sign = -1 if is_credit else 1
    return NextInvoice(
        on=draft.dated_on,
        currency=draft.currency,
        lines=told_lines(draft),
        tax_minor=sign * draft.tax_minor,
        total_minor=sign * draft.total_minor,
        is_credit=is_credit,
    )


def _by_customer(draft: Draft) -> tuple[ToldLine, ...]:
    """Return the lines, with what is for one customer of a provider added up."""
    lines = told_lines(draft)
    sums: dict[str, list[int]] = {}
    for line, shown in zip(draft.lines, lines, strict=True):
        if line.charge and line.text:
            sums.setdefault(line.text, []).append(shown.amount_minor)
    own = [shown for line, shown in zip(draft.lines, lines, strict=True) if not (line.charge and line.text)]
    each = [ToldLine(name, _counted(len(parts)), sum(parts), ()) for name, parts in sums.items()]
    first, rest = each[:MOST_CUSTOMERS], each[MOST_CUSTOMERS:]
    if len(rest) > 1:
        amount = sum(line.amount_minor for line in rest)
        rest = [ToldLine(f"{len(rest):,} further customers", "", amount, ())]
    return (*own, *first, *rest)


def _counted(lines: int) -> str:
    return "1 line" if lines == 1 else f"{lines:,} lines"
