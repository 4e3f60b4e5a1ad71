"""Who is asked for what, and whose turn it is."""

from datetime import date, datetime, timedelta
from typing import Final

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.models import Document, DocumentKind, Issue
from seatledger.domain.payments.gateways.registry import gateway_names
from seatledger.domain.payments.models import Dunning, MethodKind, PaymentMethod

# Every page asks for this, mostly to hear that there are none: rows, not models.
_ASKED_FOR: Final = """
SELECT issue.reference FROM payments_dunning dunning JOIN invoices_issue issue ON issue.document_id = dunning.invoice_id
WHERE dunning.account_id = %s AND dunning.ended_at IS NULL ORDER BY dunning.begun_at, dunning.id
"""


def list_references_asked_for(account: Account) -> list[str]:
    """Return the references of the invoices that the account is asked to pay now, the longest asked for first."""
    with connection.cursor() as cursor:
        cursor.execute(_ASKED_FOR, [account.pk])
        return [reference for (reference,) in cursor.fetchall()]


def list_dunnings_due_for_operator(at: datetime, *, limit: int = 500) -> list[Dunning]:
    """Return the dunnings of every account whose next step is due, or whose invoice is settled."""
    running = Dunning.objects.filter(ended_at__isnull=True, account__closed_at__isnull=True)
    due = running.filter(Q(next_at__lte=at) | Q(invoice__issue__open_minor=0))
    return list(due.select_related("account").order_by("next_at", "pk")[:limit])


def is_overdue(account: Account, invoice: Document, *, today: date) -> bool:
    """Say whether an invoice that no gateway will charge is past its due date, and nobody asked for it yet."""
    return (
        _unpaid_by_transfer().filter(account=account, document=invoice, document__due_on__lt=today).exists()
    )


def list_overdue_for_operator(at: datetime, *, limit: int = 500) -> list[Document]:
    """Return invoices that no gateway will charge and that may be past their due date somewhere on earth."""
    late = _unpaid_by_transfer().filter(document__due_on__lt=at.date() + timedelta(days=1))
    rows = late.select_related("document__account").order_by("document__due_on", "pk")[:limit]
    return [issue.document for issue in rows]


def list_expiring_cards_for_operator(at: datetime) -> list[PaymentMethod]:
    """Return the default cards that are good to the end of this month or the next."""
    months = {((at + timedelta(days=days)).year, (at + timedelta(days=days)).month) for days in (-1, 1, 31)}
    expiring = Q(pk__in=[])
    for year, month in months:
        expiring |= Q(expires_year=year, expires_month=month)
    cards = PaymentMethod.objects.filter(
        expiring, kind=MethodKind.CARD, is_default=True, removed_at__isnull=True
    )
    return list(cards.select_related("account").order_by("pk"))


def _unpaid_by_transfer() -> QuerySet[Issue]:
    chargeable = PaymentMethod.objects.filter(
        account=OuterRef("account"), is_default=True, removed_at__isnull=True, gateway__in=gateway_names()
    )
    dunned = Dunning.objects.filter(invoice=OuterRef("document"))
    is_open = Issue.objects.filter(
        open_minor__gt=0, document__kind=DocumentKind.INVOICE, account__closed_at__isnull=True
    )
    return is_open.filter(~Exists(chargeable), ~Exists(dunned))
