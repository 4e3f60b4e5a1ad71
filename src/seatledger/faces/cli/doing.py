"""Doing something to an account from the command line: by the rule of the console, which asks for a second person above a bound."""

from datetime import datetime

import click
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor
from seatledger.domain.staff.actions import Done, Intent, do_as_operator
from seatledger.domain.staff.deeds import DEEDS, Arguments
from seatledger.domain.staff.queries import get_staff_for_operator

AS = click.option(
    "--as",
    "asked_by",
    metavar="EMAIL",
    default="",
    help="The member of staff who asks for it: kept with it, and what is above one person's bound waits for a second.",
)


def do(
    account: Account,
    deed: str,
    arguments: Arguments,
    *,
    reason: str,
    asked_by: str = "",
    at: datetime | None = None,
) -> Done:
    """Do a deed now, or let it wait for a second person, and say so. Raises SecondPersonNeeded where nobody asks for it."""
    by = Actor.admin_team(get_staff_for_operator(asked_by).pk) if asked_by else Actor.admin_team()
    done = do_as_operator(
        account=account, intent=Intent(deed, arguments, reason), at=at or timezone.now(), by=by
    )
    if done.waits and done.row:
        where = f"{settings.SEATLEDGER_ADDRESS}{reverse('console:asked', args=[done.row.pk])}"
        click.echo(f"{DEEDS[deed].label}: waits for a second person at {where}. Nothing has changed yet.")
    return done
