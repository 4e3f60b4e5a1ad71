"""A visitor of the console, who signs in as a member of staff would."""

from django.urls import reverse

from conftest import Visitor
from seatledger.domain.staff.models import StaffMember
from staffing import PASSWORD, code_now


def give_password(visitor: Visitor, member: StaffMember, password: str = PASSWORD, **more: str):
    return visitor.post(reverse("console:sign_in"), {"email": member.email, "password": password, **more})


def sign_in_staff(member: StaffMember) -> Visitor:
    """Return a visitor who is signed in to the console."""
    visitor = Visitor()
    give_password(visitor, member)
    answer = visitor.post(reverse("console:code"), {"code": code_now(member)})
    assert answer.status_code == 302, answer.content.decode()
    return visitor
