"""The vendor's staff in the demo: one of each role, with an authenticator app that everyone knows."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from seatledger.domain.events.actions import Actor
from seatledger.domain.staff.actions import NewMember, add_staff, set_up_sign_in
from seatledger.domain.staff.codes import code_at
from seatledger.domain.staff.models import StaffMember
from seatledger.domain.staff.permissions import StaffRole
from seatledger.shared.sealing import Purpose, seal

STAFF = (
    NewMember("ada.quist@vendor.example", "Ada Quist", StaffRole.ADMINISTRATOR),
    NewMember("bram.olsen@vendor.example", "Bram Olsen", StaffRole.BILLING),
    NewMember("suri.patel@vendor.example", "Suri Patel", StaffRole.SUPPORT),
)


@transaction.atomic
def employ_staff(*, now: datetime, password: str) -> None:
    """Add the staff, all of them able to sign in, unless there are some."""
    if StaffMember.objects.exists():
        return
    secret = settings.SEATLEDGER_DEMO_SECRET
    for new in STAFF:
        member = add_staff(new=new, at=now, by=Actor.system())
        member.totp_secret = seal(secret, purpose=Purpose.STAFF_SECOND_STEP)
        member.save(update_fields=["totp_secret"])
        set_up_sign_in(
            member=member,
            password=password,
            code=code_at(secret, now),
            at=now,
            by=Actor.admin_team(member.pk),
        )
        # The code of this very minute is still good for whoever has just started the demo.
        StaffMember.objects.filter(pk=member.pk).update(totp_last_step=0)
