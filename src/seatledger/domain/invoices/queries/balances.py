"""What an account owes, invoice by invoice and in all, and what it has in hand."""

from django.db.models import Sum

from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.models import BalanceEntry, DocumentKind, Issue


def get_balance(account: Account) -> int:
    """Return what the account owes by its statement, in minor units; negative when it has credit."""
    newest = BalanceEntry.objects.filter(account=account).order_by("-sequence").first()
    return newest.balance_minor if newest else 0


def list_open_invoices(account: Account) -> list[Issue]:
    """Return the invoices of which something is to be paid, the first due first."""
    is_open = Issue.objects.filter(account=account, open_minor__gt=0, document__kind=DocumentKind.INVOICE)
    return list(is_open.select_related("document").order_by("document__due_on", "issued_at", "number"))


def credit_balance(account: Account) -> int:
    """Return what of the account's credit notes is not used, in minor units."""
    unused = Issue.objects.filter(account=account, open_minor__gt=0, document__kind=DocumentKind.CREDIT_NOTE)
    return unused.aggregate(sum=Sum("open_minor"))["sum"] or 0
