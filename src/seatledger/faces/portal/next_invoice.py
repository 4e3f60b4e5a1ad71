"""The next invoice, before there is one: on which day, how much, and why."""

from dataclasses import dataclass
from datetime import date, datetime

from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.models import DocumentKind
from seatledger.domain.invoices.parties import NoSeller
from seatledger.domain.invoices.queries import preview_next
from seatledger.domain.invoices.taxes import TaxRuleMissing
from seatledger.domain.subscriptions.queries import get_subscription
from seatledger.faces.portal.quote_words import ToldLine, told_lines


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
    """Return the account's next document, or None when none is to come or it is not known who sells."""
    if get_subscription(account) is None:
        return None
    try:
        draft = preview_next(account, at=at)
    except (NoSeller, TaxRuleMissing):
        # The vendor has not finished setting up; an overview is no place to tell customers of it.
        return None
    if draft is None:
        return None
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
