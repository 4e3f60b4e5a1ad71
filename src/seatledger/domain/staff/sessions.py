"""Sessions of the console, in their own table: see `models.StaffSession`."""

from datetime import datetime
from uuid import UUID

from django.contrib.sessions.backends import db
from django.utils.crypto import constant_time_compare, salted_hmac

from seatledger.domain.staff.models import StaffMember, StaffSession

LASTS_S = 8 * 60 * 60
# How long someone who gave the right password may take for the second step.
SECOND_STEP_S = 10 * 60
_MEMBER, _PROOF, _FIRST_STEP, _FIRST_STEP_AT = "member", "proof", "first_step", "first_step_at"


class StaffSessionStore(db.SessionStore):
    """Django's sessions in the database, in the staff's table."""

    @classmethod
    def get_model_class(cls) -> type[StaffSession]:
        return StaffSession

    def get_session_cookie_age(self) -> int:
        return LASTS_S


def remember_first_step(session: StaffSessionStore, member: StaffMember, *, at: datetime) -> None:
    """Note that the right password was given; nobody is signed in by that."""
    session.flush()
    session[_FIRST_STEP] = member.pk.hex
    session[_FIRST_STEP_AT] = at.timestamp()


def find_first_step(session: StaffSessionStore, *, at: datetime) -> StaffMember | None:
    """Return who has given the right password a moment ago and not yet a code."""
    if at.timestamp() - session.get(_FIRST_STEP_AT, 0) > SECOND_STEP_S:
        return None
    member = _find(session.get(_FIRST_STEP))
    return member if member and member.may_sign_in else None


def begin(session: StaffSessionStore, member: StaffMember) -> None:
    """Sign the member in. The session gets a new key, so that one known before is worth nothing."""
    session.flush()
    session[_MEMBER] = member.pk.hex
    session[_PROOF] = _proof_of(member)


def find_signed_in(session: StaffSessionStore) -> StaffMember | None:
    """Return who is signed in. A session ends with the password and the secret it began with."""
    member = _find(session.get(_MEMBER))
    if member is None or not member.may_sign_in:
        return None
    return member if constant_time_compare(session.get(_PROOF, ""), _proof_of(member)) else None


def _find(member_hex: str | None) -> StaffMember | None:
    return StaffMember.objects.filter(pk=UUID(member_hex)).first() if member_hex else None


def _proof_of(member: StaffMember) -> str:
    return salted_hmac("seatledger.staff.session", f"{member.password}{member.totp_secret}").hexdigest()
