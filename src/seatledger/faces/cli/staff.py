"""`seatledger staff`: who works in the console. The first administrator of it is made here."""

import click
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from seatledger.domain.events.actions import Actor
from seatledger.domain.staff.actions import NewMember, add_staff, end_staff, invite_staff
from seatledger.domain.staff.links import token_of
from seatledger.domain.staff.models import StaffMember
from seatledger.domain.staff.permissions import StaffRole
from seatledger.domain.staff.queries import get_staff_for_operator, list_staff_for_operator


@click.group()
def staff() -> None:
    """Show and change who works in the console."""


@staff.command("add")
@click.argument("email")
@click.option("--role", type=click.Choice(StaffRole.values), required=True)
@click.option("--name", help="What colleagues read; the part before the @ unless given.")
def add(email: str, role: str, name: str | None) -> None:
    """Add EMAIL to the staff, and print the link with which to set up password and authenticator app."""
    new = NewMember(email, name or email.partition("@")[0], StaffRole(role))
    _say_link(add_staff(new=new, at=timezone.now(), by=Actor.system()))


@staff.command("link")
@click.argument("email")
def link(email: str) -> None:
    """Print a new link for EMAIL. Password, app and recovery codes of before do not work any more."""
    member = get_staff_for_operator(email)
    _say_link(invite_staff(member=member, at=timezone.now(), by=Actor.system()))


@staff.command("end")
@click.argument("email")
def end(email: str) -> None:
    """End the access of EMAIL."""
    member = end_staff(member=get_staff_for_operator(email), at=timezone.now(), by=Actor.system())
    click.echo(f"{member.email} has no access any more.")


@staff.command("list")
def list_all() -> None:
    """List the staff: role, how far they are, address."""
    for member in list_staff_for_operator():
        state = "no access" if member.ended_at else "set up" if member.set_up_at else "waits for its link"
        click.echo(f"{member.get_role_display():<14}  {state:<18}  {member.email}")


def _say_link(member: StaffMember) -> None:
    path = reverse("console:set_up", args=[token_of(member)])
    click.echo(f"{member.email}, {member.get_role_display()}. Works once, for three days:")
    click.echo(f"{settings.SEATLEDGER_ADDRESS}{path}")
