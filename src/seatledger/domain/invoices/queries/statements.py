"""The account's statement: everything that moved its balance, and how it stands."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Min, OuterRef, Q, Sum

from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.models import BalanceEntry, DocumentKind, Issue
from seatledger.domain.invoices.queries.documents import write_off_of


def list_transactions(account: Account, *, before: int | None = None, limit: int = 50) -> list[BalanceEntry]:
    """Return what moved the account's balance, newest first, beginning below the entry number `before`.

    Each has its document with number and void, and says in `was_written_off` whether that was given up.
    """
    entries = BalanceEntry.objects.filter(account=account)
    if before is not None:
        entries = entries.filter(sequence__lt=before)
    entries = entries.select_related("document__issue", "document__void")
    entries = entries.annotate(was_written_off=write_off_of(OuterRef("document")))
    return list(entries.order_by("-sequence")[:limit])


@dataclass(frozen=True)
class Standing:
    """What an account owes, in minor units of its currency: open invoices, those that are late, and unused credit.

    `due_on` is the earliest day by which something of it is to be paid; None when nothing is open.
    """

    open_minor: int
    overdue_minor: int
    credit_minor: int
    due_on: date | None


def get_standing(account: Account, *, on: date) -> Standing:
    """Return how the account stands on a day."""
    invoice, late = Q(document__kind=DocumentKind.INVOICE), Q(document__due_on__lt=on)
    found = Issue.objects.filter(account=account, open_minor__gt=0).aggregate(
        open=Sum("open_minor", filter=invoice),
        overdue=Sum("open_minor", filter=invoice & late),
        credit=Sum("open_minor", filter=~invoice),
        due_on=Min("document__due_on", filter=invoice),
    )
    return Standing(found["open"] or 0, found["overdue"] or 0, found["credit"] or 0, found["due_on"])
