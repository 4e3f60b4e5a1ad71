"""`seatledger backup FILE`: the whole database in one file."""

from pathlib import Path

import click
from django.utils import timezone

from seatledger.faces.cli.safekeeping.writing import write_backup


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write every row of this instant to FILE, while everything goes on working.

    Sessions are left out. The file holds personal data and is readable by you alone; the secret key is not in it.
    """
    manifest, strange = write_backup(file, at=timezone.now())
    rows = sum(table.rows for table in manifest.tables.values())
    size = file.stat().st_size / 1_000_000
    click.echo(f"{file}: {rows:,} rows of {len(manifest.tables)} tables, {size:,.1f} MB.")
    for name in strange:
        click.echo(f"Left out, since it is not Seatledger's: the table {name}.", err=True)
