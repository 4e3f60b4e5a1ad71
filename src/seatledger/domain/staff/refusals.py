"""Why something about staff can be refused. Each message says what to do."""

from seatledger.shared.errors import Refused


class StaffEmailTaken(Refused):
    """Another member of staff signs in with this address."""

    code = "staff_email_taken"


class LastStaffAdministrator(Refused):
    """The console always has an administrator."""

    code = "last_staff_administrator"


class TooManyTries(Refused):
    """Too many wrong passwords or codes."""

    code = "too_many_tries"


class WrongCode(Refused):
    """The code is not the one of the authenticator app."""

    code = "wrong_app_code"


class UnfitPassword(Refused):
    """The password is too short, too common or too much like the person."""

    code = "unfit_password"


class SecondPersonNeeded(Refused):
    """Nobody approves what he asked for himself."""

    code = "second_person_needed"


class AlreadyDecided(Refused):
    """Somebody was quicker."""

    code = "already_decided"


class FiguresChanged(Refused):
    """What was shown to whoever asked is not so any more."""

    code = "figures_changed"


class NotAllowed(Refused):
    """The role of this member of staff does not include it."""

    code = "not_allowed"


class SentAlready(Refused):
    """The same form was sent before, and said something else."""

    code = "sent_already"
