"""Questions about what staff did to accounts, and what waits for a second person."""

from uuid import UUID

from django.db.models import QuerySet

from seatledger.domain.accounts.models import Account
from seatledger.domain.licences.models import LicenceRequest
from seatledger.domain.staff.models import DeedState, StaffDeed
from seatledger.shared.errors import NotFound


def list_waiting_for_operator() -> list[StaffDeed]:
    """Return what waits for a second person, the oldest first."""
    rows = StaffDeed.objects.filter(state=DeedState.WAITING).select_related("about", "asked_by")
    return list(rows.order_by("asked_at"))


def get_deed_for_operator(deed_id: UUID) -> StaffDeed:
    """Return what was asked for or done. Raises NotFound."""
    rows = StaffDeed.objects.select_related("about", "asked_by", "decided_by")
    try:
        return rows.get(pk=deed_id)
    except StaffDeed.DoesNotExist:
        raise NotFound("request for a second person", where="") from None


def list_deeds_about(account: Account, *, limit: int = 20) -> list[StaffDeed]:
    """Return what staff did or asked for about an account, newest first."""
    rows = StaffDeed.objects.filter(about=account).select_related("asked_by", "decided_by")
    return list(rows.order_by("-asked_at")[:limit])


def list_open_requests(account: Account) -> list[LicenceRequest]:
    """Return the account's requests for licences that nobody has answered, the oldest first."""
    return list(_open_requests().filter(account=account))


def list_open_requests_for_operator(*, limit: int = 200) -> list[LicenceRequest]:
    """Return the requests of every account that nobody has answered, the oldest first."""
    return list(_open_requests().select_related("account")[:limit])


def count_open_requests_for_operator() -> int:
    return _open_requests().count()


def _open_requests() -> QuerySet[LicenceRequest]:
    """Return what waits for an answer, but for what an answer that waits for a second person is about."""
    waiting = StaffDeed.objects.filter(state=DeedState.WAITING, arguments__has_key="request_id")
    about = [arguments["request_id"] or None for arguments in waiting.values_list("arguments", flat=True)]
    rows = LicenceRequest.objects.filter(answered_at__isnull=True).exclude(pk__in=filter(None, about))
    return rows.select_related("licence_type__product", "asked_by").order_by("asked_at", "pk")
