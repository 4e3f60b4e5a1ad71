"""Do something to an account as staff, and let a second person approve what is large."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from seatledger.domain.accounts.actions import check_open, lock_account
from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor, Happening, record
from seatledger.domain.staff.deeds import DEEDS, Arguments, Figures
from seatledger.domain.staff.deeds.base import Deed, Doing, Weight, is_heavy
from seatledger.domain.staff.models import DeedState, StaffDeed, StaffMember
from seatledger.domain.staff.refusals import (
    AlreadyDecided,
    FiguresChanged,
    NotAllowed,
    SecondPersonNeeded,
    SentAlready,
)
from seatledger.shared.errors import NotFound
from seatledger.shared.text import clean_name

LONGEST_REASON = 300
# Not a calendar day: the end of one would be the moment to go on.
ADDED_UP_OVER: Final = timedelta(hours=24)


@dataclass(frozen=True)
class StaffActed(Happening):
    """Something was done by staff; why stands with the deed, for the staff."""

    deed_id: UUID
    deed: str
    approved: bool


@dataclass(frozen=True)
class Intent:
    """What is to be done, by the deed's name, with what, and why; `sent_as` names the form it comes from, if any does.

    A form that is sent twice, by a double click or from a tab that was left open, is one intent.
    """

    deed: str
    arguments: Arguments
    reason: str
    sent_as: UUID | None = None


@transaction.atomic
def do_deed(*, account: Account, intent: Intent, at: datetime, by: Actor) -> StaffDeed:
    """Do it now, or let it wait for a second person when it is above what the settings let one do alone.

    The same form sent again does nothing, and returns what it did. `by` is a member of staff, whose role must include it. Raises
    NotAllowed, UnfitText, AccountIsClosed, SentAlready, and what the deed's own action refuses: also when it waits, so that nobody
    is asked to approve what cannot be done.
    """
    return _do(account, intent, at, by)[0]


@dataclass(frozen=True)
class Done:
    """What came of a deed that an operator did: what its action returned, unless it waits.

    `row` is None where nobody of the staff asked for it.
    """

    row: StaffDeed | None
    result: object = None

    @property
    def waits(self) -> bool:
        return self.row is not None and self.row.state == DeedState.WAITING


@transaction.atomic
def do_as_operator(*, account: Account, intent: Intent, at: datetime, by: Actor) -> Done:
    """Do it from outside the console, by the same rule: for a member of staff, or for nobody, and then only what one does alone.

    Raises SecondPersonNeeded for what is above that and nobody asks for, and what `do_deed` raises.
    """
    if by.id is not None:
        return Done(*_do(account, intent, at, by))
    deed = _deed(intent.deed)
    doing = Doing(_hold(account, deed), intent.arguments, intent.reason, at, by)
    if _needs_second(deed.weigh(doing), doing):
        raise SecondPersonNeeded(
            f"{deed.label}: this is above what one person does alone. Say which member of staff asks for it (--as EMAIL); "
            "a second one approves it in the console."
        )
    return Done(None, deed.do(doing))


def _do(account: Account, intent: Intent, at: datetime, by: Actor) -> tuple[StaffDeed, object]:
    """Do it now, or let it wait; returns the deed as it is kept, and what its action returned."""
    deed, member = _deed(intent.deed), _allowed_member(intent.deed, by)
    reason = clean_name(intent.reason, LONGEST_REASON, what="The reason")
    account = lock_account(account)
    if sent := _sent_before(account, intent, reason, member):
        return sent, None
    doing = Doing(_hold(account, deed), intent.arguments, reason, at, by)
    weight = deed.weigh(doing)
    heavy, result = _needs_second(weight, doing), None
    row = StaffDeed(
        id=intent.sent_as or uuid4(),
        about=doing.account,
        deed=deed.name,
        arguments=dict(intent.arguments),
        figures=deed.figures(doing),
        reason=reason,
        **asdict(weight),
        state=DeedState.WAITING if heavy else DeedState.DONE,
        asked_by=member,
        asked_at=at,
        decided_by=None if heavy else member,
        decided_at=None if heavy else at,
    )
    if heavy:
        _try_out(deed, doing)
    else:
        result = deed.do(doing)
    row.save(force_insert=True)
    if not heavy:
        record(StaffActed(deed_id=row.pk, deed=deed.name, approved=False), account=account, at=at, by=by)
    return row, result


def _sent_before(account: Account, intent: Intent, reason: str, member: StaffMember) -> StaffDeed | None:
    """Return what the same form did already. The account is held, so that of two at once the second finds the first."""
    row = StaffDeed.objects.filter(pk=intent.sent_as).first() if intent.sent_as else None
    if row is None:
        return None
    sent = (account.pk, intent.deed, dict(intent.arguments), reason, member.pk)
    if sent != (row.about_id, row.deed, row.arguments, row.reason, row.asked_by_id):
        raise SentAlready(
            "This form was sent before, with something else in it, and that was done or waits. Nothing more was done now. "
            "Look at the account, and open the form anew if more is to be done."
        )
    return row


def _needs_second(weight: Weight, doing: Doing) -> bool:
    """Say whether it is above what one person does alone: the one rule, whichever face it is asked at.

    Many small ones are a large one: what the same person did alone to the account in the day before is added.
    """
    weight = weight.after(_done_alone(doing))
    return is_heavy(weight, doing.account.currency, **settings.SEATLEDGER_SECOND_PERSON)


def _done_alone(doing: Doing) -> Weight:
    """Return what a member of staff did to the account in the day before without a second person."""
    if doing.by.id is None:
        return Weight()
    rows = StaffDeed.objects.filter(
        about=doing.account,
        state=DeedState.DONE,
        asked_by=doing.by.id,
        decided_by=doing.by.id,
        asked_at__gt=doing.at - ADDED_UP_OVER,
    )
    found = rows.aggregate(**{field.name: Sum(field.name, default=0) for field in fields(Weight)})
    return Weight(**found)


@dataclass(frozen=True)
class DeedPreview:
    """What a deed is about and does, as it would be now; `waits`: it needs a second person."""

    figures: Figures
    waits: bool


@transaction.atomic
def preview_deed(*, account: Account, intent: Intent, at: datetime, by: Actor) -> DeedPreview:
    """Return what a deed would do: it is done, and undone. Raises NotAllowed, AccountIsClosed, and what its action refuses."""
    deed, _ = _deed(intent.deed), _allowed_member(intent.deed, by)
    doing = Doing(_hold(account, deed), intent.arguments, intent.reason, at, by)
    heavy = _needs_second(deed.weigh(doing), doing)
    figures = (deed.tells or deed.figures)(doing)
    _try_out(deed, doing)
    return DeedPreview(figures, heavy)


@transaction.atomic
def approve_deed(*, deed_id: UUID, at: datetime, by: Actor) -> StaffDeed:
    """Do what another member of staff asked for: in the transaction of the approval, and by the figures that were shown.

    Raises AlreadyDecided, SecondPersonNeeded, NotAllowed, FiguresChanged, AccountIsClosed, and what the deed's own action refuses.
    """
    row = _hold_waiting(deed_id)
    deed, member = _deed(row.deed), _allowed_member(row.deed, by)
    if row.asked_by_id == member.pk:
        raise SecondPersonNeeded("You asked for this yourself. Somebody else has to approve it.")
    account = _hold(row.about, deed)
    doing = Doing(account, row.arguments, row.reason, at, Actor.admin_team(row.asked_by_id))
    now = deed.figures(doing)
    if now != row.figures:
        changed = ", ".join(
            f"{label} is {figure}" for label, figure in now.items() if row.figures.get(label) != figure
        )
        raise FiguresChanged(
            f"It is not as it was when this was asked for: {changed}. Decline it and ask anew."
        )
    deed.do(doing)
    _decide(row, DeedState.DONE, member, at)
    record(StaffActed(deed_id=row.pk, deed=deed.name, approved=True), account=account, at=at, by=by)
    return row


@transaction.atomic
def decline_deed(*, deed_id: UUID, at: datetime, by: Actor) -> StaffDeed:
    """Say no to what waits, or take back what one asked for. Raises AlreadyDecided and NotAllowed."""
    row = _hold_waiting(deed_id)
    _decide(row, DeedState.DECLINED, _allowed_member(row.deed, by), at)
    return row


def _deed(name: str) -> Deed:
    if name not in DEEDS:
        raise NotFound("action", where="")
    return DEEDS[name]


def _hold(account: Account, deed: Deed) -> Account:
    """Hold the account; raises AccountIsClosed when the deed makes no sense any more."""
    account = lock_account(account)
    if not deed.when_closed:
        check_open(account)
    return account


def _allowed_member(name: str, by: Actor) -> StaffMember:
    """Return who of the staff `by` is, if the role includes the deed."""
    rows = StaffMember.objects.filter(ended_at__isnull=True)
    member = rows.filter(pk=by.id).first() if by.id else None
    permission = _deed(name).permission
    if member is None or permission not in member.allowed:
        raise NotAllowed(f"This needs the permission “{permission.label}”.")
    return member


def _hold_waiting(deed_id: UUID) -> StaffDeed:
    rows = StaffDeed.objects.select_for_update(of=["self"]).select_related("about")
    row = rows.filter(pk=deed_id).first()
    if row is None:
        raise NotFound("request for a second person", where="")
    if row.state != DeedState.WAITING:
        raise AlreadyDecided(f"This was decided already: {DeedState(row.state).label.lower()}.")
    return row


def _decide(row: StaffDeed, state: DeedState, member: StaffMember, at: datetime) -> None:
    row.state, row.decided_by, row.decided_at = state, member, at
    row.save(update_fields=["state", "decided_by", "decided_at"])


def _try_out(deed: Deed, doing: Doing) -> None:
    """Raise what the deed would refuse now; nothing of it stays."""
    save = transaction.savepoint()
    try:
        deed.do(doing)
    finally:
        transaction.savepoint_rollback(save)
