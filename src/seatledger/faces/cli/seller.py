"""`seatledger seller`: show who sells, and change it from a file."""

from pathlib import Path

import click
from django.utils import timezone

from seatledger.domain.events.actions import Actor
from seatledger.domain.invoices.actions import apply_seller
from seatledger.domain.invoices.models import Seller
from seatledger.domain.invoices.queries import list_rates_for_operator, list_sellers_for_operator
from seatledger.domain.invoices.seller_files import read_seller_file
from seatledger.domain.invoices.seller_specs import seller_in_lines
from seatledger.faces.cli.files import FILE


@click.group()
def seller() -> None:
    """Show who sells and at which rates of tax, and change it from a file."""


@seller.command("apply")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Show the difference only.")
def apply_file(file: Path, *, dry_run: bool) -> None:
    """Show how FILE differs from what is stored of its seller, and apply it.

    What was issued keeps the seller and the tax of its day.
    """
    difference = apply_seller(
        wanted=read_seller_file(file), dry_run=dry_run, at=timezone.now(), by=Actor.admin_team()
    )
    for line in seller_in_lines(difference):
        click.echo(line)
    if difference.is_empty:
        click.echo("Nothing to change.")
    else:
        click.echo("Nothing was changed: this was a dry run." if dry_run else "Applied.")


@seller.command()
def show() -> None:
    """Show every seller, the next numbers of its documents, and its rates of tax as of today."""
    today = timezone.now().date()
    for row in list_sellers_for_operator():
        click.echo(f"{row.name} ({row.key}){', the default' if row.is_default else ''}")
        click.echo(f"    {address_in_words(row)}")
        for series in sorted(row.series.all(), key=lambda series: series.kind, reverse=True):
            click.echo(f"    next {series.get_kind_display().lower()}: {series}")
        for rate in list_rates_for_operator(row, on=today):
            click.echo(f"    {rate}, from {rate.effective_on}")


def address_in_words(row: Seller) -> str:
    """Return where a seller is and its VAT number, in a line."""
    parts = [row.street, f"{row.postcode} {row.city}".strip(), row.country, row.vat_number]
    return ", ".join(filter(None, parts))
