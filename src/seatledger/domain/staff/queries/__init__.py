"""Questions about the vendor's staff."""

from collections.abc import Iterable
from uuid import UUID

from seatledger.domain.staff.models import StaffMember
from seatledger.shared.errors import NotFound
from seatledger.shared.sealing import Purpose, unseal


def get_staff_for_operator(email: str) -> StaffMember:
    """Return who of the staff has this address. Raises NotFound."""
    member = StaffMember.objects.filter(email=email.strip().lower(), ended_at__isnull=True).first()
    if member is None:
        raise NotFound("member of staff", where="")
    return member


def get_staff_by_id_for_operator(member_id: UUID) -> StaffMember:
    """Return a member of staff who has access. Raises NotFound."""
    member = StaffMember.objects.filter(pk=member_id, ended_at__isnull=True).first()
    if member is None:
        raise NotFound("member of staff", where="")
    return member


def list_staff_for_operator() -> list[StaffMember]:
    """Return everyone on the staff, those without access last."""
    rows = StaffMember.objects.order_by("name", "pk")
    return sorted(rows, key=lambda member: member.ended_at is not None)


def secret_of(member: StaffMember) -> str:
    """Return the secret that the member's authenticator app has."""
    return unseal(member.totp_secret, purpose=Purpose.STAFF_SECOND_STEP)


def names_of_staff_for_operator(member_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return names by id, also of who is no member any more."""
    return dict(StaffMember.objects.filter(pk__in=set(member_ids)).values_list("pk", "name"))
