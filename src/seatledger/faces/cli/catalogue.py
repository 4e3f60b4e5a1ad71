"""`seatledger catalogue`: show what is sold, and change it from a file."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import click
from django.utils import timezone

from seatledger.domain.catalogue.differences import difference_in_lines, item_in_lines
from seatledger.domain.catalogue.files import read_catalogue_file
from seatledger.domain.catalogue.models import LicenceType, Plan
from seatledger.domain.catalogue.queries import (
    items_of,
    list_licence_types_for_operator,
    list_plans_for_operator,
)
from seatledger.domain.catalogue.words import charging_in_words
from seatledger.domain.events.actions import Actor
from seatledger.domain.licences.actions import apply_catalogue
from seatledger.faces.cli.parameters import DAY

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def catalogue() -> None:
    """Show what is sold, and change it from a file."""


@catalogue.command("apply")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Show the difference only.")
@click.option("--effective", type=DAY, help="First day of new plan versions; today unless given.")
def apply_file(file: Path, *, dry_run: bool, effective: date | None) -> None:
    """Show how FILE differs from what is sold, and apply it.

    Names and descriptions change in place. A changed price or item makes a new version of its plan: what was
    agreed by an older one stays as it was. Nothing is deleted.
    """
    now = timezone.now()
    difference = apply_catalogue(
        wanted=read_catalogue_file(file),
        effective_on=effective or now.date(),
        dry_run=dry_run,
        at=now,
        by=Actor.admin_team(),
    )
    for line in difference_in_lines(difference):
        click.echo(line)
    if difference.is_empty:
        click.echo("Nothing to change.")
    else:
        click.echo("Nothing was changed: this was a dry run." if dry_run else "Applied.")


@catalogue.command()
def show() -> None:
    """Show every licence type and every plan as they are today."""
    kinds = {kind.key: kind for kind in list_licence_types_for_operator()}
    for kind in kinds.values():
        click.echo(f"{kind.product.name}: {kind.name} ({kind.key})")
        click.echo(f"    {rules_in_words(kind)}.")
    for plan in list_plans_for_operator():
        click.echo(f"{plan.product.name}: plan {plan.name} ({plan.key})")
        for line in versions_in_lines(plan, kinds):
            click.echo(f"    {line}")


def rules_in_words(kind: LicenceType) -> str:
    """Return who holds a licence of this type, how it is charged and what else must be known of it."""
    words = [f"Held by a {kind.held_by}", charging_in_words(kind)]
    if needed := sorted(needed.name for needed in kind.needs.all()):
        words.append(f"Needs {' or '.join(needed)}")
    if kind.exclusive_group:
        words.append(f"One of {kind.exclusive_group} at a time")
    if kind.lock_days:
        words.append(f"Stays with its holder for {kind.lock_days} days")
    if kind.sync_source:
        words.append(f"Can be kept in step with {kind.sync_source}")
    if kind.former_names:
        words.append(f"Formerly {', '.join(kind.former_names)}")
    return ". ".join(words)


def versions_in_lines(plan: Plan, kinds: Mapping[str, LicenceType]) -> Iterator[str]:
    for version in plan.versions.order_by("number"):
        yield f"version {version.number}, from {version.effective_on}"
        for item in items_of(version):
            yield from (f"    {line}" for line in item_in_lines(item, kinds))
