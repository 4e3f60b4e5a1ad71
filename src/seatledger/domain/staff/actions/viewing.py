"""Look at the portal as a customer does."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from seatledger.domain.accounts.actions import check_open
from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor, Happening, record
from seatledger.domain.staff.models import StaffView

LASTS = timedelta(minutes=30)


@dataclass(frozen=True)
class PortalViewedByStaff(Happening):
    view_id: UUID


@transaction.atomic
def begin_view(*, account: Account, at: datetime, by: Actor) -> StaffView:
    """Let a member of staff look at an account's portal for half an hour. It is told in the account's record.

    Raises AccountIsClosed.
    """
    check_open(account)
    assert by.id is not None, "a member of staff"
    view = StaffView.objects.create(about=account, member_id=by.id, began_at=at, ends_at=at + LASTS)
    record(PortalViewedByStaff(view_id=view.pk), account=account, at=at, by=by)
    return view
