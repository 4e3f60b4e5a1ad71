"""Questions about moves, for who carries them out."""

from uuid import UUID

from seatledger.domain.moves.marks import marks_of
from seatledger.domain.moves.models import UNDER_WAY, Direction, Move
from seatledger.domain.moves.refusals import NothingMoves
from seatledger.shared.text import clean_search


def find_move_for_operator(serial_number: str, *, direction: Direction) -> Move | None:
    """Return the newest move of an account by its serial number, or None."""
    marks = marks_of(clean_search(serial_number))
    return Move.objects.filter(serial_mark__in=marks, direction=direction).order_by("-begun_at").first()


def get_move_under_way_for_operator(account_id: UUID, *, direction: Direction) -> Move:
    """Return the move of an account that has not come to an end. Raises NothingMoves."""
    move = Move.objects.filter(about_id=account_id, direction=direction, state__in=UNDER_WAY).first()
    if move is None:
        raise NothingMoves("No such account is on its way.")
    return move


def list_moves_for_operator() -> list[Move]:
    """Return every move this region has seen, the newest first."""
    return list(Move.objects.order_by("-begun_at"))
