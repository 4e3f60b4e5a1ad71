"""Why an account does not move."""

from seatledger.shared.errors import Refused


class CannotMove(Refused):
    """Something of the account is under way that would be cut in two."""

    code = "cannot_move"


class NoSuchRegion(Refused):
    """There is no other region of this name, or no way to reach it."""

    code = "no_such_region"


class DoesNotFit(Refused):
    """The region it would move to does not sell what the account has, or has somebody of it already."""

    code = "does_not_fit"


class NotAMove(Refused):
    """The file is no account on its way, or damaged, or of another version."""

    code = "not_a_move"


class CameOutDifferent(Refused):
    """What arrived is not what was sent."""

    code = "came_out_different"


class NothingMoves(Refused):
    """There is no such move, or it has gone too far."""

    code = "nothing_moves"
