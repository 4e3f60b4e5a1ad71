"""`seatledger pool`: change how many licences an account has, until when, and on what footing."""

from datetime import date
from typing import Literal, TypedDict, Unpack

import click
from django.utils import timezone

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor
from seatledger.domain.licences.actions import PoolEdit, edit_pool
from seatledger.domain.licences.models import Terms
from seatledger.domain.licences.queries import get_pool, get_pool_by_key
from seatledger.faces.cli.account import pool_in_words
from seatledger.faces.cli.parameters import ACCOUNT, DAY_OR_NEVER


class Edit(TypedDict):
    """What `pool` is told to change."""

    total: int | None
    expires: date | str | None
    terms: str | None
    over_assign: bool


@click.command()
@click.argument("account", type=ACCOUNT, metavar="SERIAL")
@click.argument("licence_type", metavar="TYPE")
@click.option("--total", type=int, help="How many licences, or the maximum.")
@click.option("--expires", type=DAY_OR_NEVER, help="The last day on which they are valid.")
@click.option("--terms", type=click.Choice([Terms.TRIAL.value, Terms.PAID.value]))
@click.option("--reason", required=True, help="Shown in the customer's licence history.")
@click.option("--over-assign", is_flag=True, help="Allow a total below what is in use.")
def pool(account: Account, licence_type: str, reason: str, **said: Unpack[Edit]) -> None:
    """Change the licences of TYPE (its key) that the account SERIAL holds, as the Admin Team."""
    if not reason.strip():
        raise click.BadParameter("say why: the customer reads it.", param_hint="--reason")
    held = get_pool_by_key(account, licence_type)
    changed = edit_pool(
        pool=held,
        edit=PoolEdit(
            total=said["total"],
            expires_on=_expiry(said["expires"]),
            terms=Terms(said["terms"]) if said["terms"] else None,
            over_assign=said["over_assign"],
        ),
        reason=reason,
        at=timezone.now(),
        by=Actor.admin_team(),
    )
    click.echo(pool_in_words(get_pool(account, held.pk)))
    if not changed:
        click.echo("Nothing to change.")


def _expiry(said: date | str | None) -> date | Literal["unchanged"] | None:
    """Return what was typed in the action's words: a day, None for no end, or that it stays."""
    if said is None:
        return "unchanged"
    return said if isinstance(said, date) else None
