"""Setup for tests of the console: members of staff who can sign in."""

from datetime import datetime

from django.utils import timezone

from seatledger.domain.events.actions import Actor
from seatledger.domain.staff.actions import NewMember, add_staff, set_up_sign_in
from seatledger.domain.staff.codes import code_at
from seatledger.domain.staff.models import StaffMember
from seatledger.domain.staff.permissions import StaffRole
from seatledger.domain.staff.queries import secret_of
from support import AT

PASSWORD = "correct-horse-battery"  # noqa: S105 -- a test says what is typed


def given_member(
    name: str = "Ada Quist", role: StaffRole = StaffRole.ADMINISTRATOR, *, at: datetime = AT
) -> StaffMember:
    """Add a member of staff who has a password and an app."""
    email = f"{name.lower().replace(' ', '.')}@vendor.example"
    member = add_staff(new=NewMember(email, name, role), at=at, by=Actor.system())
    code = code_at(secret_of(member), at)
    set_up_sign_in(member=member, password=PASSWORD, code=code, at=at, by=Actor.admin_team(member.pk))
    member.refresh_from_db()
    return member


def code_now(member: StaffMember) -> str:
    """Return what the member's app shows now."""
    return code_at(secret_of(member), timezone.now())
