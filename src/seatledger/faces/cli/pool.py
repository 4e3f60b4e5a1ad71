"""`seatledger pool`: change how many licences an account has, until when, and on what footing."""

from collections.abc import Iterator
from datetime import date
from typing import TypedDict, Unpack

import click
from django.db import transaction

from seatledger.domain.accounts.models import Account
from seatledger.domain.licences.models import Terms
from seatledger.domain.licences.queries import get_pool, get_pool_by_key
from seatledger.domain.staff.deeds import Arguments
from seatledger.faces.cli.account import pool_in_words
from seatledger.faces.cli.doing import AS, do
from seatledger.faces.cli.parameters import ACCOUNT, DAY_OR_NEVER, NEVER


class Edit(TypedDict):
    """What `pool` is told to change."""

    total: int | None
    expires: date | str | None
    terms: str | None
    over_assign: bool
    asked_by: str


@click.command()
@click.argument("account", type=ACCOUNT, metavar="SERIAL")
@click.argument("licence_type", metavar="TYPE")
@click.option("--total", type=int, help="How many licences, or the maximum.")
@click.option("--expires", type=DAY_OR_NEVER, help="The last day on which they are valid.")
@click.option("--terms", type=click.Choice([Terms.TRIAL.value, Terms.PAID.value]))
@click.option("--reason", required=True, help="Shown in the customer's licence history.")
@AS
@click.option("--over-assign", is_flag=True, help="Allow a total below what is in use.")
def pool(account: Account, licence_type: str, reason: str, **said: Unpack[Edit]) -> None:
    """Change the licences of TYPE (its key) that the account SERIAL holds, as the Admin Team."""
    if not reason.strip():
        raise click.BadParameter("say why: the customer reads it.", param_hint="--reason")
    held = get_pool_by_key(account, licence_type)
    with transaction.atomic():  # all of it or nothing
        done = [
            do(account, deed, {"pool_id": str(held.pk), **told}, reason=reason, asked_by=said["asked_by"])
            for deed, told in _deeds(said)
        ]
    click.echo(pool_in_words(get_pool(account, held.pk)))
    if not any(one.waits or one.result for one in done):
        click.echo("Nothing to change.")


def _deeds(said: Edit) -> Iterator[tuple[str, Arguments]]:
    """Yield what is to be changed, as deeds."""
    if said["expires"] is not None:
        yield "change_expiry", {"expires_on": None if said["expires"] == NEVER else str(said["expires"])}
    if said["terms"]:
        yield "change_terms", {"terms": said["terms"]}
    if said["total"] is not None:
        yield "change_total", {"total": said["total"], "over_assign": said["over_assign"]}
