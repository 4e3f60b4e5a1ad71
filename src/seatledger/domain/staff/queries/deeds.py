"""Questions about what staff did to accounts, and what waits for a second person."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor
from seatledger.domain.licences.models import LicenceRequest
from seatledger.domain.staff.deeds import DEEDS
from seatledger.domain.staff.deeds.base import Doing, Figures
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


def describe_deed(account: Account, deed: str, named: Mapping[str, UUID], *, at: datetime) -> Figures:
    """Return what a deed would be about, as it is at `at`; `named` are the ids that the link to it names.

    Nothing where the deed has nothing to say before it is told more. Raises NotFound for what is not the account's.
    """
    about = DEEDS[deed].about
    said = {name: str(value) for name, value in named.items()}
    return about(Doing(account, said, "", at, Actor.system())) if about else {}


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
