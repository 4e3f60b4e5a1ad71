"""Until when what was held may be used: its last day, the days of grace after it, and what the account is by that.

A holding is valid to the end of its last day. A vendor may let it be used for some days more; they cost nothing and
change nothing else. Everything here counts days of the account's own calendar.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

MOST_DAYS_OF_GRACE: Final = 365


class Basis(StrEnum):
    """On what something is held: what is merely included decides nothing about the account."""

    TRIAL = "trial"
    PAID = "paid"
    INCLUDED = "included"


class Stage(StrEnum):
    """Where a holding stands on a day."""

    VALID = "valid"
    GRACE = "grace"
    OVER = "over"


class Kind(StrEnum):
    """What an account is by what it holds."""

    TRIAL = "trial"
    ACTIVE = "active"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Grace:
    """For how many days after its last day a holding may still be used: after a trial, and after anything else.

    Raises ValueError for less than none, or more than a year.
    """

    trial_days: int = 0
    paid_days: int = 0

    def __post_init__(self) -> None:
        for days in (self.trial_days, self.paid_days):
            if not 0 <= days <= MOST_DAYS_OF_GRACE:
                raise ValueError(f"Days of grace are from 0 to {MOST_DAYS_OF_GRACE}.")

    def days_after(self, basis: str) -> int:
        """Return how many days follow the last day of something held on this basis."""
        return self.trial_days if basis == Basis.TRIAL else self.paid_days


@dataclass(frozen=True, slots=True)
class Holding:
    """Something held on a basis to the end of `last_day`; None while no end is known."""

    basis: str
    last_day: date | None

    def access_until(self, grace: Grace) -> date | None:
        """Return the last day on which it may be used, or None while no end is known."""
        if self.last_day is None:
            return None
        return self.last_day + timedelta(days=grace.days_after(self.basis))

    def stage_on(self, today: date, grace: Grace) -> Stage:
        """Return where it stands on a day."""
        if self.last_day is None or today <= self.last_day:
            return Stage.VALID
        until = self.access_until(grace)
        assert until is not None, "what has a last day has a last day of access"
        return Stage.GRACE if today <= until else Stage.OVER


@dataclass(frozen=True, slots=True)
class Standing:
    """What an account is on a day, and by what.

    `basis` is what decides: paid before trial, None where neither was ever held. `ended_on` is the last day of what it
    holds on that basis, once that is past; `access_until` the last day of access, while that is still to come.
    """

    kind: Kind
    basis: Basis | None = None
    ended_on: date | None = None
    access_until: date | None = None

    @property
    def is_in_grace(self) -> bool:
        return self.access_until is not None


def standing_of(held: Iterable[Holding], *, today: date, grace: Grace, is_stopped: bool = False) -> Standing:
    """Return what an account is by what it holds: Active by anything paid that may be used, else a Trial, else Expired.

    An account that is stopped, because it does not pay or is closed, is Expired whatever it holds, and has no grace.
    """
    if is_stopped:
        return Standing(Kind.EXPIRED)
    held = tuple(held)
    over: list[Standing] = []
    for basis, kind in ((Basis.PAID, Kind.ACTIVE), (Basis.TRIAL, Kind.TRIAL)):
        of_basis = [holding for holding in held if holding.basis == basis]
        stages = {holding.stage_on(today, grace) for holding in of_basis}
        if Stage.VALID in stages:
            return Standing(kind, basis)
        if Stage.GRACE in stages:
            last = _last_of(of_basis)
            return Standing(kind, basis, last.last_day, last.access_until(grace))
        if of_basis:
            over.append(Standing(Kind.EXPIRED, basis, _last_of(of_basis).last_day))
    return max(over, key=lambda one: one.ended_on or date.min, default=Standing(Kind.EXPIRED))


def _last_of(held: Iterable[Holding]) -> Holding:
    """Return what ends last of holdings that all have a last day."""
    return max(held, key=lambda holding: holding.last_day or date.max)
