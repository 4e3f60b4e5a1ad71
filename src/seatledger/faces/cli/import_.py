"""`seatledger import`: bring a history over from another system."""

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click
from django.utils import timezone

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor
from seatledger.domain.events.chains import say_nothing
from seatledger.domain.licences.actions import HistoryImported, HistoryRefused, Progress, import_history
from seatledger.domain.licences.importing.rows import read_history
from seatledger.faces.cli.files import FILE, opened, show_errors
from seatledger.faces.cli.parameters import ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Callable


class Bars(Progress):
    """A progress bar for each step, one below the other."""

    def __init__(self) -> None:
        self.shown = ExitStack()
        self.update: Callable[[int], object] = say_nothing

    def begin(self, step: str, length: int) -> None:
        self.end()
        bar = click.progressbar(length=length, label=step, file=sys.stderr)
        self.update = self.shown.enter_context(bar).update

    def advance(self, parts: int) -> None:
        self.update(parts)

    def end(self) -> None:
        self.shown.close()


@click.command("import")
@click.argument("file", type=FILE)
@click.option("--account", required=True, type=ACCOUNT, help="The serial number of the account.")
@click.option("--dry-run", is_flag=True, help="Check everything, change nothing.")
def import_(file: Path, *, account: Account, dry_run: bool) -> None:
    """Take the users, roles, devices and licences of FILE into an account, at the instants it says.

    FILE is comma-separated text in UTF-8, packed (.csv.gz) or not. All of it is taken or none; what the account has
    recorded already is left alone. Nobody is sent an e-mail.
    """
    bars = Bars()
    with opened(file) as content:
        history = read_history(content, zone=ZoneInfo(account.time_zone))
    if history.local_times:
        click.echo(f"{history.local_times} times without an offset are read as {account.time_zone}.")
    try:
        result = import_history(
            account=account,
            file=history,
            dry_run=dry_run,
            at=timezone.now(),
            by=Actor.sync("import"),
            progress=bars,
        )
    except HistoryRefused as refusal:
        bars.end()
        show_errors(file, refusal.errors)
        if refusal.following:
            click.echo(f"{refusal.following} more lines follow from these and were not judged.", err=True)
        raise
    bars.end()
    show_result(result, dry_run=dry_run)


def show_result(result: HistoryImported, *, dry_run: bool) -> None:
    for kind, number in sorted(result.changed.items()):
        click.echo(f"{number:>7} {kind}")
    click.echo(f"{result.unchanged:>7} recorded already")
    if not result.changed:
        click.echo("Nothing to change.")
    else:
        click.echo("Nothing was changed: this was a dry run." if dry_run else "Imported.")
