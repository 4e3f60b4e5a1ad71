"""What every deed says of itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor
from seatledger.domain.staff.permissions import StaffPermission
from seatledger.engine.currencies import exponent_of

# As JSON keeps them: text, whole numbers, yes or no, nothing.
Arguments = Mapping[str, str | int | bool | None]
# What whoever decides reads: a label, and how it is now or will be.
Figures = dict[str, str]


@dataclass(frozen=True)
class Weight:
    """How much is at stake: an amount in minor units of the account's currency, licences, and days taken away."""

    amount_minor: int = 0
    licences: int = 0
    days: int = 0

    def after(self, earlier: "Weight") -> "Weight":
        """Return this with what went before added, of each kind that is at stake now."""
        return Weight(
            amount_minor=self.amount_minor and self.amount_minor + earlier.amount_minor,
            licences=self.licences and self.licences + earlier.licences,
            days=self.days and self.days + earlier.days,
        )


@dataclass(frozen=True)
class Doing:
    """A deed as it is done: to whom, with what, why, and by whom."""

    account: Account
    arguments: Arguments
    reason: str
    at: datetime
    by: Actor

    def id_of(self, name: str) -> UUID:
        return UUID(str(self.arguments[name]))

    def number_of(self, name: str) -> int:
        return int(self.arguments[name] or 0)

    def day_of(self, name: str) -> date | None:
        said = self.arguments.get(name)
        return date.fromisoformat(str(said)) if said else None

    def text_of(self, name: str) -> str:
        return str(self.arguments.get(name) or "")


@dataclass(frozen=True)
class Deed:
    """Something staff can do. `figures` says what it is about, as it is at that moment; `do` calls one action.

    `when_closed` says whether it makes sense once the account is closed.
    `about` says what it is about before anything is said of it, from what the link to it names alone.
    `tells` is what whoever looks before doing it reads, where that is more than the figures: what follows from the day.
    """

    name: str
    label: str
    permission: StaffPermission
    figures: Callable[[Doing], Figures]
    do: Callable[[Doing], object]
    weigh: Callable[[Doing], Weight] = lambda _doing: Weight()
    when_closed: bool = False
    tells: Callable[[Doing], Figures] | None = None
    about: Callable[[Doing], Figures] | None = None


def is_heavy(weight: Weight, currency: str, *, most_amount: int, most_licences: int, most_days: int) -> bool:
    """Say whether a second person is needed; `most_amount` is in units such as pounds."""
    scale: int = 10 ** exponent_of(currency)
    return (
        weight.amount_minor > most_amount * scale
        or weight.licences > most_licences
        or weight.days > most_days
    )


def day_in_words(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else "no end"
