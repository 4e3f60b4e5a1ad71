"""A visitor of the console, who signs in as a member of staff would."""

from django.urls import reverse
from django.utils import timezone

from conftest import Visitor
from seatledger.domain.staff.codes import code_at
from seatledger.domain.staff.models import StaffMember
from seatledger.domain.staff.queries import secret_of
from staffing import PASSWORD


def code_now(member: StaffMember) -> str:
    """Return what the member's app shows now."""
    return code_at(secret_of(member), timezone.now())


def give_password(visitor: Visitor, member: StaffMember, password: str = PASSWORD, **more: str):
    return visitor.post(reverse("console:sign_in"), {"email": member.email, "password": password, **more})


def sign_in_staff(member: StaffMember) -> Visitor:
    """Return a visitor who is signed in to the console."""
    visitor = Visitor()
    give_password(visitor, member)
    answer = visitor.post(reverse("console:code"), {"code": code_now(member)})
    assert answer.status_code == 302, answer.content.decode()
    return visitor
