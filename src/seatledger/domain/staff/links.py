"""The link with which a member of staff sets up password and authenticator app: it works once, for three days."""

from datetime import datetime, timedelta
from uuid import UUID

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from seatledger.domain.staff.models import StaffMember

LASTS = timedelta(days=3)
_SALT = "seatledger.staff.set-up"


def token_of(member: StaffMember) -> str:
    """Return the token of the member's newest link."""
    return signing.dumps([member.pk.hex, _fingerprint(member)], salt=_SALT)


def find_by_token(token: str, *, at: datetime) -> StaffMember | None:
    """Return whose link this is, if it still works."""
    try:
        member_hex, fingerprint = signing.loads(token, salt=_SALT)
        member = StaffMember.objects.filter(pk=UUID(member_hex), ended_at__isnull=True).first()
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if member is None or member.set_up_at is not None or at > member.invited_at + LASTS:
        return None
    return member if constant_time_compare(fingerprint, _fingerprint(member)) else None


def _fingerprint(member: StaffMember) -> str:
    """Return what changes with each new link."""
    return salted_hmac(_SALT, f"{member.totp_secret}{member.password}").hexdigest()[:32]
