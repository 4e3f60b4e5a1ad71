"""What can stand in the way of signing up."""

from seatledger.shared.errors import Refused


class SignupClosed(Refused):
    """Nobody can open an account by himself here."""

    code = "signup_closed"


class NotOnOffer(Refused):
    """This cannot be tried by signing up."""

    code = "not_on_offer"


class WeakPassword(Refused):
    """The password is too easy to guess."""

    code = "weak_password"


class SignupOver(Refused):
    """There is nothing left to confirm: the link was used, or it was asked for too long ago."""

    code = "signup_over"


class NotTheirPassword(Refused):
    """Who follows the link does not know the password that was chosen with it."""

    code = "not_their_password"
