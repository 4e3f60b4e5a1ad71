"""Who is on the vendor's staff, and in which role."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q

from seatledger.domain.events.actions import Actor
from seatledger.domain.staff.codes import new_secret
from seatledger.domain.staff.models import StaffActKind, StaffMember
from seatledger.domain.staff.notes import note_act
from seatledger.domain.staff.permissions import StaffRole
from seatledger.domain.staff.refusals import LastStaffAdministrator, StaffEmailTaken
from seatledger.shared.constraints import refusing
from seatledger.shared.errors import NotFound
from seatledger.shared.sealing import Purpose, seal
from seatledger.shared.text import clean_email, clean_name


@dataclass(frozen=True)
class NewMember:
    """Who is to be added."""

    email: str
    name: str
    role: StaffRole


@transaction.atomic
def add_staff(*, new: NewMember, at: datetime, by: Actor) -> StaffMember:
    """Add a member of staff, who sets up password and app with a link (see `links`).

    Raises StaffEmailTaken, UnfitEmail and UnfitText.
    """
    member = StaffMember(
        email=clean_email(new.email),
        name=clean_name(new.name, 100),
        role=new.role,
        password=make_password(None),
        totp_secret=seal(new_secret(), purpose=Purpose.STAFF_SECOND_STEP),
        added_at=at,
        invited_at=at,
    )
    taken = StaffEmailTaken(f"{member.email} is of the staff already. Make a new link for it instead.")
    with refusing("an_email_belongs_to_one_member_of_staff", taken):
        member.save(force_insert=True)
    note_act(member, StaffActKind.ADDED, at=at, by=by, detail=member.role)
    return member


@transaction.atomic
def invite_staff(*, member: StaffMember, at: datetime, by: Actor) -> StaffMember:
    """Begin anew: password, app and recovery codes are worth nothing any more, sessions end, and a new link works."""
    held = hold_member(member)
    held.password = make_password(None)
    held.totp_secret = seal(new_secret(), purpose=Purpose.STAFF_SECOND_STEP)
    held.totp_last_step, held.recovery_hashes, held.wrong_tries = 0, [], 0
    held.invited_at, held.set_up_at = at, None
    held.save()
    note_act(held, StaffActKind.INVITED, at=at, by=by)
    return held


@transaction.atomic
def change_staff_role(*, member: StaffMember, role: StaffRole, at: datetime, by: Actor) -> StaffMember:
    """Give a member of staff another role. Raises LastStaffAdministrator."""
    held, administrators = _hold_with_administrators(member)
    if held.role == role:
        return held
    _keep_an_administrator(administrators, without=held)
    held.role = role
    held.save(update_fields=["role"])
    note_act(held, StaffActKind.ROLE_CHANGED, at=at, by=by, detail=role)
    return held


@transaction.atomic
def end_staff(*, member: StaffMember, at: datetime, by: Actor) -> StaffMember:
    """End someone's access for good: sessions end with the next request. Raises LastStaffAdministrator."""
    held, administrators = _hold_with_administrators(member)
    _keep_an_administrator(administrators, without=held)
    held.ended_at = at
    held.save(update_fields=["ended_at"])
    note_act(held, StaffActKind.ENDED, at=at, by=by)
    return held


def hold_member(member: StaffMember) -> StaffMember:
    """Return the member as stored now, held until the transaction ends. Raises NotFound once access has ended."""
    try:
        return StaffMember.objects.select_for_update().get(pk=member.pk, ended_at__isnull=True)
    except StaffMember.DoesNotExist:
        raise NotFound("member of staff", where="") from None


def _hold_with_administrators(member: StaffMember) -> tuple[StaffMember, set[UUID]]:
    """Hold the member and every administrator, always in the same order. Returns who the administrators are, too."""
    rows = StaffMember.objects.select_for_update().filter(ended_at__isnull=True)
    held = {
        each.pk: each
        for each in rows.filter(Q(role=StaffRole.ADMINISTRATOR) | Q(pk=member.pk)).order_by("pk")
    }
    if member.pk not in held:
        raise NotFound("member of staff", where="")
    return held[member.pk], {each.pk for each in held.values() if each.role == StaffRole.ADMINISTRATOR}


def _keep_an_administrator(administrators: set[UUID], *, without: StaffMember) -> None:
    if administrators == {without.pk}:
        raise LastStaffAdministrator(
            f"{without.name} is the only administrator of the console. Make someone else one first."
        )
