"""`seatledger bill`: charge what is due."""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, TypedDict, Unpack

import click
from django.db import transaction
from django.utils import timezone

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor
from seatledger.domain.invoices.actions import (
    Chunk,
    begin_run,
    bill_alone,
    finish_run,
)
from seatledger.domain.invoices.drafts import StoredDraft
from seatledger.domain.invoices.models import Document, DocumentKind
from seatledger.domain.invoices.runs import bill_in_chunks
from seatledger.engine.money import Money
from seatledger.faces.cli.doing import AS, do
from seatledger.faces.cli.parameters import ACCOUNT, DAY


class Asked(TypedDict):
    """What `bill` is told."""

    through: date | None
    account: Account | None
    release: Account | None
    discard: Account | None
    dry_run: bool
    reason: str
    asked_by: str


@click.command()
@click.option("--through", type=DAY, help="Charge what is due up to this day; today, unless told otherwise.")
@click.option("--account", type=ACCOUNT, help="Only the account with this serial number.")
@click.option("--dry-run", is_flag=True, help="Say what would be, change nothing.")
@click.option(
    "--release", type=ACCOUNT, help="Issue the draft of this account that waits, or let it be tried again."
)
@click.option("--discard", type=ACCOUNT, help="Throw away the draft of this account that waits.")
@click.option("--reason", default="", help="Why it is released or thrown away; needed with --as.")
@AS
@click.option(
    "--json", "as_json", is_flag=True, help="One JSON object a line: documents, what waits, a summary."
)
def bill(*, as_json: bool, **asked: Unpack[Asked]) -> None:
    """Issue the invoices and credit notes that are due, each account by the days of its own time zone.

    Run it as often as you like, also at several places at once: what was charged is not charged again. An account that
    fails, and one whose document is out of proportion to its past, waits for a person: see --release and --discard.
    """
    _check(**asked)
    if asked["release"]:
        lines = _decide(asked["release"], "release_billing", asked)
    elif asked["discard"]:
        lines = _decide(asked["discard"], "discard_draft", asked)
    elif asked["account"]:
        lines = _bill_one(asked["account"], asked["through"], dry_run=asked["dry_run"])
    else:
        lines = _bill_all(asked["through"], dry_run=asked["dry_run"])
    for line in lines:
        _say(line, as_json=as_json)
    if asked["dry_run"] and not as_json:
        click.echo("Nothing was changed: this was a dry run.")


def _check(**asked: Unpack[Asked]) -> None:
    if sum(asked[name] is not None for name in ("account", "release", "discard")) > 1:
        raise click.UsageError("Say one of --account, --release and --discard.")
    # The day has begun somewhere once it is fourteen hours away here.
    latest = (timezone.now() + timedelta(hours=14)).date()
    if asked["through"] and asked["through"] > latest:
        raise click.BadParameter("that day has not come yet.", param_hint="--through")


def _decide(account: Account, deed: str, asked: Asked) -> Iterator[dict[str, object]]:
    done = do(account, deed, {}, reason=asked["reason"], asked_by=asked["asked_by"])
    if done.waits:
        return
    if isinstance(done.result, Document):
        yield _document(account.serial_number, done.result)
    event = "released" if deed == "release_billing" else "discarded"
    yield {"event": event, "account": account.serial_number}


def _bill_one(account: Account, through: date | None, *, dry_run: bool) -> Iterator[dict[str, object]]:
    chunk = bill_alone(
        account=account, through=through, at=timezone.now(), by=Actor.system(), dry_run=dry_run
    )
    yield from _said_of([chunk])


def _bill_all(through: date | None, *, dry_run: bool) -> Iterator[dict[str, object]]:
    at, by = timezone.now(), Actor.system()
    with transaction.atomic():
        run, due = begin_run(through=through, at=at, by=by)
        transaction.set_rollback(dry_run)
    chunks: list[Chunk] = []
    # `click` draws the bar on a terminal alone.
    with click.progressbar(
        length=due, label="Accounts", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        for chunk in bill_in_chunks(through=through, at=at, by=by, dry_run=dry_run):
            bar.update(len(chunk.accounts))
            chunks.append(chunk)
    if not dry_run:
        finish_run(run=run, chunks=chunks, at=timezone.now(), by=by)
    yield from _said_of(chunks)


def _said_of(chunks: Sequence[Chunk]) -> Iterator[dict[str, object]]:
    totals: Counter[tuple[str, str]] = Counter()
    for chunk in chunks:
        totals.update(chunk.totals)
        for document in chunk.outcome.documents:
            yield _document(chunk.accounts[document.account_id], document)
        for serial, because in chunk.outcome.parked:
            yield {"event": "waits", "account": serial, "because": because}
    yield _summary(
        totals,
        accounts=sum(len(chunk.accounts) for chunk in chunks),
        documents=sum(len(chunk.outcome.documents) for chunk in chunks),
        parked=sum(len(chunk.outcome.parked) for chunk in chunks),
    )


def _document(serial: str, document: Document | StoredDraft) -> dict[str, object]:
    return {
        "event": "document",
        "account": serial,
        "kind": str(document.kind),
        "dated_on": document.dated_on.isoformat(),
        "currency": document.currency,
        "total_minor": document.total_minor,
    }


def _summary(totals: Counter[tuple[str, str]], **counts: int) -> dict[str, object]:
    sums = [
        {"kind": kind, "currency": currency, "total_minor": total}
        for (kind, currency), total in sorted(totals.items())
    ]
    return {"event": "summary", **counts, "totals": sums}


def _say(line: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(line))
    else:
        for sentence in _in_words(line):
            click.echo(sentence)


def _in_words(line: dict[str, Any]) -> Iterator[str]:
    """Yield what a person reads; of the documents of a run he reads the sums alone."""
    match line["event"]:
        case "waits":
            yield f"{line['account']} waits: {line['because']}"
        case "released":
            yield f"{line['account']} is billed again from now on."
        case "discarded":
            yield f"The draft of {line['account']} is gone; the next run makes it anew."
        case "summary":
            yield f"{line['accounts']} account(s) looked at, {line['documents']} document(s), {line['parked']} waiting."
            for total in line["totals"]:
                amount = Money(total["total_minor"], total["currency"])
                yield f"{DocumentKind(total['kind']).label}s: {amount}"
