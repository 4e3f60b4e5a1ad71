"""Questions about what staff offered in writing."""

from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.models import FileKind
from seatledger.domain.payments.models import QUOTATION_FILES, Quotation, QuotationFile, QuotationState
from seatledger.shared.errors import NotFound


def get_quotation(account: Account, quotation_id: UUID) -> Quotation:
    """Return the account's quotation with its lines. Raises NotFound for another account's, as for none."""
    rows = Quotation.objects.filter(account=account, pk=quotation_id)
    found = rows.select_related("account", "answered_by", "document__issue", "request").first()
    if found is None:
        raise NotFound("quotation")
    return found


def list_quotations(account: Account, *, limit: int = 50) -> list[Quotation]:
    """Return what the account was offered, the newest first."""
    rows = Quotation.objects.filter(account=account).prefetch_related("lines")
    return list(rows.select_related("answered_by").order_by("-sent_at", "-number")[:limit])


def list_waiting_quotations(account: Account, *, today: date) -> list[Quotation]:
    """Return what the account can accept on a day, what expires first at the beginning."""
    waiting = Quotation.objects.filter(account=account, state=QuotationState.SENT, valid_until__gte=today)
    return list(waiting.order_by("valid_until", "number"))


def list_quotations_for_operator(*, limit: int = 200) -> list[Quotation]:
    """Return the quotations of every account that nobody answered, what expires first at the beginning."""
    waiting = Quotation.objects.filter(state=QuotationState.SENT).select_related("account")
    return list(waiting.prefetch_related("lines").order_by("valid_until", "number")[:limit])


def get_quotation_file(account: Account, quotation_id: UUID, kind: FileKind) -> QuotationFile | None:
    """Return a quotation as a file; None while it is not made. Raises NotFound for one that has none of this kind."""
    quotation = get_quotation(account, quotation_id)
    if kind not in QUOTATION_FILES or not quotation.paper:
        raise NotFound("file")
    return QuotationFile.objects.filter(account=account, quotation=quotation, kind=kind).first()


def get_quotation_for_operator(quotation_id: UUID) -> Quotation:
    """Return a quotation of any account. Raises NotFound."""
    found = Quotation.objects.select_related("account").filter(pk=quotation_id).first()
    if found is None:
        raise NotFound("quotation", "")
    return found


def list_unfiled_quotations_for_operator(*, since: datetime, limit: int = 100) -> list[Quotation]:
    """Return quotations sent since an instant that are no file yet, the oldest first."""
    there = QuotationFile.objects.filter(quotation=OuterRef("pk"), kind=FileKind.PDF)
    unfiled = Quotation.objects.filter(~Exists(there), sent_at__gte=since).exclude(paper={})
    return list(unfiled.select_related("account").order_by("sent_at", "pk")[:limit])
