"""`seatledger quiet`: from now on nothing is sent, charged or billed."""

import click
from django.utils import timezone

from seatledger.shared.quiet import become_quiet


@click.command()
@click.option("--reason", default="by hand", show_default=True, help="Shown to whoever looks.")
def quiet(*, reason: str) -> None:
    """Send, charge and bill nothing until `seatledger resume`. Pages go on to work; jobs stay queued.

    For a copy of a database that was made by other means than `seatledger restore`, before its worker starts.
    """
    become_quiet(at=timezone.now(), why=reason)
    click.echo("Quiet: nothing is sent, charged or billed until `seatledger resume`.")
