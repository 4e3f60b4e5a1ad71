"""Which invoices are to be collected, and which payments are to be asked after."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.models import Document, DocumentKind, Issue
from seatledger.domain.payments.gateways.interface import ANSWER_WITHIN_S
from seatledger.domain.payments.gateways.registry import gateway_names
from seatledger.domain.payments.models import (
    Dispute,
    DisputeState,
    Dunning,
    GatewayNotice,
    Payment,
    PaymentMethod,
    PaymentState,
    Refund,
    RefundState,
    Setup,
    SetupState,
)

SURELY_ANSWERED: Final = timedelta(seconds=2 * ANSWER_WITHIN_S)
# The job that asks was queued with the payment; this is for one that was lost all the same.
SURELY_ASKED: Final = timedelta(minutes=5)
# What a gateway said it would tell later is asked after in case it does not.
ASKED_AFTER_EVERY: Final = timedelta(minutes=10)


def is_to_collect(account: Account, invoice: Document) -> bool:
    """Say whether an invoice is to be taken by the account's default method now."""
    return _to_collect().filter(account=account, document=invoice).exists()


def list_to_collect(account: Account) -> list[Document]:
    """Return the account's invoices that are to be taken by its default method now, by id."""
    rows = _to_collect().filter(account=account).select_related("document__account").order_by("document")
    return [issue.document for issue in rows]


def has_payment_under_way(account: Account) -> bool:
    """Say whether money may still come by itself: not where the customer would have to agree to it first."""
    live = Payment.objects.filter(account=account, is_live=True)
    return live.exclude(state=PaymentState.NEEDS_CUSTOMER).exists()


def list_to_collect_for_operator(*, after: UUID | None = None, limit: int = 500) -> list[Document]:
    """Return invoices that are to be collected, of every account, by id, beginning behind `after`."""
    issues = _to_collect().filter(document__gt=after) if after else _to_collect()
    rows = issues.select_related("document__account").order_by("document")[:limit]
    return [issue.document for issue in rows]


def _to_collect() -> QuerySet[Issue]:
    """Return what is open of invoices whose account pays by a gateway, and that were not tried yet.

    What failed once is dunning's business. What is paid by transfer is left to the bank.
    """
    default = PaymentMethod.objects.filter(
        account=OuterRef("account"), is_default=True, removed_at__isnull=True, gateway__in=gateway_names()
    )
    dunned = Dunning.objects.filter(invoice=OuterRef("document"))
    live = Payment.objects.filter(document=OuterRef("document"), is_live=True)
    is_open = Issue.objects.filter(
        open_minor__gt=0, document__kind=DocumentKind.INVOICE, account__closed_at__isnull=True
    )
    return is_open.filter(Exists(default), ~Exists(dunned), ~Exists(live))


def list_to_resolve_for_operator(at: datetime, *, limit: int = 500) -> list[Payment]:
    """Return the payments whose gateway is to be asked what became of them, the longest unasked first."""
    waits = Q(state__in=(PaymentState.PENDING, PaymentState.NEEDS_CUSTOMER))
    due = (
        Q(state=PaymentState.INTENDED, intended_at__lt=at - SURELY_ASKED)
        | Q(state=PaymentState.SENT, sent_at__lt=at - SURELY_ANSWERED)
        | Q(state=PaymentState.UNKNOWN)
        | waits & Q(asked_at__lt=at - ASKED_AFTER_EVERY)
    )
    rows = Payment.objects.filter(due, is_live=True).select_related("account", "method", "document__issue")
    return list(rows.order_by(Coalesce(F("asked_at"), F("intended_at")), "pk")[:limit])


def list_unknown_for_staff(*, older_than: timedelta = timedelta(minutes=30), at: datetime) -> list[Payment]:
    """Return the payments of every account whose outcome has not been known for so long, the oldest first."""
    unknown = Payment.objects.filter(
        state__in=(PaymentState.SENT, PaymentState.UNKNOWN), sent_at__lt=at - older_than
    )
    return list(unknown.select_related("account", "method", "document__issue").order_by("sent_at", "pk"))


def get_payment_for_operator(payment_id: UUID) -> Payment:
    """Return a payment of any account with what a gateway is told of it."""
    return Payment.objects.select_related("account", "method", "document__issue").get(pk=payment_id)


def list_setups_to_resolve_for_operator(at: datetime, *, limit: int = 500) -> list[Setup]:
    """Return the setups whose customer did not come back and of which nobody told: they are asked after hourly."""
    forgotten = Setup.objects.filter(state=SetupState.OPEN, begun_at__lt=at - SURELY_ASKED)
    return list(forgotten.select_related("account").order_by("begun_at", "pk")[:limit])


def list_refunds_to_resolve_for_operator(at: datetime, *, limit: int = 500) -> list[Refund]:
    """Return the refunds whose gateway is to be asked what became of them; those made by hand are the staff's."""
    due = (
        Q(state=RefundState.INTENDED, intended_at__lt=at - SURELY_ASKED)
        | Q(state=RefundState.SENT, sent_at__lt=at - SURELY_ANSWERED)
        | Q(state__in=(RefundState.UNKNOWN, RefundState.PENDING))
    )
    rows = Refund.objects.filter(due, payment__gateway__in=gateway_names())
    return list(rows.select_related("payment", "account").order_by("intended_at", "pk")[:limit])


def list_open_disputes_for_operator() -> list[Dispute]:
    """Return the disputes of every account that are not decided, the oldest first."""
    still_open = Dispute.objects.filter(state=DisputeState.OPEN).select_related("payment", "account")
    return list(still_open.order_by("opened_at", "pk"))


def list_notices_to_apply_for_operator(*, limit: int = 500) -> list[GatewayNotice]:
    """Return the notices whose object was not looked up yet, the oldest first."""
    waiting = GatewayNotice.objects.filter(applied_at__isnull=True)
    return list(waiting.order_by("received_at", "pk")[:limit])
