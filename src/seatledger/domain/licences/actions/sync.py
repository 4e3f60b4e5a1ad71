"""Keep licences in step with a list from outside, such as a PBX configuration."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.models import LicenceType
from seatledger.domain.events.actions import Actor
from seatledger.domain.licences.actions.seats import check_active
from seatledger.domain.licences.book import Seat
from seatledger.domain.licences.importing.lines import LineError
from seatledger.domain.licences.importing.lists import WantedList
from seatledger.domain.licences.models import Assignment, Cause, Source
from seatledger.domain.licences.writing import Desk, close_desk, open_desk
from seatledger.domain.people.models import User
from seatledger.shared.errors import NotFound, Refused

Pair = tuple[UUID, UUID]


@dataclass(frozen=True)
class SyncResult:
    """What keeping a list in step changed, or would change."""

    assigned: int
    released: int
    unchanged: int


class SyncRefused(Refused):
    """Some of the list cannot be; nothing was changed. `errors` says what; line 0 is what the list lacks."""

    code = "sync_refused"

    def __init__(self, errors: list[LineError]) -> None:
        super().__init__(f"Nothing was changed: {len(errors)} error(s) in the list.")
        self.errors = sorted(errors)


@transaction.atomic
def sync_licences(
    *,
    account: Account,
    wanted: Collection[Pair],
    source: str,
    dry_run: bool = False,
    at: datetime,
    by: Actor,
) -> SyncResult:
    """Make the licences of the types synced from `source` exactly `wanted`: pairs of user and licence type.

    Licences assigned by hand or by a role stay as they are. A second run changes nothing. Raises NotFound for an
    unknown user or type, and the first thing that assignment and release refuse; nothing is changed then.
    """
    account = lock_account(account)
    if any(type_id not in _types_synced_from(source).values() for _, type_id in wanted):
        raise NotFound(f"licence type kept in step with {source}")
    desk, result, refused = _bring_in_step(account, set(wanted), source, at)
    for refusal in refused.values():
        raise refusal
    if not dry_run:
        close_desk(desk, by=by)
    return result


@transaction.atomic
def sync_list(
    *, account: Account, wanted: WantedList, source: str, dry_run: bool = False, at: datetime, by: Actor
) -> SyncResult:
    """Do what `sync_licences` does for a list of e-mail addresses and keys.

    Raises SyncRefused with every error, those of reading the list included.
    """
    account = lock_account(account)
    types = _types_synced_from(source)
    lines, errors = _resolve(account, wanted, types, source)
    desk, result, refused = _bring_in_step(account, set(lines), source, at)
    errors += (LineError(lines.get(pair, 0), "", str(refusal)) for pair, refusal in refused.items())
    if errors:
        raise SyncRefused(errors)
    if not dry_run:
        close_desk(desk, by=by)
    return result


def _types_synced_from(source: str) -> dict[str, UUID]:
    return dict(LicenceType.objects.filter(sync_source=source).values_list("key", "pk"))


def _resolve(
    account: Account, wanted: WantedList, types: dict[str, UUID], source: str
) -> tuple[dict[Pair, int], list[LineError]]:
    """Return the line of each pair of user and licence type, and the lines that name no such thing."""
    people = User.objects.filter(account=account, deleted_at__isnull=True)
    user_ids = dict(people.values_list("email", "pk"))
    lines: dict[Pair, int] = {}
    errors = list(wanted.errors)
    for one in wanted.wanted:
        user_id, type_id = user_ids.get(one.email), types.get(one.licence)
        if user_id is None:
            errors.append(LineError(one.line, "email", "There is no such user in this account."))
        if type_id is None:
            known = ", ".join(sorted(types)) or "none"
            message = f"No such licence type is kept in step with {source}. These are: {known}."
            errors.append(LineError(one.line, "licence", message))
        if user_id and type_id:
            lines[user_id, type_id] = one.line
    return lines, errors


def _bring_in_step(
    account: Account, wanted: set[Pair], source: str, at: datetime
) -> tuple[Desk, SyncResult, dict[Pair, Refused]]:
    """Change the desk so that what is synced from `source` is `wanted`; return what could not be, and why."""
    synced = Assignment.objects.filter(
        account=account,
        user__isnull=False,
        released_at__isnull=True,
        source=Source.SYNCED,
        pool__licence_type__sync_source=source,
    )
    now_held: set[Pair] = {
        (user, kind) for user, kind in synced.values_list("user_id", "pool__licence_type_id") if user
    }
    desk = open_desk(account, users={user_id for user_id, _ in wanted | now_held})
    at = desk.book.settle(at)
    refused: dict[Pair, Refused] = {}
    gone = sorted(now_held - wanted)
    missing = sorted(pair for pair in wanted if pair[1] not in desk.book.seats_of(pair[0]))
    for pair, change in [*((pair, _release) for pair in gone), *((pair, _assign) for pair in missing)]:
        try:
            change(desk, pair, at)
        except Refused as refusal:
            refused[pair] = refusal
    return desk, SyncResult(len(missing), len(gone), len(wanted) - len(missing)), refused


def _release(desk: Desk, pair: Pair, at: datetime) -> None:
    user_id, type_id = pair
    desk.book.release(desk.book.seats_of(user_id)[type_id], at=at, cause=Cause.SYNC)


def _assign(desk: Desk, pair: Pair, at: datetime) -> None:
    user_id, type_id = pair
    check_active(desk, user_id)
    pool = desk.book.pool_of(type_id)
    desk.book.take(pool, Seat(pool, user_id, None, Source.SYNCED, at), cause=Cause.SYNC)
