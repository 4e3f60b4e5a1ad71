"""Play a history back: each row is recognised as recorded already, or goes through the rules.

A row is recognised by what it left in the record itself (the events and the licence ledger), so there is no second
list of imported rows that could disagree with it.
"""

from uuid import UUID

from seatledger.domain.licences.book import PoolState
from seatledger.domain.licences.fleet import Machine
from seatledger.domain.licences.importing.lines import Flaw
from seatledger.domain.licences.importing.record import Fact, Life, Record
from seatledger.domain.licences.importing.rows import ChangeKind, Row
from seatledger.domain.licences.writing import Desk
from seatledger.domain.people.roster import Person


class FollowsUnread(Exception):
    """The row is about a user or a device whose own line was refused."""


class Replay:
    """A history on its way into an account.

    `role_ids` are the account's roles by name in lower case; `taken_elsewhere` are the addresses that users of other
    accounts have.
    """

    def __init__(
        self, desk: Desk, record: Record, *, role_ids: dict[str, UUID], taken_elsewhere: set[str]
    ) -> None:
        self.desk = desk
        self.record = record
        self.role_ids = role_ids
        self.pools = {pool.rules.key: pool for pool in desk.book.pools.values()}
        self.taken_elsewhere = taken_elsewhere
        self.unread_users: set[str] = set()
        self.unread_devices: set[str] = set()

    def remember_unread(self, row: Row) -> None:
        """Keep in mind that what a refused row would have added is not there."""
        if row.change == ChangeKind.USER_ADDED:
            self.unread_users.add(row.email)
        if row.change == ChangeKind.DEVICE_ADDED:
            self.unread_devices.add(row.device.lower())

    # Who and what a row is about

    def user_life(self, row: Row, *, column: str = "email") -> Life:
        email = row.email if column == "email" else row.to_email
        life = next((life for life in self.record.users.get(email, ()) if life.covers(row.at)), None)
        if life:
            return life
        if email in self.unread_users:
            raise FollowsUnread
        raise Flaw(column, f"There is no user {email} at this time. Add a user_added line before this one.")

    def user_id(self, row: Row, *, column: str = "email") -> UUID:
        return self.user_life(row, column=column).id

    def person(self, user_id: UUID) -> Person:
        person = self.desk.roster.people.get(user_id)
        if person is None or person.deleted_at:
            raise Flaw("email", "This user was deleted at this very time.")
        return person

    def active_person(self, user_id: UUID, *, column: str = "email") -> Person:
        person = self.person(user_id)
        if not person.active:
            raise Flaw(column, f"{person.name} is deactivated at this time. Only active users hold licences.")
        return person

    def pool(self, key: str, *, column: str = "licence") -> PoolState:
        pool = self.pools.get(key)
        if pool is None:
            held = ", ".join(sorted(self.pools))
            raise Flaw(column, f"This account holds no licences of the type “{key}”. It holds {held}.")
        return pool

    def device_life(self, row: Row) -> Life:
        type_id = self.pool(row.licence).rules.id
        lives = self.record.devices.get((type_id, row.device.lower()), ())
        life = next((life for life in lives if life.covers(row.at)), None)
        if life:
            return life
        if row.device.lower() in self.unread_devices:
            raise FollowsUnread
        raise Flaw(
            "device", f"There is no device “{row.device}” of this type at this time. Add a device_added line."
        )

    def machine(self, device_id: UUID) -> Machine:
        machine = self.desk.fleet.machines.get(device_id)
        if machine is None:
            raise Flaw("device", "This device was removed at this very time.")
        return machine

    def roles(self, row: Row) -> set[UUID]:
        unknown = [name for name in row.roles if name.lower() not in self.role_ids]
        if unknown:
            raise Flaw("roles", f"There is no role “{unknown[0]}” in this account. Create it first.")
        return {self.role_ids[name.lower()] for name in row.roles}

    # Whether a row is recorded

    def is_recorded(self, row: Row, *facts: Fact) -> bool:
        """Tell whether a row has left all of these facts. Raises Flaw for a new row that comes too late."""
        if self.record.knows(*facts):
            return True
        self.check_order(row)
        return False

    def check_order(self, row: Row) -> None:
        latest = self.record.latest_at
        if latest and row.at < latest:
            raise Flaw(
                "at",
                f"This is not recorded, and the account has records up to {latest:%Y-%m-%d %H:%M:%S} UTC. "
                "History is written forward: nothing can be added before that.",
            )
