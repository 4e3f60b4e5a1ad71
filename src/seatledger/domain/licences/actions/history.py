"""Import a history from another system: its changes with their dates, through the same rules, all or nothing."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor
from seatledger.domain.licences.importing import devices, licences, people
from seatledger.domain.licences.importing.lines import Flaw, LineError
from seatledger.domain.licences.importing.record import load_record
from seatledger.domain.licences.importing.replay import FollowsUnread, Replay
from seatledger.domain.licences.importing.rows import ChangeKind, HistoryFile, Row
from seatledger.domain.licences.writing import close_desk, open_desk
from seatledger.domain.people.actions import EmailTaken
from seatledger.domain.people.models import Role, User
from seatledger.shared.constraints import refusing
from seatledger.shared.errors import Refused

Handler = Callable[[Replay, Row], bool]

# What a kind of line does, and the column to which a refusal by the rules points.
_HANDLERS: dict[ChangeKind, tuple[Handler, str]] = {
    ChangeKind.USER_ADDED: (people.add_user, "email"),
    ChangeKind.USER_ACTIVATED: (people.activate_user, "email"),
    ChangeKind.USER_DEACTIVATED: (people.deactivate_user, "email"),
    ChangeKind.USER_DELETED: (people.delete_user, "email"),
    ChangeKind.ROLE_GIVEN: (people.give_roles, "roles"),
    ChangeKind.ROLE_TAKEN: (people.take_roles, "roles"),
    ChangeKind.DEVICE_ADDED: (devices.add_device, "device"),
    ChangeKind.DEVICE_USER_CHANGED: (devices.change_device_user, "email"),
    ChangeKind.DEVICE_REMOVED: (devices.remove_device, "device"),
    ChangeKind.LICENCE_ASSIGNED: (licences.assign, "licence"),
    ChangeKind.LICENCE_RELEASED: (licences.release, "licence"),
    ChangeKind.LICENCE_MOVED: (licences.move, "licence"),
    ChangeKind.LEVEL_CHANGED: (licences.change_level, "to_licence"),
    ChangeKind.TOTAL_CHANGED: (licences.change_total, "total"),
    ChangeKind.EXPIRY_CHANGED: (licences.change_expiry, "expires_on"),
}


class HistoryRefused(Refused):
    """The file has errors; nothing was changed. `errors` has every one of them by line.

    `following` counts the lines that could not be judged, because the line that adds their user or device is refused.
    """

    code = "history_refused"

    def __init__(self, errors: list[LineError], *, following: int) -> None:
        super().__init__(f"Nothing was imported: {len(errors)} error(s) in the file.")
        self.errors = sorted(errors)
        self.following = following


@dataclass(frozen=True)
class HistoryImported:
    """What an import changed, or would change on a dry run, by kind of line; and how many lines were known."""

    changed: dict[ChangeKind, int]
    unchanged: int


@dataclass
class _Outcome:
    changed: Counter[ChangeKind] = field(default_factory=Counter)
    unchanged: int = 0
    following: int = 0
    errors: list[LineError] = field(default_factory=list)


class Progress:
    """Hears how far an import is. A face that shows it overrides both methods."""

    def begin(self, step: str, length: int) -> None:
        """Hear that a step of `length` parts begins."""

    def advance(self, parts: int) -> None:
        """Hear that so many more parts of the step are done."""


@transaction.atomic
def import_history(
    *,
    account: Account,
    file: HistoryFile,
    dry_run: bool = False,
    at: datetime,
    by: Actor,
    progress: Progress | None = None,
) -> HistoryImported:
    """Take the rows of `file`, none of them later than `at`, into the account at their own instants: all or none.

    A row that the account has recorded already is left alone, so a second run changes nothing and a longer file
    adds what is new. Users get no password and no e-mail.
    Raises HistoryRefused with every error, those of reading the file included.
    """
    account = lock_account(account)
    outcome = _Outcome(errors=list(file.errors))
    progress = progress or Progress()
    replay = _open_replay(account, file)
    progress.begin("Checking", len(file.rows))
    for row in file.rows:
        _take_in(replay, row, outcome, now=at)
        progress.advance(1)
    if outcome.errors:
        raise HistoryRefused(outcome.errors, following=outcome.following)
    if not dry_run and outcome.changed:
        taken = EmailTaken("One of these e-mail addresses was taken in the meantime. Import the file again.")
        with refusing("an_email_belongs_to_one_user", taken):
            progress.begin("Storing", replay.desk.entries_and_events)
            close_desk(replay.desk, by=by, on_written=progress.advance)
    return HistoryImported(dict(outcome.changed), outcome.unchanged)


def _open_replay(account: Account, file: HistoryFile) -> Replay:
    roles = Role.objects.filter(account=account).values_list("name", "pk")
    since = file.rows[0].at if file.rows else account.opened_at
    replay = Replay(
        open_desk(account, users=None, devices=None),
        load_record(account, since=since),
        role_ids={name.lower(): role_id for name, role_id in roles},
        taken_elsewhere=_addresses_taken_elsewhere(account, file),
    )
    replay.unread_users |= file.unread_users
    replay.unread_devices |= file.unread_devices
    return replay


def _addresses_taken_elsewhere(account: Account, file: HistoryFile) -> set[str]:
    added = {row.email for row in file.rows if row.change == ChangeKind.USER_ADDED}
    users = User.objects.exclude(account=account).filter(deleted_at__isnull=True, email__in=added)
    return set(users.values_list("email", flat=True))


def _take_in(replay: Replay, row: Row, outcome: _Outcome, *, now: datetime) -> None:
    handle, column = _HANDLERS[row.change]
    if row.at > now:
        future = "This is in the future. A history tells what has happened."
        outcome.errors.append(LineError(row.line, "at", future))
        return
    try:
        if handle(replay, row):
            outcome.changed[row.change] += 1
        else:
            outcome.unchanged += 1
    except FollowsUnread:
        outcome.following += 1
    except Flaw as flaw:
        replay.remember_unread(row)
        outcome.errors.append(LineError(row.line, str(flaw.column), flaw.message))
    except Refused as refusal:
        replay.remember_unread(row)
        outcome.errors.append(LineError(row.line, column, str(refusal)))
