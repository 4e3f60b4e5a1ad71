"""Make up a believable history: people join and leave, licences and devices come and go, in working hours."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

from seatledger.faces.cli.demo.chapters import Chapter, Decided, Ending, Line, Signed, Synced, Told
from seatledger.faces.cli.demo.names import address_of, people_of
from seatledger.faces.cli.demo.organisations import Agreed, DeviceNames, Organisation, StaffChange, Term

# How many of the people leave within a year; how many of those come back, and how many are deleted.
LEAVING = 0.14
COMING_BACK = 0.15
DELETED = 0.3
# How many of the people gain or lose a licence or change their job within a year; how many of a level rise to the next.
GAINING = 0.1
MOVING_UP = 0.25
CHANGING_JOB = 0.03
REPLACED_DEVICES = 0.12
# Short enough that everyone who waited is served before the day's work begins.
SERVED_EVERY = timedelta(seconds=15)
LOCK = timedelta(days=91)
SYNC_EVERY = timedelta(days=60)
SATURDAY = 5
MANY = 30
SYNC_TIME, BEFORE_WORK, WORK_BEGINS, WORK_MINUTES = time(2, 15), time(7, 30), time(8, 5), 585
LEAST_AGE = timedelta(minutes=20)


@dataclass
class Member:
    """A person as the chronicle sees one. `holds` is since when, by licence type."""

    name: tuple[str, str]
    email: str
    job: str = ""
    active: bool = True
    stays: bool = False
    holds: dict[str, datetime] = field(default_factory=dict)


@dataclass
class Chronicle:
    """One organisation's history while it is made up. `room` is how many licences are left, by type (absent: any)."""

    organisation: Organisation
    opened_at: datetime
    now: datetime
    random: Random
    room: dict[str, int]
    ends_on: dict[str, date]
    members: list[Member] = field(default_factory=list)
    devices: list[tuple[str, str]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    waiting: list[Callable[[datetime], None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.zone = ZoneInfo(self.organisation.zone)
        names = people_of(self.organisation.places, self.random)
        known = {self.organisation.administrator, *(each[:2] for each in self.organisation.colleagues)}
        self.names = (name for name in names if name not in known)
        self.steps = dict(pairwise(self.organisation.upgrades))
        self.totals: dict[str, int] = dict(self.room)
        self.device_numbers = 0

    def chapters(self) -> Iterator[Chapter]:
        """Yield the history in its order, as far apart as different people write it."""
        for at, happening in sorted(self._plan(), key=lambda pair: pair[0]):
            if not isinstance(happening, StaffChange | Term | Agreed | str):
                happening(at)
                continue
            yield from self._told()
            if isinstance(happening, StaffChange):
                yield self._decide(at, happening)
                self._serve_who_waited(at + SERVED_EVERY)
            elif isinstance(happening, Term):
                yield Ending(at, self._day(-happening.ends_in_days))
            elif isinstance(happening, Agreed):
                yield Signed(at, happening)
            else:
                yield self._sync(at)
        yield from self._told()

    def _serve_who_waited(self, at: datetime) -> None:
        """Give what was asked for while none was left; who gets none again waits again."""
        waiting, self.waiting = self.waiting, []
        for number, again in enumerate(waiting):
            again(at + number * SERVED_EVERY)

    def _told(self) -> Iterator[Told]:
        if self.lines:
            yield Told(self.lines)
        self.lines = []

    # What will happen when

    def _plan(
        self,
    ) -> Iterator[tuple[datetime, "Callable[[datetime], None] | StaffChange | Term | Agreed | str"]]:
        org = self.organisation
        # The administrator is there already.
        first, now = org.people[0] - 1 - len(org.colleagues), org.people[1] - 1 - len(org.colleagues)
        begun = self.opened_at + timedelta(hours=2)
        years = (self.now - self.opened_at) / timedelta(days=365)
        usual = (first + now) / 2 * years
        leaving = round(usual * LEAVING)
        returning = round(leaving * COMING_BACK)
        yield begun - timedelta(minutes=30), self._join_colleagues
        for number in range(first):
            yield begun + timedelta(minutes=number), self._join
        yield from self._often(now - first + leaving - returning, self._join)
        yield from self._often(leaving, self._leave)
        yield from self._often(2 if now > MANY else 0, self._join_inactive)
        yield from self._often(returning, self._return)
        yield from self._often(round(leaving * DELETED), self._delete)
        yield from self._often(round(usual * GAINING) if org.licences else 0, self._gain)
        yield from self._often(round(usual * GAINING / 2) if org.licences else 0, self._lose)
        yield from self._often(round(usual * sum(org.levels.values()) * MOVING_UP), self._move_up)
        yield from self._often(round(usual * CHANGING_JOB) if len(org.jobs) > 1 else 0, self._change_job)
        for names in org.devices:
            yield from self._plan_devices(names, begun, years)
        for change in org.staff_changes:
            yield self._before_work(change.days_ago), change
        for agreed in org.agreed:
            yield self._before_work(agreed.days_ago), agreed
        if org.term and org.term.days_ago is not None:
            yield self._before_work(org.term.days_ago), org.term
        if org.synced:
            yield from ((at, org.synced) for at in self._nights(begun))

    def _day(self, days_ago: int) -> date:
        return self.now.astimezone(self.zone).date() - timedelta(days=days_ago)

    def _before_work(self, days_ago: int) -> datetime:
        return datetime.combine(self._day(days_ago), BEFORE_WORK, tzinfo=self.zone)

    def _nights(self, begun: datetime) -> Iterator[datetime]:
        day = begun.astimezone(self.zone).date() + timedelta(days=1)
        while (at := datetime.combine(day, SYNC_TIME, tzinfo=self.zone)) < self.now - LEAST_AGE:
            yield at
            day += SYNC_EVERY

    def _plan_devices(
        self, names: DeviceNames, begun: datetime, years: float
    ) -> Iterator[tuple[datetime, Callable[[datetime], None]]]:
        def add(at: datetime) -> None:
            self._add_device(names, at)

        def remove(at: datetime) -> None:
            self._remove_device(names, at)

        replaced = round(names.first * REPLACED_DEVICES * years)
        for number in range(names.first):
            yield begun + timedelta(days=1, minutes=2 * number), add
        yield from self._often(names.now - names.first + replaced, add)
        yield from self._often(replaced, remove)

    def _often(
        self, times: int, happening: Callable[[datetime], None]
    ) -> Iterator[tuple[datetime, Callable[[datetime], None]]]:
        """Yield so many instants in working hours, from two days after the opening until now."""
        begin = self.opened_at + timedelta(days=2)
        for _ in range(times):
            yield self._working_instant(begin), happening

    def _working_instant(self, begin: datetime) -> datetime:
        last = self.now - LEAST_AGE
        for _ in range(50):
            day = (begin + (last - begin) * self.random.random()).astimezone(self.zone).date()
            opening = datetime.combine(day, WORK_BEGINS, tzinfo=self.zone)
            at = opening + timedelta(minutes=self.random.randrange(WORK_MINUTES))
            if day.weekday() < SATURDAY and begin <= at <= last:
                return at
        return begin + (last - begin) * self.random.random()

    # People

    def _join_colleagues(self, at: datetime) -> None:
        for first_name, last_name, job in self.organisation.colleagues:
            email = address_of(first_name, last_name, self.organisation.domain)
            self._add(at, Member((first_name, last_name), email, job, stays=True))

    def _join(self, at: datetime) -> None:
        member = self._newcomer()
        jobs = self.organisation.jobs
        shares = [job.share for job in jobs]
        names = [*(job.name for job in jobs), ""]
        member.job = self.random.choices(names, [*shares, max(1 - sum(shares), 0.001)])[0]
        self._add(at, member)
        for licence, share in self.organisation.licences.items():
            if self._may_hold(member) and self.random.random() < share:
                self._give(member, licence, at)
        self._give_level(member, at)

    def _join_inactive(self, at: datetime) -> None:
        """Add somebody whom no administrator has activated yet."""
        member = self._newcomer()
        member.active = False
        self._add(at, member)
        self.members.remove(member)

    def _newcomer(self) -> Member:
        first_name, last_name = next(self.names)
        return Member((first_name, last_name), address_of(first_name, last_name, self.organisation.domain))

    def _add(self, at: datetime, member: Member) -> None:
        self.members.append(member)
        first_name, last_name = member.name
        values = {"first_name": first_name, "last_name": last_name, "phone": self._telephone()}
        values |= {"roles": member.job, "active": "" if member.active else "no"}
        self._tell(at, "user_added", member, values)

    def _give_level(self, member: Member, at: datetime) -> None:
        levels = self.organisation.levels
        if not levels:
            return
        none = max(1 - sum(levels.values()), 0.0)
        chosen = self.random.choices([*levels, ""], [*levels.values(), none])[0]
        lower = next((low for low, high in self.steps.items() if high == chosen), "")
        if lower and self.room.get(chosen, 1) < 1:
            self._give(member, lower, at)
            self._raise(member, at)
        elif chosen:
            self._give(member, chosen, at)

    def _leave(self, at: datetime) -> None:
        for member in self._one(lambda member: member.active and not member.stays):
            member.active = False
            for licence in member.holds:
                self._free(licence)
            member.holds = {}
            self._tell(at, "user_deactivated", member)

    def _return(self, at: datetime) -> None:
        for member in self._one(lambda member: not member.active):
            member.active = True
            self._tell(at, "user_activated", member)
            self._give_level(member, at)

    def _delete(self, at: datetime) -> None:
        for member in self._one(lambda member: not member.active):
            self.members.remove(member)
            self._tell(at, "user_deleted", member)

    def _change_job(self, at: datetime) -> None:
        first, second = self.organisation.jobs[0].name, self.organisation.jobs[1].name
        for member in self._one(lambda member: member.active and member.job == first and not member.stays):
            self._tell(at, "role_given", member, {"roles": second})
            self._tell(at, "role_taken", member, {"roles": first})
            member.job = second

    # Licences

    def _gain(self, at: datetime) -> None:
        licence = self.random.choice([*self.organisation.licences])
        for member in self._one(lambda member: self._may_hold(member) and licence not in member.holds):
            self._give(member, licence, at)

    def _may_hold(self, member: Member) -> bool:
        jobs = self.organisation.licensed_jobs
        return member.active and (not jobs or member.job in jobs)

    def _lose(self, at: datetime) -> None:
        licence = self.random.choice([*self.organisation.licences])
        settled = self._one(lambda member: licence in member.holds and at - member.holds[licence] > LOCK)
        for member in settled:
            del member.holds[licence]
            self._free(licence)
            self._tell(at, "licence_released", member, {"licence": licence})

    def _move_up(self, at: datetime) -> None:
        for member in self._one(lambda member: not self.steps.keys().isdisjoint(member.holds)):
            self._raise(member, at)

    def _raise(self, member: Member, at: datetime) -> None:
        level = next((key for key in member.holds if key in self.steps), None)
        if level and self._takes(self.steps[level], at):
            del member.holds[level]
            self._free(level)
            member.holds[self.steps[level]] = at
            values = {"licence": level, "to_licence": self.steps[level]}
            self._tell(at, "level_changed", member, values)
        elif level:
            self.waiting.append(lambda later: self._raise(member, later))

    def _give(self, member: Member, licence: str, at: datetime) -> None:
        if not member.active or licence in member.holds:
            return
        if self._takes(licence, at):
            member.holds[licence] = at
            self._tell(at, "licence_assigned", member, {"licence": licence})
        else:
            self.waiting.append(lambda later: self._give(member, licence, later))

    def _takes(self, licence: str, at: datetime) -> bool:
        """Take one licence, unless none is left or they have expired."""
        ends_on = self.ends_on.get(licence)
        if ends_on and at.astimezone(self.zone).date() > ends_on:
            return False
        if self.room.get(licence, 1) < 1:
            return False
        if licence in self.room:
            self.room[licence] -= 1
        return True

    def _free(self, licence: str) -> None:
        if licence in self.room:
            self.room[licence] += 1

    # Devices

    def _add_device(self, names: DeviceNames, at: datetime) -> None:
        if not self._takes(names.licence, at):
            self.waiting.append(lambda later: self._add_device(names, later))
            return
        self.device_numbers += 1
        site, sort = self.random.choice(names.sites), self.random.choice(names.sorts)
        device = f"{site} {sort} {self.device_numbers:03}"
        self.devices.append((names.licence, device))
        line = {"device": device, "licence": names.licence}
        for member in self._one(lambda member: not self.organisation.levels.keys().isdisjoint(member.holds)):
            line["email"] = member.email
        self.lines.append({"at": at.isoformat(), "change": "device_added"} | line)

    def _remove_device(self, names: DeviceNames, at: datetime) -> None:
        present = [device for licence, device in self.devices if licence == names.licence]
        if present:
            device = self.random.choice(present)
            self.devices.remove((names.licence, device))
            self._free(names.licence)
            line = {"device": device, "licence": names.licence}
            self.lines.append({"at": at.isoformat(), "change": "device_removed"} | line)

    # What others decide

    def _decide(self, at: datetime, change: StaffChange) -> Decided:
        self.room[change.licence] += change.total - self.totals[change.licence]
        self.totals[change.licence] = change.total
        return Decided(at, change)

    def _sync(self, at: datetime) -> Synced:
        job = self.organisation.synced_job
        # Most of those with the job, and always the same ones: what stands in the list has nothing to do with chance.
        wanted = (member.email for member in self.members if member.active and member.job == job)
        return Synced(at, frozenset(email for email in wanted if sum(email.encode()) % 10 < 7))

    # Telling

    def _tell(
        self, at: datetime, change: str, member: Member, values: Mapping[str, str] | None = None
    ) -> None:
        filled = {key: value for key, value in (values or {}).items() if value}
        self.lines.append({"at": at.isoformat(), "change": change, "email": member.email} | filled)

    def _one(self, fits: Callable[[Member], bool]) -> list[Member]:
        """Return one member who fits, or nobody."""
        fitting = [member for member in self.members if fits(member)]
        return [self.random.choice(fitting)] if fitting else []

    def _telephone(self) -> str:
        """Return a number that is kept free for stories, for some of those in Britain."""
        # Source: Ofcom, telephone numbers for use in TV and radio drama programmes.
        if self.organisation.zone != "Europe/London" or self.random.random() < 0.6:
            return ""
        return f"+44 20 7946 0{self.random.randrange(1000):03}"
