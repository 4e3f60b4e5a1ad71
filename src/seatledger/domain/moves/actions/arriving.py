"""What the region does that an account comes to. Done again, each step changes nothing."""

import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor, record
from seatledger.domain.events.models import Event
from seatledger.domain.events.queries import find_broken_links
from seatledger.domain.invoices.models import Issue, NumberElsewhere
from seatledger.domain.invoices.queries import find_wrong_amounts
from seatledger.domain.licences.models import LedgerEntry
from seatledger.domain.licences.queries import find_disagreements
from seatledger.domain.moves import secret_rows
from seatledger.domain.moves.actions.leaving import keep_numbers, receipt_of, remove_everything
from seatledger.domain.moves.facts import find_facts
from seatledger.domain.moves.happenings import AccountMoved
from seatledger.domain.moves.inventory import MOVED, SEALED
from seatledger.domain.moves.marks import mark_of, marks_of
from seatledger.domain.moves.models import Direction, Forwarding, Move, MoveState
from seatledger.domain.moves.offers import ensure_series
from seatledger.domain.moves.package import Manifest, blocks_of_file, check_package, opened
from seatledger.domain.moves.queries import get_move_under_way_for_operator
from seatledger.domain.moves.refusals import CameOutDifferent, DoesNotFit
from seatledger.domain.moves.rows import count_rows, put_rows
from seatledger.domain.moves.seals import envelope_from
from seatledger.domain.moves.totals import add_up_again
from seatledger.domain.payments.queries import find_wrong_payments
from seatledger.domain.people.models import User
from seatledger.shared.rows import speak_plainly

# What the database says when somebody or something of the account is in this region by itself.
_TAKEN: Final = {
    "an_email_belongs_to_one_user": "A user of the account has an address that somebody here signs in with.",
    "a_domain_belongs_to_one_account": "An account here has proved one of its e-mail domains.",
    "invoices_issue_reference_key": "A document here bears one of its numbers.",
}


def receive(*, path: Path, at: datetime, by: Actor) -> dict[str, Any]:
    """Put an account in its place, where nobody works on it yet, and return what it comes to, worked out from here.

    An account that has arrived already is compared, and received again when it differs. Raises NotAMove, DoesNotFit and
    CameOutDifferent.
    """
    with opened(path) as (archive, manifest):
        check_package(archive, manifest)
        account_id = UUID(manifest.account_id)
        if Account.objects.filter(pk=account_id).exists():
            # Raises NothingMoves for an account that works here.
            get_move_under_way_for_operator(account_id, direction=Direction.IN)
            if _receipt(account_id) == receipt_of(manifest):
                return _receipt(account_id)
            drop_arrival(account_id=account_id, at=at, by=by)
        try:
            with transaction.atomic():
                _put_in_place(archive, manifest, at)
        except IntegrityError as problem:
            raise DoesNotFit(_why(problem)) from problem
        return _receipt(account_id)


@transaction.atomic
def open_arrival(*, account_id: UUID, at: datetime, by: Actor) -> Account:
    """Let an account that has arrived go on here. Raises NothingMoves."""
    opened_before = Move.objects.filter(
        about_id=account_id, direction=Direction.IN, state=MoveState.OPENED
    ).exists()
    account = Account.objects.filter(pk=account_id, moving_to="").first()
    if opened_before and account is not None:
        return account
    move = get_move_under_way_for_operator(account_id, direction=Direction.IN)
    Account.objects.filter(pk=account_id).update(moving_to="")
    account = Account.objects.get(pk=account_id)
    move.state, move.ended_at = MoveState.OPENED, at
    move.save(update_fields=["state", "ended_at"])
    for address in User.objects.filter(account=account).values_list("email", flat=True):
        Forwarding.objects.filter(address_mark__in=marks_of(address)).delete()
    happening = AccountMoved(from_region=move.region, to_region=account.region)
    record(happening, account=account, at=at, by=by)
    return account


@transaction.atomic
def drop_arrival(*, account_id: UUID, at: datetime, by: Actor) -> None:
    """Remove an account that has arrived and does not go on here after all; nothing when there is none."""
    del by
    move = Move.objects.filter(about_id=account_id, direction=Direction.IN, state=MoveState.ARRIVED).first()
    if move is None:
        return
    with connection.cursor() as cursor:
        keep_numbers(cursor, account_id, move.region)
    remove_everything(account_id)
    move.state, move.ended_at = MoveState.DROPPED, at
    move.save(update_fields=["state", "ended_at"])


def _put_in_place(archive: zipfile.ZipFile, manifest: Manifest, at: datetime) -> None:
    account_id = UUID(manifest.account_id)
    speak_plainly()
    ensure_series(manifest.series)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('seatledger.arriving', %s, true)", [manifest.account_id])
        for table in MOVED:
            put_rows(cursor, table, account_id, blocks_of_file(archive, f"tables/{table.table}.copy"))
    # Of an account that comes back: its numbers have their documents again.
    references = Issue.objects.filter(account=account_id).values("reference")
    NumberElsewhere.objects.filter(reference__in=references).delete()
    envelope = envelope_from(manifest.sender, receiver=manifest.receiver)
    for sealed in SEALED:
        with archive.open(f"sealed/{sealed.table}.lines") as lines:
            secret_rows.put_rows(sealed, (envelope.open(line.decode().strip()) for line in lines))
    account = Account.objects.get(pk=account_id)
    Move.objects.create(
        about_id=account_id,
        serial_mark=mark_of(account.serial_number),
        direction=Direction.IN,
        region=manifest.region,
        state=MoveState.ARRIVED,
        begun_at=at,
        facts=find_facts(account_id),
    )
    add_up_again(account_id)
    _see_that_it_holds(account_id, manifest)


def _see_that_it_holds(account_id: UUID, manifest: Manifest) -> None:
    """Ask the same questions as the other region did, and prove chains, counters and amounts."""
    said, expected = _receipt(account_id), receipt_of(manifest)
    wrong = [name for name, counted in expected["tables"].items() if said["tables"][name] != counted]
    wrong += [key for key in expected if key != "tables" and said[key] != expected[key]]
    account = Account.objects.get(pk=account_id)
    wrong += [f"{link.chain} {link.sequence}" for link in find_broken_links(account, chain=Event)]
    wrong += [f"{link.chain} {link.sequence}" for link in find_broken_links(account, chain=LedgerEntry)]
    for each in (
        *find_disagreements(account),
        *find_wrong_amounts(account),
        *find_wrong_payments(account),
    ):
        wrong.append(f"{each.subject}: {each.what}")
    if wrong:
        raise CameOutDifferent(f"What arrived does not agree with what was sent: {'; '.join(wrong[:10])}.")


def _receipt(account_id: UUID) -> dict[str, Any]:
    with transaction.atomic():
        speak_plainly()
        counted = {table.table: count_rows(table, account_id) for table in MOVED}
        sealed = {table.table: secret_rows.count_rows(table, account_id) for table in SEALED}
    return {
        "tables": {name: vars(each) for name, each in counted.items()},
        "sealed": {name: vars(each) for name, each in sealed.items()},
        **find_facts(account_id),
    }


def _why(problem: IntegrityError) -> str:
    found = getattr(problem.__cause__, "diag", None)
    said = _TAKEN.get(getattr(found, "constraint_name", None) or "")
    said = said or f"The database here refuses a row of it: {getattr(found, 'message_primary', problem)}."
    return f"{said} Change that in one of the two regions ({settings.SEATLEDGER_REGION}) first."
