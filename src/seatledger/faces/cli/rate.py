"""`seatledger rate`: a contract in, its invoices out, as JSON and without a database."""

import json
from typing import BinaryIO

import click

from seatledger.domain.catalogue.price_values import FieldRefused
from seatledger.engine.rating import rate_contract
from seatledger.faces.cli.rate_answer import answer_of
from seatledger.faces.cli.rate_file import describe_format, read_rate_file


@click.command()
@click.argument("file", type=click.File("rb"), required=False)
@click.option("--schema", is_flag=True, help="Show the JSON Schema of FILE instead.")
def rate(file: BinaryIO | None, *, schema: bool) -> None:
    """Work out the invoices of the contract in FILE, a JSON document; - reads standard input.

    docs/rating.md describes the format. Nothing is stored, and no database is needed.
    """
    if schema:
        click.echo(json.dumps(describe_format(), indent=2))
        return
    if file is None:
        raise click.UsageError("Name the FILE to rate, or - for standard input.")
    contract, through = read_rate_file(file)
    try:
        rating = rate_contract(contract, through=through)
    except ValueError as error:
        raise FieldRefused("events", str(error)) from None
    click.echo(json.dumps(answer_of(contract, rating), indent=2, ensure_ascii=False))
