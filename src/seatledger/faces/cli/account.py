"""`seatledger account`: open accounts and look at them."""

import sys
from datetime import date, datetime, time
from pathlib import Path
from typing import TypedDict, Unpack
from zoneinfo import ZoneInfo

import click
from django.conf import settings
from django.utils import timezone

from seatledger.domain.accounts.actions import check_time_zone
from seatledger.domain.accounts.models import Account, AccountKind
from seatledger.domain.catalogue.queries import get_plan_version_for_operator
from seatledger.domain.events.actions import Actor
from seatledger.domain.licences.actions import NewAccount, NewUser
from seatledger.domain.licences.models import Pool
from seatledger.domain.licences.queries import (
    count_active_users,
    find_access,
    get_account_type,
    list_accounts_for_operator,
    list_pools,
)
from seatledger.domain.moves.models import Direction
from seatledger.domain.moves.moving import give_up_move, move_account
from seatledger.domain.moves.queries import list_moves_for_operator
from seatledger.domain.people.queries import find_main_contact
from seatledger.domain.subscriptions.actions import open_subscribed_account
from seatledger.faces.cli.doing import AS, do
from seatledger.faces.cli.other_cell import CommandedCell
from seatledger.faces.cli.parameters import ACCOUNT, DAY, DAY_OR_NEVER, INTERVAL, NEVER
from seatledger.faces.cli.plans import new_subscription


class Opening(TypedDict):
    """What `account open` is told beside the name."""

    plan: str
    admin_email: str
    admin_name: str
    currency: str
    time_zone: str
    locale: str
    region: str | None
    provider: Account | None
    kind: str
    trial: bool
    interval: str | None
    contract: bool
    expires: date | str
    opened: date | None


@click.group()
def account() -> None:
    """Open accounts and look at them."""


@account.command("open")
@click.argument("name")
@click.option("--plan", required=True, help="The key of the plan it begins with.")
@click.option("--admin-email", required=True, help="Where its first administrator is invited.")
@click.option("--admin-name", required=True, help="The administrator's first and last name.")
@click.option("--currency", default="EUR", show_default=True)
@click.option("--time-zone", default="Europe/Berlin", show_default=True)
@click.option("--locale", default="en-GB", show_default=True)
@click.option("--region", help="Refused unless it is this installation's.")
@click.option("--provider", type=ACCOUNT, help="The serial number of the provider above it.")
@click.option("--kind", type=click.Choice(AccountKind.values), default=AccountKind.CUSTOMER.value)
@click.option("--trial", is_flag=True, help="Begin with a trial, as long as the plan says.")
@click.option("--interval", type=INTERVAL, help="How often it pays; the usual one of the plan unless given.")
@click.option("--contract", is_flag=True, help="Sold by contract: changes go through the sales people.")
@click.option("--expires", type=DAY_OR_NEVER, default=NEVER, help="Last day of a contract for a fixed term.")
@click.option("--opened", type=DAY, help="The day it was opened; now unless given.")
def open_one(name: str, **said: Unpack[Opening]) -> None:
    """Open the account NAME, and invite its first administrator."""
    check_time_zone(said["time_zone"])
    now = timezone.now()
    at = opened_at(said["opened"], zone=said["time_zone"], now=now)
    opened_on = at.astimezone(ZoneInfo(said["time_zone"])).date()
    subscription = new_subscription(
        get_plan_version_for_operator(said["plan"], opened_on),
        currency=said["currency"],
        interval=said["interval"],
        contract=said["contract"],
        trial=said["trial"],
    )
    first_name, _, last_name = said["admin_name"].strip().partition(" ")
    opened, administrator = open_subscribed_account(
        new=NewAccount(
            name=name,
            region=_region(said["region"]),
            currency=said["currency"],
            time_zone=said["time_zone"],
            locale=said["locale"],
            kind=AccountKind(said["kind"]),
            provider=said["provider"],
        ),
        administrator=NewUser(first_name, last_name, said["admin_email"]),
        subscription=subscription,
        last_day=said["expires"] if isinstance(said["expires"], date) else None,
        at=at,
        by=Actor.admin_team(),
    )
    click.echo(f"{opened.serial_number}  {opened.name}, {administrator.email}")


@account.command("list")
def list_all() -> None:
    """List every account: serial number, type (or that it is closed), active users, name."""
    for line in list_accounts_for_operator(timezone.now()):
        provider = f" (customer of {line.account.provider})" if line.account.provider else ""
        what = "Closed" if line.account.closed_at else line.account_type.label
        click.echo(
            f"{line.account.serial_number:<16}  {what:<8}"
            f"{line.active_users:>6}  {line.account.name}{provider}"
        )


@account.command()
@click.argument("serial", metavar="SERIAL")
@click.option("--to", required=True, metavar="REGION", help="The region it moves to.")
@click.option("--give-up", is_flag=True, help="Let it stay after all; what has arrived there is removed.")
def move(serial: str, to: str, give_up: bool) -> None:
    """Move the account with this serial number to another REGION, or go on with its move.

    It may be cut off at any moment; the same command goes on where it was. The serial number stays.
    """
    folder = Path(settings.SEATLEDGER_STATE) / "moves"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    other = CommandedCell(to)
    if give_up:
        give_up_move(serial, other=other, folder=folder, clock=timezone.now)
        click.echo(f"Given up: {serial} stays here.")
        return
    for sentence in move_account(
        serial, to=to, other=other, folder=folder, clock=timezone.now, by=Actor.admin_team()
    ):
        click.echo(sentence)


@account.command()
def moves() -> None:
    """List the moves this region has seen, the newest first; an account that is gone is known by its id alone."""
    for each in list_moves_for_operator():
        serial = Account.objects.filter(pk=each.about_id).values_list("serial_number", flat=True).first()
        way = "to" if each.direction == Direction.OUT else "from"
        click.echo(
            f"{each.begun_at:%Y-%m-%d %H:%M}  {way} {each.region}  {each.state:<9} {serial or each.about_id}"
        )


@account.command()
@click.argument("account", type=ACCOUNT, metavar="SERIAL")
def show(account: Account) -> None:
    """Show the account with this serial number, and what it holds."""
    contact = find_main_contact(account)
    region = settings.SEATLEDGER_REGIONS.get(account.region)
    facts = {
        "Account name": account.name,
        "Serial number": account.serial_number,
        "Account type": get_account_type(account, timezone.now()).label,
        "Kind": AccountKind(account.kind).label,
        "Provider": account.provider or "none",
        "Data residency region": region.label if region else account.region,
        "Currency": account.currency,
        "Time zone": account.time_zone,
        "Main contact": f"{contact.full_name}, {contact.email}" if contact else "none",
        "Active users": count_active_users(account),
    }
    for name, value in facts.items():
        click.echo(f"{name:<22} {value}")
    for pool in list_pools(account):
        click.echo(f"    {pool_in_words(pool)}")


@account.command()
@click.argument("account", type=ACCOUNT, metavar="SERIAL")
@click.argument("licence_type", metavar="TYPE")
@click.argument("holder", metavar="HOLDER")
def access(account: Account, licence_type: str, holder: str) -> None:
    """Say whether HOLDER, a user's e-mail address or a device's name, may use licences of TYPE (its key) now.

    Ends with 0 when it is so, else with 1; the answer is what the portal shows.
    """
    found = find_access(account, licence_type=licence_type, holder=holder, at=timezone.now())
    days = [f"valid to {found.last_day}"] if found.last_day else []
    days += [f"access to {found.until}"] if found.until and found.until != found.last_day else []
    click.echo(", ".join(["yes" if found.is_allowed else "no", found.why, *days]))
    sys.exit(0 if found.is_allowed else 1)


@account.command("one-bill")
@click.argument("provider", type=ACCOUNT, metavar="SERIAL")
@click.option(
    "--from", "from_on", type=DAY, help="From which day on the provider is billed for its customers."
)
@click.option("--until", "until_on", type=DAY, help="From which day on they are billed themselves again.")
@click.option("--reason", default="", help="Why; needed with --as.")
@AS
def one_bill(
    provider: Account, from_on: date | None, until_on: date | None, reason: str, asked_by: str
) -> None:
    """Agree that the provider SERIAL is billed for all its customers, or no longer: by the first day of their periods."""
    if (from_on is None) == (until_on is None):
        raise click.UsageError("Say either --from or --until.")
    deed, told = ("agree_one_bill" if from_on else "end_one_bill"), {"from_on": str(from_on or until_on)}
    if do(provider, deed, told, reason=reason, asked_by=asked_by).waits:
        return
    if from_on:
        click.echo(f"{provider.name} is billed for its customers' periods from {from_on} on.")
    else:
        click.echo(f"The customers of {provider.name} are billed for their periods from {until_on} on.")


def pool_in_words(pool: Pool) -> str:
    """Return a pool in a line: `on-demand: 3 of 5 in use, paid, valid to 2027-01-31`."""
    total = pool.total_licences
    used = f"{pool.assigned_licences} in use, not limited"
    if total is not None:
        used = f"{pool.assigned_licences} of {total} in use"
    until = f"valid to {pool.expires_on}" if pool.expires_on else "no end"
    over = ", over-assigned" if pool.is_over_assigned else ""
    return f"{pool.licence_type.key}: {used}{over}, {pool.terms}, {until}"


def _region(wanted: str | None) -> str:
    """Return this installation's region: an account is kept where it is opened."""
    own: str = settings.SEATLEDGER_REGION
    if wanted not in {None, own}:
        raise click.BadParameter(
            f"this installation keeps accounts of “{own}” only. Open it in the other one.",
            param_hint="--region",
        )
    return own


def opened_at(day: date | None, *, zone: str, now: datetime, option: str = "--opened") -> datetime:
    """Return the first instant of a past day in a zone, or now where no day was said."""
    if day is None:
        return now
    at = datetime.combine(day, time.min, tzinfo=ZoneInfo(zone))
    if at > now:
        raise click.BadParameter("the day is in the future.", param_hint=option)
    return at
