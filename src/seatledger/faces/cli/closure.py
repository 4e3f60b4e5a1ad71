"""`seatledger closure`: what the vendor's staff do about the end of accounts."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import click
from django.utils import timezone

from seatledger.domain.accounts.models import Account
from seatledger.domain.closures.actions import acknowledge, request_for_customer, withdraw
from seatledger.domain.closures.certificates import make_key
from seatledger.domain.closures.going_on import go_on
from seatledger.domain.closures.models import Closure
from seatledger.domain.closures.queries import (
    get_certificate,
    get_closure,
    list_closures_for_operator,
    list_keys_for_operator,
    list_steps,
)
from seatledger.domain.events.actions import Actor
from seatledger.faces.cli.doing import AS, do
from seatledger.faces.cli.parameters import ACCOUNT, DAY

SERIAL = click.argument("account", type=ACCOUNT, metavar="SERIAL")
REASON = click.option("--reason", required=True, help="Why; kept with the step.")
REFERENCE = click.option("--reference", default="", help="Your own, of a ticket or a letter.")


@click.group()
def closure() -> None:
    """Acknowledge, withdraw and bring forward the deletion of an account, and show it."""


@closure.command(name="list")
def list_() -> None:
    """List what is going on, the next first: serial number, state, and when it takes effect."""
    for one in list_closures_for_operator():
        click.echo(
            f"{one.account.serial_number}  {one.state:<10} {_day(one, one.takes_effect_at)}  {one.account.name}"
        )


@closure.command()
@SERIAL
@REFERENCE
def request(account: Account, reference: str) -> None:
    """Request deletion of the account SERIAL for a customer who asked otherwise, for example by letter."""
    request_for_customer(account=account, reference=reference, at=timezone.now(), by=Actor.admin_team())
    _show(get_closure(account))


@closure.command(name="acknowledge")
@SERIAL
@REFERENCE
def acknowledge_(account: Account, reference: str) -> None:
    """Take note of the request of the account SERIAL: it is scheduled."""
    acknowledge(closure=get_closure(account), reference=reference, at=timezone.now(), by=Actor.admin_team())
    _show(get_closure(account))


@closure.command(name="withdraw")
@SERIAL
@REASON
@REFERENCE
def withdraw_(account: Account, reason: str, reference: str) -> None:
    """Take back the request of the account SERIAL: everything stays as it was."""
    found = get_closure(account)
    withdraw(closure=found, reason=reason, reference=reference, at=timezone.now(), by=Actor.admin_team())
    click.echo("Withdrawn. Everything stays as it was.")


@closure.command(name="bring-forward")
@SERIAL
@click.argument("day", type=DAY)
@REASON
@REFERENCE
@AS
def bring_forward_(account: Account, day: date, reason: str, reference: str, asked_by: str) -> None:
    """Have the closing of the account SERIAL begin with DAY, in the account's time zone."""
    told = {"to": day.isoformat(), "reference": reference}
    do(account, "bring_closure_forward", told, reason=reason, asked_by=asked_by)
    _show(get_closure(account))


@closure.command()
@SERIAL
def show(account: Account) -> None:
    """Show where the closing of the account SERIAL stands, and who took which step when."""
    _show(get_closure(account))


@closure.command(name="go-on")
@SERIAL
def go_on_(account: Account) -> None:
    """Do at once what is due of the closing of the account SERIAL; the job does it within five minutes otherwise."""
    _show(go_on(get_closure(account), at=timezone.now(), by=Actor.system()))


@closure.command()
@SERIAL
def certificate(account: Account) -> None:
    """Print the certificate of deletion of the account SERIAL, for a file: `> certificate.json`."""
    click.echo(get_certificate(account).content, nl=False)


@closure.command()
def keys() -> None:
    """List the public keys of certificates, the one in use first: since when, and how many were signed with it."""
    for key, signed in list_keys_for_operator():
        click.echo(f"{key.public_key}  since {key.made_at:%Y-%m-%d}  {signed:>6} signed")


@closure.command(name="new-key")
def new_key() -> None:
    """Make a key with which certificates are signed from now on. Those of before stay genuine with theirs."""
    click.echo(make_key(at=timezone.now()).public_key)


def _show(found: Closure) -> None:
    click.echo(f"{found.account.serial_number} {found.account.name}: {found.get_state_display()}")
    click.echo(f"takes effect  {_day(found, found.takes_effect_at)}")
    if found.erase_by:
        click.echo(f"erased by     {_day(found, found.erase_by)}")
    if found.held_up_by:
        click.echo(f"held up by    {found.held_up_by}")
    for step in list_steps(found.account, found):
        who = step.actor_label or "a user"
        said = " ".join(filter(None, [step.reason, step.reference and f"({step.reference})"]))
        click.echo(
            f"  {step.at:%Y-%m-%d %H:%M} UTC  {step.get_kind_display()}, {who}{': ' if said else ''}{said}"
        )


def _day(found: Closure, at: datetime) -> str:
    return at.astimezone(ZoneInfo(found.account.time_zone)).strftime("%Y-%m-%d %H:%M %Z")
