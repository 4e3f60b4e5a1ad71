"""What happened to members of staff, written down by the actions that did it."""

from datetime import datetime

from seatledger.domain.events.actions import Actor
from seatledger.domain.staff.models import StaffAct, StaffActKind, StaffMember


def note_act(member: StaffMember, kind: StaffActKind, *, at: datetime, by: Actor, detail: str = "") -> None:
    """Write down what happened to a member of staff."""
    StaffAct.objects.create(member=member, kind=kind, at=at, by_id=by.id, detail=detail)
