"""Why something about the end of an account is refused."""

from seatledger.shared.errors import Refused


class ClosureIsPending(Refused):
    """The account's deletion was requested already."""

    code = "closure_is_pending"


class NameNotTyped(Refused):
    """The name that was typed is not the account's."""

    code = "name_not_typed"


class PasswordWrong(Refused):
    """The password that was typed is not the requester's."""

    code = "password_wrong"


class TooLate(Refused):
    """The closing has begun: what is taken away is not given back."""

    code = "closing_has_begun"


class NotSooner(Refused):
    """The date is not earlier than the one that is set, or has passed."""

    code = "not_sooner"


class HasCustomers(Refused):
    """A provider is not closed while it looks after customers."""

    code = "has_customers"


class NothingIsDue(Refused):
    """No step of the closing is due at this moment."""

    code = "nothing_is_due"


class BadCertificate(Refused):
    """The file is not a certificate, or was changed after it was signed."""

    code = "bad_certificate"
