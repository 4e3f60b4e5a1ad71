"""Every change to the vendor's staff."""

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

__all__ = [
    "NewMember",
    "add_staff",
    "change_staff_role",
    "end_staff",
    "invite_staff",
    "make_recovery_codes",
    "set_up_sign_in",
    "try_code",
    "try_password",
]
