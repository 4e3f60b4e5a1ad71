"""Setup for tests of the console: members of staff who can sign in."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from playwright.sync_api import Page, expect

from seatledger.domain.events.actions import Actor
from seatledger.domain.licences.models import Pool
from seatledger.domain.staff.actions import Intent, NewMember, add_staff, do_deed, set_up_sign_in
from seatledger.domain.staff.codes import code_at
from seatledger.domain.staff.models import StaffDeed, StaffMember
from seatledger.domain.staff.permissions import StaffRole
from seatledger.domain.staff.queries import secret_of
from support import AT, LATER

PASSWORD = "correct-horse-battery"  # noqa: S105 -- a test says what is typed

ALONE = settings.SEATLEDGER_SECOND_PERSON["most_licences"]


def given_member(
    name: str = "Ada Quist", role: StaffRole = StaffRole.ADMINISTRATOR, *, at: datetime = AT
) -> StaffMember:
    """Add a member of staff who has a password and an app."""
    email = f"{name.lower().replace(' ', '.')}@vendor.example"
    member = add_staff(new=NewMember(email, name, role), at=at, by=Actor.system())
    code = code_at(secret_of(member), at)
    set_up_sign_in(member=member, password=PASSWORD, code=code, at=at, by=Actor.admin_team(member.pk))
    member.refresh_from_db()
    return member


def code_now(member: StaffMember) -> str:
    """Return what the member's app shows now."""
    return code_at(secret_of(member), timezone.now())


def console_member(name: str, role: StaffRole) -> StaffMember:
    """Add a member of staff whose password the real server knows how to check."""
    member = given_member(name, role)
    member.password = make_password(PASSWORD, hasher="argon2")
    member.save(update_fields=["password"])
    return member


def sign_in_to_console(page: Page, member: StaffMember) -> None:
    """Sign in as a member of staff does, in a real browser."""
    page.goto("/console/")
    page.get_by_label("Email address").fill(member.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Code").fill(code_now(member))
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()


def actor(member: StaffMember) -> Actor:
    return Actor.admin_team(member.pk)


def totalling(pool: Pool, total: int) -> Intent:
    return Intent("change_total", {"pool_id": str(pool.pk), "total": total}, "Agreed by phone")


def given_waiting(pool: Pool, member: StaffMember, *, more: int = ALONE + 1) -> StaffDeed:
    """Let a member ask for more licences than one may give alone."""
    assert pool.total_licences is not None
    intent = totalling(pool, pool.total_licences + more)
    return do_deed(account=pool.account, intent=intent, at=LATER, by=actor(member))
