"""`seatledger sync`: keep licences in step with a list from another system."""

from pathlib import Path

import click
from django.utils import timezone

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor
from seatledger.domain.licences.actions import SyncRefused, sync_list
from seatledger.domain.licences.importing.lists import read_list
from seatledger.faces.cli.files import FILE, opened, show_errors
from seatledger.faces.cli.parameters import ACCOUNT


@click.group()
def sync() -> None:
    """Bring synced licences in line with an outside list."""


@sync.command()
@click.argument("file", type=FILE)
@click.option("--account", required=True, type=ACCOUNT, help="The serial number of the account.")
@click.option("--dry-run", is_flag=True, help="Count the changes, make none.")
def pbx(file: Path, *, account: Account, dry_run: bool) -> None:
    """Let the users in FILE, and no others, hold the licences that follow the PBX configuration.

    FILE has the columns email and licence (the licence type's key). Licences that people or roles have given stay.
    """
    with opened(file) as content:
        wanted = read_list(content)
    try:
        result = sync_list(
            account=account,
            wanted=wanted,
            source="pbx",
            dry_run=dry_run,
            at=timezone.now(),
            by=Actor.sync("pbx"),
        )
    except SyncRefused as refusal:
        show_errors(file, refusal.errors)
        raise
    click.echo(f"{result.assigned} assigned, {result.released} released, {result.unchanged} unchanged.")
    if dry_run:
        click.echo("Nothing was changed: this was a dry run.")
