"""`seatledger verify`: prove that nothing was tampered with, and that every number and amount agrees."""

from collections.abc import Iterator

import click
from django.utils import timezone

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.models import Event
from seatledger.domain.events.queries import find_broken_links
from seatledger.domain.figures.queries import find_wrong_figures, find_wrong_totals
from seatledger.domain.invoices.queries import count_what_was_added_up, find_wrong_amounts
from seatledger.domain.licences.models import LedgerEntry
from seatledger.domain.licences.queries import count_what_is_proven, find_disagreements
from seatledger.domain.payments.queries import find_wrong_payments
from seatledger.faces.cli.parameters import ACCOUNT

ELSEWHERE = "an account that moved"
ANEW = "`seatledger figures --again` works it out anew"


@click.command()
@click.argument("account", type=ACCOUNT, metavar="[SERIAL]", required=False)
@click.pass_context
def verify(context: click.Context, account: Account | None) -> None:
    """Work out every chain, every counter and every amount again, of one account or of all.

    Leaves with 1 when something does not agree. What it cannot see is a chain that was rewritten whole by someone who
    owns the database: compare the newest links it prints for one account with those you kept.
    """
    problems = list(find_problems(account))
    for problem in problems:
        click.echo(problem)
    if problems:
        click.echo(f"{len(problems)} thing(s) are wrong.")
        context.exit(1)
    proven = count_what_is_proven(account)
    click.echo(
        f"OK: {proven.events} events and {proven.entries} ledger entries are whole; {proven.pools} pools agree with "
        f"{proven.assignments} assignments and with the ledger, in {proven.accounts} account(s)."
    )
    added = count_what_was_added_up(account)
    click.echo(f"OK: {added.documents} documents and {added.entries} entries of statements add up.")
    for chain, link in proven.newest_links if account else ():
        click.echo(f"Newest link of {chain}: {link}")


def find_problems(account: Account | None) -> Iterator[str]:
    """Yield what is wrong, a sentence each, beginning with the serial number of the account."""
    names = {row.pk: row.serial_number for row in ([account] if account else Account.objects.all())}
    for chain, what in ((Event, "event"), (LedgerEntry, "ledger entry")):
        for link in find_broken_links(account, chain=chain):
            yield f"{names[link.account_id]}: {what} {link.sequence}: {link.what}."
    for each in (*find_disagreements(account), *find_wrong_amounts(account), *find_wrong_payments(account)):
        yield f"{names.get(each.account_id, ELSEWHERE)}: {each.subject}: {each.what}."
    for each in find_wrong_figures(account, at=timezone.now()):
        yield f"{names.get(each.account_id, ELSEWHERE)}: {each.subject}: {each.what}; {ANEW}."
    if account is None:
        yield from (f"{what}; {ANEW}." for what in find_wrong_totals())
