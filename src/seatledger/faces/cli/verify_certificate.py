"""`seatledger verify-certificate`: check a certificate of deletion."""

from pathlib import Path
from typing import cast

import click

from seatledger.domain.closures.certificates import check_certificate


@click.command(name="verify-certificate")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify_certificate(file: Path) -> None:
    """Check that FILE is a certificate of deletion as it was signed, and say what it states.

    The signature proves that nothing was changed since; whose key it is, compare with what the vendor published.
    """
    checked = check_certificate(file.read_bytes())
    statement = checked.statement
    click.echo(f"Genuine: signed with the key {checked.key}")
    click.echo(f"SHA-256 of this file, as its PDF shows it: {checked.digest}")
    for name in (
        "installation",
        "account",
        "region",
        "requested_at",
        "took_effect_at",
        "closed_at",
        "erased_at",
    ):
        click.echo(f"  {name:<15} {statement[name]}")
    for part in ("erased", "kept"):
        click.echo(f"{part.capitalize()}:")
        for row in cast("list[dict[str, object]]", statement[part]):
            why = f"  {row['why']}" if "why" in row else ""
            click.echo(f"  {row['rows']:>8} rows of {row['table']}{why}")
