"""`seatledger restore FILE`: fill an empty database from a backup, and be quiet."""

from pathlib import Path

import click
from django.utils import timezone

from seatledger.faces.cli.safekeeping.loading import load_backup
from seatledger.faces.cli.safekeeping.manifest import knows_secret


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Fill an empty database from FILE, which `seatledger backup` wrote, with this version or an older one.

    The copy sends, charges and bills nothing until `seatledger resume`. Cut off, it is simply begun again.
    """
    manifest = load_backup(file, at=timezone.now())
    rows = sum(table.rows for table in manifest.tables.values())
    click.echo(f"Restored {rows:,} rows of {len(manifest.tables)} tables as they were at {manifest.made_at}.")
    if not knows_secret(manifest):
        click.echo(
            "The secret key is another one: links in mails and authenticator apps of that time do not work. Set "
            "SEATLEDGER_SECRET_KEY to the old one, or give it in SEATLEDGER_OLD_SECRET_KEYS.",
            err=True,
        )
    click.echo("This copy is quiet: nothing is sent, charged or billed.")
    click.echo("Prove it with `seatledger verify`, look at it, then let it work with `seatledger resume`.")
