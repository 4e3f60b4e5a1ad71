"""What the region does that an account leaves. Each step is one transaction, and done again it changes nothing."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.accounts.models import Account
from seatledger.domain.closures.erasure import erase_jobs, erase_sessions
from seatledger.domain.events.actions import Actor
from seatledger.domain.moves.hindrances import check_can_move
from seatledger.domain.moves.inventory import LEFT_BEHIND, MOVED, SEALED, LeftBehind, Moved, Sealed
from seatledger.domain.moves.marks import mark_of
from seatledger.domain.moves.models import Direction, Forwarding, Move, MoveState
from seatledger.domain.moves.package import Manifest
from seatledger.domain.moves.refusals import CameOutDifferent, NoSuchRegion, NothingMoves
from seatledger.domain.moves.rows import remove_rows
from seatledger.domain.moves.totals import add_up_again
from seatledger.domain.notifications.letters.posting import forget_letters
from seatledger.domain.people.models import User

# So long somebody who signs in where his account was is told where it is.
FORWARDED_FOR: Final = timedelta(days=90)
_NUMBERS_ELSEWHERE = """
INSERT INTO invoices_numberelsewhere (series_id, number, reference, region, dated_on, issued_at, currency, net_minor,
                                      tax_minor, total_minor, taxes)
SELECT issue.series_id, issue.number, issue.reference, %(region)s, document.dated_on, issue.issued_at, document.currency,
       document.net_minor, document.tax_minor, document.total_minor, document.taxes
FROM invoices_issue issue JOIN invoices_document document ON document.id = issue.document_id
JOIN invoices_numberseries series ON series.id = issue.series_id AND series.region = ''
WHERE issue.account_id = %(account)s
"""
# The bank's line stays on the bank's statement; who paid it and for what goes with the account.
_TRANSFERS = """
UPDATE payments_incomingtransfer SET state = 'ignored', payment_id = NULL, payer = '', payer_account = '', remittance = '',
       note = %(note)s
WHERE payment_id IN (SELECT id FROM payments_payment WHERE account_id = %(account)s)
"""


def check_other_region(key: str) -> None:
    """Let only another region than this one pass. Raises NoSuchRegion."""
    others = [other for other in settings.SEATLEDGER_REGIONS if other != settings.SEATLEDGER_REGION]
    if key not in others:
        raise NoSuchRegion(f"There is no other region “{key}”. Choose one of: {', '.join(others)}.")


@transaction.atomic
def begin_move(*, account: Account, to: str, at: datetime, by: Actor) -> Move:
    """Let nobody work on the account from now on, here, until it goes on in the region `to`.

    Raises NoSuchRegion and CannotMove.
    """
    del by  # it is noted where the account goes on
    check_other_region(to)
    account = lock_account(account)
    check_can_move(account)
    account.moving_to = to
    account.save(update_fields=["moving_to"])
    return Move.objects.create(
        about_id=account.pk,
        serial_mark=mark_of(account.serial_number),
        direction=Direction.OUT,
        region=to,
        state=MoveState.HELD,
        begun_at=at,
    )


@transaction.atomic
def note_receipt(*, move: Move, sent: Manifest, receipt: dict[str, Any], at: datetime, by: Actor) -> Move:
    """Compare what arrived with what was sent, table by table. Raises CameOutDifferent."""
    del at, by
    held = _hold(move)
    if held.state != MoveState.HELD:
        return held
    expected = receipt_of(sent)
    if wrong := sorted(key for key in expected if receipt.get(key) != expected[key]):
        raise CameOutDifferent(f"What arrived in {move.region} is not what was sent: {', '.join(wrong)}.")
    held.state, held.facts = MoveState.RECEIVED, {"rows": count_of(sent), **sent.facts}
    held.save(update_fields=["state", "facts"])
    return held


def receipt_of(manifest: Manifest) -> dict[str, Any]:
    """Return what both regions must say alike: rows and digests of each table, chains, invoices and payments."""
    return {
        "tables": {name: asdict(counted) for name, counted in manifest.tables.items()},
        "sealed": {name: asdict(counted) for name, counted in manifest.sealed.items()},
        **manifest.facts,
    }


def count_of(manifest: Manifest) -> int:
    return sum(counted.rows for counted in (*manifest.tables.values(), *manifest.sealed.values()))


@transaction.atomic
def switch(*, move: Move, at: datetime, by: Actor) -> Move:
    """Send the account's people to the other region from now on: there is no way back but another move."""
    del by
    held = _hold(move)
    if held.state != MoveState.RECEIVED:
        return held
    account = Account.objects.get(pk=held.about_id)
    addresses = User.objects.filter(account=account, is_active=True).values_list("email", flat=True)
    Forwarding.objects.bulk_create(
        [
            Forwarding(address_mark=mark_of(address), region=held.region, until=at + FORWARDED_FOR)
            for address in addresses.iterator(chunk_size=2000)
        ],
        update_conflicts=True,
        unique_fields=["address_mark"],
        update_fields=["region", "until"],
        batch_size=2000,
    )
    erase_sessions(account)
    held.state = MoveState.SWITCHED
    held.save(update_fields=["state"])
    return held


@transaction.atomic
def erase_here(*, move: Move, at: datetime, by: Actor) -> Move:
    """Erase everything of an account that goes on elsewhere; its numbers stay, without a name."""
    del by
    held = _hold(move)
    if held.state != MoveState.SWITCHED:
        return held
    account = Account.objects.get(pk=held.about_id)
    with connection.cursor() as cursor:
        keep_numbers(cursor, account.pk, held.region)
        note = f"Its account goes on in the region {held.region}."
        cursor.execute(_TRANSFERS, {"account": account.pk, "note": note})
    erase_jobs(account)
    erase_sessions(account)
    forget_letters(str(account.pk))
    remove_everything(account.pk)
    held.state, held.ended_at = MoveState.ERASED, at
    held.save(update_fields=["state", "ended_at"])
    return held


@transaction.atomic
def give_up(*, move: Move, at: datetime, by: Actor) -> Move:
    """Let the account stay and be worked on again. Raises NothingMoves when it goes on elsewhere already."""
    del by
    held = _hold(move)
    if held.state == MoveState.GIVEN_UP:
        return held
    if held.state not in {MoveState.HELD, MoveState.RECEIVED}:
        raise NothingMoves(f"The account goes on in {held.region} already. Move it back from there.")
    Account.objects.filter(pk=held.about_id).update(moving_to="")
    held.state, held.ended_at = MoveState.GIVEN_UP, at
    held.save(update_fields=["state", "ended_at"])
    return held


def forget_old_forwarding(*, at: datetime) -> int:
    """Forget whom this region has sent on for long enough; returns how many."""
    return Forwarding.objects.filter(until__lte=at).delete()[0]


def keep_numbers(cursor: CursorWrapper, account_id: UUID, region: str) -> None:
    """Keep what a seller's books need of the numbers given here, whose documents are in another region."""
    cursor.execute(_NUMBERS_ELSEWHERE, {"account": account_id, "region": region})


def remove_everything(account_id: UUID) -> None:
    """Delete every row of an account, through the door that the database opens for one that is leaving."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('seatledger.leaving', %s, true)", [str(account_id)])
        tables: list[Moved | Sealed | LeftBehind] = [*LEFT_BEHIND, *SEALED, *reversed(MOVED)]
        for table in tables:
            remove_rows(cursor, table, account_id)
        cursor.execute("SELECT set_config('seatledger.leaving', '', true)")
    add_up_again(account_id)


def _hold(move: Move) -> Move:
    return Move.objects.select_for_update().get(pk=move.pk)
