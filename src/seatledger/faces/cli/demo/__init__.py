"""`seatledger demo`: five kinds of customers with fourteen months of history, to look at and to try things on."""

from dataclasses import dataclass

import click
from django.utils import timezone

from seatledger.domain.accounts.models import Account
from seatledger.faces.cli.demo.endings import tell_of_endings
from seatledger.faces.cli.demo.here import organisations_here
from seatledger.faces.cli.demo.loading import load_demo, sign_in_addresses
from seatledger.faces.cli.demo.staff import STAFF, employ_staff

PASSWORD = "seatledger-demo"  # noqa: S105 -- it is printed for everyone to use


@dataclass(frozen=True)
class SignIn:
    """Someone in the demo who can sign in."""

    organisation: str
    name: str
    email: str
    role: str
    password: str = PASSWORD


def list_demo_sign_ins() -> list[SignIn]:
    """Return who can sign in to the demo, each organisation's administrator first."""
    return [
        SignIn(organisation.name, name, email, role)
        for organisation in organisations_here()
        for name, email, role in sign_in_addresses(organisation)
    ]


def load_demo_if_empty() -> list[str]:
    """Load the demo unless there are accounts. Returns the lines that tell people how to sign in.

    Nothing is told where the accounts are not the demo's.
    """
    if not Account.objects.exists():
        load_demo(now=timezone.now(), password=PASSWORD)
        tell_of_endings(now=timezone.now())
    names = {organisation.name for organisation in organisations_here()}
    if Account.objects.exclude(name__in=names).count() == Account.objects.count():
        return []
    employ_staff(now=timezone.now(), password=PASSWORD)
    return sign_in_lines()


def sign_in_lines() -> list[str]:
    """Return the sign-ins as people read them in a terminal."""
    return [
        f"Sign in with the password {PASSWORD} as",
        *(f"  {each.email:<42} {each.role}, {each.organisation}" for each in list_demo_sign_ins()),
        "and as the vendor's staff at /console/, where the demo shows the code of the second step, as",
        *(f"  {new.email:<42} {new.role.label}" for new in STAFF),
    ]


@click.command()
def demo() -> None:
    """Load the demo into an installation without accounts, and say how to sign in."""
    if lines := load_demo_if_empty():
        click.echo("\n".join(lines))
    else:
        raise click.ClickException("there are accounts already. The demo is for an empty installation.")
