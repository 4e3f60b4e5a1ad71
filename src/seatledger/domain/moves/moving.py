"""The whole of a move, step by step: what was done is skipped, so that whoever was cut off goes on by beginning again."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from seatledger.domain.accounts.models import Account
from seatledger.domain.accounts.queries import get_account_for_operator
from seatledger.domain.events.actions import Actor
from seatledger.domain.moves.actions import begin_move, erase_here, give_up, note_receipt, switch
from seatledger.domain.moves.models import Direction, Move, MoveState
from seatledger.domain.moves.offers import make_offer
from seatledger.domain.moves.package import write_package
from seatledger.domain.moves.queries import find_move_for_operator
from seatledger.domain.moves.refusals import NothingMoves
from seatledger.shared.errors import Refused

Clock = Callable[[], datetime]
Answer = dict[str, Any]


class OtherCell(Protocol):
    """The region an account moves to, as this one asks it. Each question may be asked again.

    Raises Refused when the other region says no, Unreachable when it says nothing.
    """

    def expect(self, offer: dict[str, Any]) -> dict[str, Any]: ...

    def receive(self, package: Path) -> dict[str, Any]: ...

    def open(self, account_id: UUID) -> None: ...

    def drop(self, account_id: UUID) -> None: ...


def move_account(
    serial_number: str, *, to: str, other: OtherCell, folder: Path, clock: Clock, by: Actor
) -> Iterator[str]:
    """Move an account, or go on with its move, and yield what was done, a sentence each.

    What the other region refuses before it has taken over is given up: the account goes on here.
    """
    answered: Answer | None = None
    move = find_move_for_operator(serial_number, direction=Direction.OUT)
    if move is None or move.state == MoveState.GIVEN_UP or _came_back(move):
        account = get_account_for_operator(serial_number)
        answered = other.expect(make_offer(account))
        move = begin_move(account=account, to=to, at=clock(), by=by)
        yield f"Held: nobody works on {serial_number} until it goes on in {to}."
    if move.region != to:
        raise NothingMoves(f"The account moves to {move.region}, or has moved there.")
    package = folder / f"{move.pk}.move"
    if move.state == MoveState.HELD:
        move = _send(move, package, other, answered, clock)
        yield f"Sent: {move.facts['rows']} rows; {to} has the same rows, chains, invoices and payments."
    if move.state == MoveState.RECEIVED:
        move = switch(move=move, at=clock(), by=by)
        yield f"Switched: who signs in here is sent to {to}."
    if move.state == MoveState.SWITCHED:
        other.open(move.about_id)
        yield f"Opened: it goes on in {to}."
        package.unlink(missing_ok=True)
        move = erase_here(move=move, at=clock(), by=by)
        yield "Erased: nothing of it is here any more but the numbers of its documents."
    else:
        package.unlink(missing_ok=True)
        yield f"It moved to {to} already."


def give_up_move(serial_number: str, *, other: OtherCell, folder: Path, clock: Clock) -> None:
    """Let an account stay that was to move; what has arrived of it is removed there. Raises NothingMoves."""
    move = find_move_for_operator(serial_number, direction=Direction.OUT)
    if move is None:
        raise NothingMoves("No such account is on its way.")
    _give_up(move, folder / f"{move.pk}.move", other, clock)


def _send(move: Move, package: Path, other: OtherCell, answered: Answer | None, clock: Clock) -> Move:
    account = Account.objects.get(pk=move.about_id)
    offer = make_offer(account)
    try:
        receiver = (answered or other.expect(offer))["public_key"]
        manifest = write_package(package, account=account, offer=offer, receiver=receiver)
        return note_receipt(
            move=move, sent=manifest, receipt=other.receive(package), at=clock(), by=Actor.admin_team()
        )
    except Refused:
        _give_up(move, package, other, clock)
        raise


def _give_up(move: Move, package: Path, other: OtherCell, clock: Clock) -> None:
    if move.state in {MoveState.HELD, MoveState.RECEIVED}:
        other.drop(move.about_id)
    give_up(move=move, at=clock(), by=Actor.admin_team())
    package.unlink(missing_ok=True)


def _came_back(move: Move) -> bool:
    """Say whether an account that went away is here again, and may go once more."""
    here = Account.objects.filter(pk=move.about_id, moving_to="")
    return move.state == MoveState.ERASED and here.exists()
