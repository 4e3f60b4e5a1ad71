"""`seatledger explain`: why a line of an invoice is what it is."""

import click

from seatledger.domain.invoices.queries import explain_line_for_operator, get_issued_for_operator


class LineOfDocument(click.ParamType[tuple[str, int]]):
    """A line by the number of its document and its own: INV-123/2."""

    name = "line"

    def convert(
        self, value: str | tuple[str, int], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int]:
        if isinstance(value, tuple):
            return value
        reference, _, position = value.rpartition("/")
        if not reference or not position.isascii() or not position.isdigit() or len(position) > 6:
            self.fail(
                f"“{value}” is no line. Write the invoice's number and the line's: INV-123/2.", param, ctx
            )
        return reference, int(position)


@click.command()
@click.argument("line", type=LineOfDocument(), metavar="LINE")
@click.pass_context
def explain(context: click.Context, line: tuple[str, int]) -> None:
    """Work LINE (such as INV-123/2) out again from what was stored with it, and say why it is what it is.

    Leaves with 1 when it comes to another amount.
    """
    reference, position = line
    found = explain_line_for_operator(get_issued_for_operator(reference), position)
    click.echo(found.title)
    for sentence in found.sentences:
        click.echo(f"    {sentence}")
    if found.worked_out is None:
        click.echo(f"The line says {found.stated}.")
    elif found.agrees:
        click.echo(f"Worked out again: {found.worked_out}. The line agrees.")
    else:
        click.echo(f"Worked out again: {found.worked_out}. The line says {found.stated}.")
        if not found.totals_agree:
            click.echo("The running totals stored with it are not those it comes to.")
        context.exit(1)
