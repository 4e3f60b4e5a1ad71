"""Every change to the vendor's staff."""

from seatledger.domain.staff.actions.deeds import (
    DeedPreview,
    Done,
    Intent,
    approve_deed,
    decline_deed,
    do_as_operator,
    do_deed,
    preview_deed,
)
from seatledger.domain.staff.actions.members import (
    NewMember,
    add_staff,
    change_staff_role,
    end_staff,
    invite_staff,
)
from seatledger.domain.staff.actions.signing_in import (
    make_recovery_codes,
    set_up_sign_in,
    try_code,
    try_password,
)
from seatledger.domain.staff.actions.viewing import begin_view

__all__ = [
    "DeedPreview",
    "Done",
    "Intent",
    "NewMember",
    "add_staff",
    "approve_deed",
    "begin_view",
    "change_staff_role",
    "decline_deed",
    "do_as_operator",
    "do_deed",
    "end_staff",
    "invite_staff",
    "make_recovery_codes",
    "preview_deed",
    "set_up_sign_in",
    "try_code",
    "try_password",
]
