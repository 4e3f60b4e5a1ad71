"""How staff sign in: a password and then a code, both limited, both needed."""

from datetime import datetime, timedelta
from hmac import compare_digest

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from seatledger.domain.events.actions import Actor
from seatledger.domain.staff.actions.members import hold_member
from seatledger.domain.staff.codes import find_step, hash_recovery_codes, new_recovery_codes
from seatledger.domain.staff.models import StaffActKind, StaffMember
from seatledger.domain.staff.notes import note_act
from seatledger.domain.staff.queries import secret_of
from seatledger.domain.staff.refusals import TooManyTries, UnfitPassword, WrongCode

MOST_TRIES = 5
WAIT = timedelta(minutes=5)


@transaction.atomic
def set_up_sign_in(*, member: StaffMember, password: str, code: str, at: datetime, by: Actor) -> list[str]:
    """Choose a password and show that the app has the secret. Returns the recovery codes, to be shown once.

    Raises UnfitPassword and WrongCode.
    """
    held = hold_member(member)
    try:
        validate_password(password, held)  # type: ignore[arg-type] # it reads attributes of whatever it is given
    except ValidationError as problem:
        raise UnfitPassword(" ".join(problem.messages)) from None
    step = find_step(secret_of(held), code, at=at, after=held.totp_last_step)
    if step is None:
        raise WrongCode("This code is not right. Take the newest one that the app shows.")
    codes = new_recovery_codes()
    held.password, held.totp_last_step, held.set_up_at = make_password(password), step, at
    held.recovery_hashes = hash_recovery_codes(codes)
    held.save()
    note_act(held, StaffActKind.SET_UP, at=at, by=by)
    return codes


@transaction.atomic
def try_password(*, email: str, password: str, at: datetime, by: Actor) -> StaffMember | None:
    """Return whose address and password these are, else None. Raises TooManyTries.

    It takes as long when nobody has the address, so that time does not tell.
    """
    rows = StaffMember.objects.select_for_update().filter(email=email.strip().lower())
    member = rows.filter(ended_at__isnull=True, set_up_at__isnull=False).first()
    if member is None:
        make_password(password)
        return None
    _refuse_when_locked(member, at=at)
    if check_password(password, member.password):
        return member
    _count_wrong_try(member, at=at, by=by)
    return None


@transaction.atomic
def try_code(*, member: StaffMember, code: str, at: datetime, by: Actor) -> bool:
    """Tell whether this is the app's code or an unused recovery code, and use it up. Raises TooManyTries."""
    held = hold_member(member)
    _refuse_when_locked(held, at=at)
    step = find_step(secret_of(held), code, at=at, after=held.totp_last_step)
    recovery = next((each for each in held.recovery_hashes if _is_recovery(code, each)), None)
    if step is None and recovery is None:
        _count_wrong_try(held, at=at, by=by)
        return False
    if step is not None:
        held.totp_last_step = step
    else:
        held.recovery_hashes = [each for each in held.recovery_hashes if each != recovery]
    held.wrong_tries, held.wrong_since_at = 0, None
    held.save(update_fields=["totp_last_step", "recovery_hashes", "wrong_tries", "wrong_since_at"])
    used = StaffActKind.SIGNED_IN if step is not None else StaffActKind.USED_RECOVERY_CODE
    note_act(held, used, at=at, by=by)
    return True


@transaction.atomic
def make_recovery_codes(*, member: StaffMember, at: datetime, by: Actor) -> list[str]:
    """Make new recovery codes and forget the old ones. Returns them, to be shown once."""
    held = hold_member(member)
    codes = new_recovery_codes()
    held.recovery_hashes = hash_recovery_codes(codes)
    held.save(update_fields=["recovery_hashes"])
    note_act(held, StaffActKind.NEW_RECOVERY_CODES, at=at, by=by)
    return codes


def _is_recovery(code: str, stored: str) -> bool:
    return compare_digest(hash_recovery_codes([code])[0], stored)


def _refuse_when_locked(member: StaffMember, *, at: datetime) -> None:
    since = member.wrong_since_at
    if since is not None and at >= since + WAIT:
        member.wrong_tries, member.wrong_since_at = 0, None
    if member.wrong_tries >= MOST_TRIES:
        raise TooManyTries("Too many wrong passwords or codes. Wait five minutes, then try again.")


def _count_wrong_try(member: StaffMember, *, at: datetime, by: Actor) -> None:
    member.wrong_tries += 1
    member.wrong_since_at = member.wrong_since_at or at
    if member.wrong_tries == MOST_TRIES:
        member.wrong_since_at = at  # the wait counts from the last of them
        note_act(member, StaffActKind.LOCKED, at=at, by=by)
    member.save(update_fields=["wrong_tries", "wrong_since_at"])
