"""Why a change to licences can be refused. Each message says what to do."""

from seatledger.shared.errors import Refused


class NoLicenceAvailable(Refused):
    """The pool has no free licence."""

    code = "no_licence_available"


class NoSuchPool(Refused):
    """The account holds no licences of this type."""

    code = "no_such_pool"


class LicencesExpired(Refused):
    """The pool's expiry date has passed."""

    code = "licences_expired"


class WrongHolder(Refused):
    """Users hold this type, not devices; or the other way round."""

    code = "wrong_holder"


class NotActive(Refused):
    """A deactivated user holds no licences."""

    code = "not_active"


class AlreadyHeld(Refused):
    """A holder has one licence of a pool at a time."""

    code = "already_held"


class NotHeld(Refused):
    """There is no such licence to release."""

    code = "not_held"


class BaseLicenceMissing(Refused):
    """An add-on needs the licence it adds to."""

    code = "base_licence_missing"


class StillNeeded(Refused):
    """Another licence of the same holder needs this one."""

    code = "still_needed"


class AnotherLevelHeld(Refused):
    """The licence types of a group exclude each other."""

    code = "another_level_held"


class NotTheSameGroup(Refused):
    """A level is swapped for another level of its own group."""

    code = "not_the_same_group"


class LicenceLocked(Refused):
    """The type cannot be released or moved for some days after it was assigned."""

    code = "licence_locked"


class GivenByRole(Refused):
    """A role gives this licence, so the role decides when it ends."""

    code = "given_by_role"


class KeptInStep(Refused):
    """An outside list gives this licence, so the list decides when it ends."""

    code = "kept_in_step"


class GivenByActivation(Refused):
    """Every active user holds this licence; activating and deactivating is the way to change it."""

    code = "given_by_activation"


class TotalBelowUse(Refused):
    """More licences are in use than the new total."""

    code = "total_below_use"


class TotalNotLimited(Refused):
    """Licences of this type are not limited, so they have no total to change."""

    code = "total_not_limited"


class NotInThePast(Refused):
    """The ledger is written forward: a change cannot be dated before what is recorded already."""

    code = "before_what_is_recorded"


class DeviceNameTaken(Refused):
    """Another device of this type has this name."""

    code = "device_name_taken"
