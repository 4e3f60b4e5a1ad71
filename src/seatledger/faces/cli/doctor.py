"""`seatledger doctor`: look at everything, and say what to do."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict

import click
from django.db import DatabaseError, connection

from seatledger.faces.cli.checks.database import check_migrations, check_quiet, check_server, check_walls
from seatledger.faces.cli.checks.findings import Check, Finding, State, ill
from seatledger.faces.cli.checks.surroundings import (
    check_clock,
    check_configuration,
    check_disk,
    check_gateway,
    check_mail,
)
from seatledger.faces.cli.checks.work import check_billing, check_jobs, check_numbers

# A new subject is a function that yields findings, and a place in one of these lists.
WITHOUT_DATABASE: Sequence[Check] = (check_configuration, check_mail, check_gateway, check_disk)
WITH_DATABASE: Sequence[Check] = (check_server, check_migrations)
WITH_TABLES: Sequence[Check] = (
    check_walls,
    check_quiet,
    check_clock,
    check_jobs,
    check_billing,
    check_numbers,
)
SIGNS = {State.WELL: "ok      ", State.WATCH: "warning ", State.ILL: "PROBLEM "}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For a program to read.")
@click.pass_context
def doctor(context: click.Context, *, as_json: bool) -> None:
    """Check configuration, database, mail, clock, disk, jobs and numbers, and say what to do.

    Nothing is changed and nothing is sent. Leaves with 1 when there is a problem; warnings do not count.
    """
    findings = list(examine())
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], indent=1))
    else:
        for finding in findings:
            click.echo(f"{SIGNS[finding.state]} {finding.subject}: {finding.words}.")
            if finding.advice:
                click.echo(f"          {finding.advice}")
    if any(finding.state is State.ILL for finding in findings):
        context.exit(1)


def examine() -> Iterator[Finding]:
    """Yield every finding; what needs the database or its tables is left out while they are not there."""
    for check in WITHOUT_DATABASE:
        yield from check()
    try:
        connection.ensure_connection()
    except DatabaseError as problem:
        yield ill(
            "database", f"it does not answer: {problem}", "See to DATABASE_URL, and that the server runs."
        )
        return
    told = [finding for check in WITH_DATABASE for finding in check()]
    yield from told
    if any(finding.subject == "migrations" and finding.state is State.ILL for finding in told):
        return
    for check in WITH_TABLES:
        yield from check()
