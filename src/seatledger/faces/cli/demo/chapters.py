"""The chapters of an organisation's history: what is told or done together, by one person."""

from dataclasses import dataclass
from datetime import date, datetime

from seatledger.faces.cli.demo.organisations import Agreed, StaffChange

Line = dict[str, str]


@dataclass(frozen=True)
class Told:
    """Lines of history that are imported together."""

    lines: list[Line]


@dataclass(frozen=True)
class Decided:
    """What staff or the provider changed at an instant."""

    at: datetime
    change: StaffChange


@dataclass(frozen=True)
class Ending:
    """The end of the subscription that is agreed at an instant: its last day."""

    at: datetime
    last_day: date


@dataclass(frozen=True)
class Signed:
    """What was agreed anew at an instant."""

    at: datetime
    agreed: Agreed


@dataclass(frozen=True)
class Synced:
    """The list from outside at an instant: who has the synced licence."""

    at: datetime
    emails: frozenset[str]


Chapter = Told | Decided | Ending | Signed | Synced
