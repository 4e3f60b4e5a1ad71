"""The three kinds of failure (see the style guide, section 8): two are here, the third is a crash."""


class Refused(Exception):
    """The user can act on it; nothing changed. The message says what to do.

    Each subclass names what happened and carries a stable `code` for programs.
    """

    code = "refused"


class NotFound(Refused):
    """There is no such thing for this account; another account's thing answers the same."""

    code = "not_found"

    def __init__(self, noun: str, where: str = " in this account") -> None:
        super().__init__(f"There is no such {noun}{where}.")
        self.noun = noun


class Unreachable(Exception):
    """The outside world failed. The job that asked tries again later."""
