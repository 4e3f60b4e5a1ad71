"""Why a change to people can be refused. Each message says what to do."""

from seatledger.shared.errors import Refused


class LastAdministrator(Refused):
    """An account always has at least one active administrator."""

    code = "last_administrator"


class AdministratorRoleHeld(Refused):
    """The Administrator role is removed before a user is deactivated."""

    code = "administrator_role_held"


class OwnDeletion(Refused):
    """Nobody deletes himself."""

    code = "own_deletion"


class ContactStillNeeded(Refused):
    """The main contact cannot leave before another is chosen."""

    code = "main_contact_still_needed"
