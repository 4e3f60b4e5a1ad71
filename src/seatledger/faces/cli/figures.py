"""`seatledger figures`: work out the figures of the business now, and say what they are."""

import click
from django.utils import timezone

from seatledger.domain.figures.models import Movement
from seatledger.domain.figures.queries import (
    list_currencies_for_operator,
    list_revenue_months_for_operator,
)
from seatledger.domain.figures.runs import reckon_figures, rework_figures
from seatledger.engine.money import Money


@click.command()
@click.option(
    "--again", is_flag=True, help="Forget every month, those that are over as well, and work all out anew."
)
def figures(*, again: bool) -> None:
    """Work out the months that are over and not reckoned yet, the running one and what is to come, as every night.

    A month that is over stays as it was reckoned then. What came to be known later, such as an imported history, counts
    in it only after --again; `seatledger verify` says which months it would change.
    """
    reckon = rework_figures if again else reckon_figures
    done = reckon(at=timezone.now())
    click.echo(f"Reckoned {len(done.months)} month(s) of {done.accounts} account(s).")
    for currency in list_currencies_for_operator():
        for month in list_revenue_months_for_operator(currency)[-2:]:
            parts = ", ".join(
                f"{movement.label.lower()} {Money(month.change_minor(movement), currency)}"
                for movement in Movement
                if movement in month.changes
            )
            click.echo(
                f"{month.month:%Y-%m}: {Money(month.opening_minor, currency)} -> {Money(month.closing_minor, currency)}"
                f" a month{f' ({parts})' if parts else ''}"
            )
