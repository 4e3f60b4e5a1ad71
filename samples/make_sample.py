"""Make the sample history: a company of 2,000 people over 14 months, 40,000 changes, always the same ones.

    python samples/make_sample.py            writes samples/unified-communications.csv.gz

It keeps a small model of the company beside the file, so that every line makes sense when it happens: an add-on after
its base, no wallboard above the maximum, nobody deactivated twice. It knows nothing of Seatledger's code.
"""

import csv
import gzip
import io
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

TARGET = Path(__file__).with_name("unified-communications.csv.gz")
ZONE = ZoneInfo("Europe/London")
FIRST_DAY, LAST_DAY = date(2025, 9, 1), date(2026, 10, 31)
CHANGES, USERS, DEVICES = 40_000, 2_000, 300
MOVE_IN_DAYS = 20  # the working days in which the first 900 people are brought over
MOVE_IN_USERS, MOVE_IN_CHANGES = 900, 8_000
FIRST_MAXIMUM, MAXIMUM_STEP = 10, 20

COLUMNS = (
    "at change email first_name last_name active roles licence device to_email to_licence total expires_on reason"
).split()
BASES = ("essential-user", "professional-user")
LEVELS = (
    "reports-supervisor",
    "insights-supervisor",
    "analytics-supervisor",
    "live-analytics-supervisor",
    "contact-centre-supervisor",
)
BOARDS = ("wallboard", "firetv-wallboard")
FIRST_NAMES = (
    "Ada Amir Beth Bola Carl Chen Dana Dev Ella Emre Faye Femi Gina Goran Hana Hugo Ines Ivan Jade Jonas Kai Kemi "
    "Lena Luca Maja Milo Nadia Noah Olga Omar Pia Priya Rosa Ravi Sara Sami Tara Theo Uma Viktor Wanda Yara Yusuf Zoe"
).split()
LAST_NAMES = (
    "Abbott Adeyemi Ahmed Baker Banerjee Becker Brandt Campbell Chowdhury Costa Dahl Davies Diaz Dubois Evans Fischer "
    "Ferrari Garcia Grant Gupta Hansen Harris Hughes Ibrahim Ito Jensen Jones Kaya Keller Khan Kowalski Larsen Lewis "
    "Marino Mensah Meyer Moreau Murphy Nagy Nguyen Novak Okafor Olsen Osei Parker Patel Petrov Quinn Reid Rossi Roy "
    "Santos Schmidt Shah Silva Singh Smith Sorensen Tanaka Taylor Thomas Usman Vega Walker Weber Wilson Wong Young"
).split()
SITES = "Leeds Bristol Dublin Cardiff Glasgow York Exeter Derby Belfast Swindon".split()


@dataclass
class Person:
    """Someone of the company; `licences` are held now."""

    email: str
    first_name: str
    last_name: str
    active: bool = True
    licences: set[str] = field(default_factory=set)
    roles: set[str] = field(default_factory=set)

    @property
    def level(self) -> str:
        return next((level for level in LEVELS if level in self.licences), "")

    @property
    def has_base(self) -> bool:
        return bool(self.licences & set(BASES))


@dataclass
class Board:
    """A wallboard; `email` is of the person beside it."""

    name: str
    licence: str
    email: str = ""


class Company:
    """The company while its history is written."""

    def __init__(self) -> None:
        self.random = random.Random(20250901)  # noqa: S311 -- the same sample every time, no secret
        self.now = datetime.combine(FIRST_DAY, datetime.min.time(), ZONE)
        self.lines: list[dict[str, str]] = []
        self.people: list[Person] = []
        self.gone: list[Person] = []
        self.boards: list[Board] = []
        self.addresses: set[str] = set()
        self.added_users = self.added_boards = 0
        self.maximum = dict.fromkeys(BOARDS, FIRST_MAXIMUM)

    def note(self, change: str, **values: str) -> None:
        self.lines.append({"at": self.now.isoformat(), "change": change, **values})

    def pass_time(self) -> None:
        self.now += timedelta(seconds=self.random.randint(4, 40))

    def anyone(self, fits: Callable[[Person], bool]) -> Person | None:
        """Return somebody who fits, looking at a few people."""
        for _ in range(12):
            person = self.random.choice(self.people)
            if fits(person):
                return person
        return None

    # People come and go

    def join(self) -> None:
        self.added_users += 1
        person = self._returning() or self._new_person()
        person.active = self.random.random() > 0.03
        billing = self.random.random() < 0.02
        self.note(
            "user_added",
            email=person.email,
            first_name=person.first_name,
            last_name=person.last_name,
            active="yes" if person.active else "no",
            roles="Billing" if billing else "",
        )
        person.roles = {"Billing"} if billing else set()
        self.people.append(person)
        if person.active:
            self.equip(person)

    def _returning(self) -> Person | None:
        if len(self.gone) < 30 or self.random.random() > 0.03:
            return None
        return self.gone.pop(self.random.randrange(len(self.gone)))

    def _new_person(self) -> Person:
        first, last = self.random.choice(FIRST_NAMES), self.random.choice(LAST_NAMES)
        address, number = f"{first}.{last}".lower(), 1
        while address in self.addresses:
            number += 1
            address = f"{first}.{last}{number}".lower()
        self.addresses.add(address)
        return Person(f"{address}@northwind.example", first, last)

    def equip(self, person: Person) -> None:
        """Give somebody what most people here have."""
        self.assign(person, self.random.choice(BASES))
        for licence, share in (("ucclient-desktop", 0.7), ("ucclient-crm", 0.3), ("agent-user", 0.4)):
            if self.random.random() < share and (
                licence != "ucclient-crm" or "ucclient-desktop" in person.licences
            ):
                self.pass_time()
                self.assign(person, licence)
        if self.random.random() < 0.12:
            self.assign(person, self.random.choice(LEVELS))

    def activate(self) -> None:
        if person := self.anyone(lambda one: not one.active):
            self.note("user_activated", email=person.email)
            person.active = True
            self.equip(person)

    def deactivate(self) -> None:
        if person := self.anyone(lambda one: one.active):
            if "Administrator" in person.roles:
                self.note("role_taken", email=person.email, roles="Administrator")
                person.roles.discard("Administrator")
            self.note("user_deactivated", email=person.email)
            person.active = False
            self._leave_all(person)

    def delete(self) -> None:
        person = self.random.choice(self.people)
        self.note("user_deleted", email=person.email)
        self._leave_all(person)
        person.roles = set()
        self.people.remove(person)
        self.gone.append(person)

    def _leave_all(self, person: Person) -> None:
        person.licences = set()
        for board in self.boards:
            if board.email == person.email:
                board.email = ""

    def change_role(self) -> None:
        person = self.anyone(lambda one: one.active)
        if person:
            role = "Administrator" if self.random.random() < 0.3 else "Billing"
            change = "role_taken" if role in person.roles else "role_given"
            self.note(change, email=person.email, roles=role)
            person.roles ^= {role}

    # Licences

    def assign(self, person: Person, licence: str) -> None:
        self.note("licence_assigned", email=person.email, licence=licence)
        person.licences.add(licence)

    def release(self, person: Person, licence: str) -> None:
        self.note("licence_released", email=person.email, licence=licence)
        person.licences.discard(licence)

    def switch_crm(self) -> None:
        if person := self.anyone(lambda one: "ucclient-desktop" in one.licences):
            self._switch(person, "ucclient-crm")

    def switch_agent(self) -> None:
        if person := self.anyone(lambda one: one.has_base):
            self._switch(person, "agent-user")

    def switch_desktop(self) -> None:
        if person := self.anyone(lambda one: one.active and "ucclient-crm" not in one.licences):
            self._switch(person, "ucclient-desktop")

    def _switch(self, person: Person, licence: str) -> None:
        if licence in person.licences:
            self.release(person, licence)
        else:
            self.assign(person, licence)

    def change_base(self) -> None:
        """Swap one base for the other at one instant, the new one first: an add-on may need it."""
        if person := self.anyone(lambda one: one.has_base):
            old = next(base for base in BASES if base in person.licences)
            self.assign(person, next(base for base in BASES if base != old))
            self.release(person, old)

    def change_level(self) -> None:
        person = self.anyone(lambda one: one.active and one.has_base)
        if person is None:
            return
        wanted = self.random.choice(LEVELS)
        if not person.level:
            self.assign(person, wanted)
        elif person.level == wanted:
            self.release(person, wanted)
        else:
            self.note("level_changed", email=person.email, licence=person.level, to_licence=wanted)
            person.licences = person.licences - {person.level} | {wanted}

    def move_agent(self) -> None:
        giver = self.anyone(lambda one: "agent-user" in one.licences)
        taker = self.anyone(lambda one: one.has_base and "agent-user" not in one.licences)
        if giver and taker:
            self.note("licence_moved", email=giver.email, licence="agent-user", to_email=taker.email)
            giver.licences.discard("agent-user")
            taker.licences.add("agent-user")

    # Wallboards

    def add_board(self) -> None:
        self.added_boards += 1
        licence = self.random.choices(BOARDS, (3, 1))[0]
        used = sum(board.licence == licence for board in self.boards)
        if used == self.maximum[licence]:
            self.maximum[licence] += MAXIMUM_STEP
            total = str(self.maximum[licence])
            self.note(
                "total_changed", licence=licence, total=total, reason="More wallboards, order by e-mail"
            )
        name = f"{self.random.choice(SITES)} board {self.added_boards}"
        person = self.anyone(lambda one: one.active)
        board = Board(name, licence, person.email if person else "")
        self.note("device_added", device=name, licence=licence, email=board.email)
        self.boards.append(board)

    def change_board(self) -> None:
        if not self.boards:
            return
        board = self.random.choice(self.boards)
        person = self.anyone(lambda one: one.active and one.email != board.email)
        if person:
            self.note("device_user_changed", device=board.name, licence=board.licence, email=person.email)
            board.email = person.email

    def remove_board(self) -> None:
        if len(self.boards) > 20:
            board = self.boards.pop(self.random.randrange(len(self.boards)))
            self.note("device_removed", device=board.name, licence=board.licence)

    def renew_boards(self) -> None:
        """Renew the wallboards for another year, on 1 March."""
        for licence in BOARDS:
            self.note("expiry_changed", licence=licence, expires_on="2027-03-31", reason="Renewed for a year")


def working_days() -> list[date]:
    days = [FIRST_DAY + timedelta(days=number) for number in range((LAST_DAY - FIRST_DAY).days + 1)]
    return [day for day in days if day.weekday() < 5 or day == days[-1]]


def share_of(day: int, days: int, *, first: int, total: int) -> int:
    """Return how many of `total` are done by the end of a day, `first` of them while people move in."""
    if day < MOVE_IN_DAYS:
        return first * (day + 1) // MOVE_IN_DAYS
    return first + (total - first) * (day + 1 - MOVE_IN_DAYS) // (days - MOVE_IN_DAYS)


def live_a_day(company: Company, *, users: int, boards: int, changes: int) -> None:
    """Do what is due on a day: who joins, which wallboards come, and the daily to and fro."""
    daily = {
        company.switch_crm: 22,
        company.switch_agent: 26,
        company.switch_desktop: 12,
        company.change_base: 8,
        company.change_level: 12,
        company.move_agent: 6,
        company.change_role: 3,
        company.change_board: 4,
        company.deactivate: 5,
        company.activate: 6,
        company.delete: 1,
        company.remove_board: 0.3,
    }
    while company.added_users < users:
        company.pass_time()
        company.join()
    while company.added_boards < boards:
        company.pass_time()
        company.add_board()
    while len(company.lines) < changes:
        company.pass_time()
        company.random.choices([*daily], [*daily.values()])[0]()


def make_history() -> list[dict[str, str]]:
    company = Company()
    days = working_days()
    for number, day in enumerate(days):
        company.now = datetime.combine(day, datetime.min.time(), ZONE).replace(hour=8)
        if day == date(2026, 3, 2):
            company.renew_boards()
        live_a_day(
            company,
            users=share_of(number, len(days), first=MOVE_IN_USERS, total=USERS),
            boards=share_of(number, len(days), first=10, total=DEVICES),
            changes=share_of(number, len(days), first=MOVE_IN_CHANGES, total=CHANGES),
        )
    return company.lines[:CHANGES]


def main() -> None:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(make_history())
    # Without name and time, so that the same history is the same file.
    with TARGET.open("wb") as target, gzip.GzipFile("", "wb", 9, target, mtime=0) as packed:
        packed.write(text.getvalue().encode())


if __name__ == "__main__":
    main()
