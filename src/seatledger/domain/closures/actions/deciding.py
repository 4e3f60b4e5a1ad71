"""What the vendor's staff decide about a request, up to the instant at which the closing begins."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from seatledger.domain.closures.contacts import keep_contacts
from seatledger.domain.closures.happenings import (
    ClosureBroughtForward,
    ClosureScheduled,
    ClosureWithdrawn,
)
from seatledger.domain.closures.models import PENDING, Closure, ClosureContact, ClosureState, StepKind
from seatledger.domain.closures.queries import is_due
from seatledger.domain.closures.refusals import NothingIsDue, NotSooner, TooLate
from seatledger.domain.closures.renewals import let_renew, stop_renewal
from seatledger.domain.closures.steps import hold_closure, take_step
from seatledger.domain.closures.telling import tell_contacts
from seatledger.domain.events.actions import Actor, queue_job, record
from seatledger.domain.notifications.models import MessageKind
from seatledger.engine.days import day_of, start_of_day
from seatledger.shared.text import clean_name, clean_text

LONGEST_REASON = 300
LONGEST_REFERENCE = 100


@transaction.atomic
def acknowledge(*, closure: Closure, reason: str = "", reference: str = "", at: datetime, by: Actor) -> bool:
    """Take note of a request: it is scheduled for the date that the requester was shown.

    Returns False when it was acknowledged already. Raises UnfitText.
    """
    reason = clean_text(reason, LONGEST_REASON, what="The reason")
    reference = clean_text(reference, LONGEST_REFERENCE, what="The reference")
    account, closure = hold_closure(closure)
    if not _move(closure, ClosureState.SCHEDULED, among=[ClosureState.REQUESTED]):
        return False
    take_step(closure, StepKind.ACKNOWLEDGED, reason=reason, reference=reference, at=at, by=by)
    take_step(closure, StepKind.SCHEDULED, at=at, by=by)
    record(ClosureScheduled(closure.pk, closure.takes_effect_at), account=account, at=at, by=by)
    return True


@transaction.atomic
def withdraw(*, closure: Closure, reason: str, reference: str = "", at: datetime, by: Actor) -> None:
    """Take a request back: everything stays as it was, and what was agreed renews again.

    Possible up to the instant at which the closing begins. Raises TooLate and UnfitText.
    """
    reason = clean_name(reason, LONGEST_REASON, what="The reason")
    reference = clean_text(reference, LONGEST_REFERENCE, what="The reference")
    account, closure = hold_closure(closure)
    if not _move(closure, ClosureState.WITHDRAWN, among=PENDING):
        raise _too_late(closure)
    let_renew(closure, at=at, by=by)
    take_step(closure, StepKind.WITHDRAWN, reason=reason, reference=reference, at=at, by=by)
    tell_contacts(closure, account, keep_contacts(closure, account), MessageKind.CLOSURE_WITHDRAWN, at=at)
    ClosureContact.objects.filter(closure=closure).delete()
    record(ClosureWithdrawn(closure.pk), account=account, at=at, by=by)


@transaction.atomic
def bring_forward(
    *, closure: Closure, to: date, reason: str, reference: str = "", at: datetime, by: Actor
) -> datetime:
    """Have the closing begin sooner: with the day `to`, in the account's zone. Returns the instant.

    It begins tomorrow at the soonest, so that everybody can be told before. A request that nobody acknowledged is
    acknowledged by it. Raises NotSooner, TooLate and UnfitText.
    """
    reason = clean_name(reason, LONGEST_REASON, what="The reason")
    reference = clean_text(reference, LONGEST_REFERENCE, what="The reference")
    acknowledge(closure=closure, reference=reference, at=at, by=by)
    account, closure = hold_closure(closure)
    if not closure.is_pending:
        raise _too_late(closure)
    zone = ZoneInfo(account.time_zone)
    takes_effect_at = start_of_day(to, zone)
    if to <= day_of(at, zone):
        raise NotSooner(
            "Choose tomorrow at the soonest: everybody concerned is told before the closing begins."
        )
    if takes_effect_at >= closure.takes_effect_at:
        set_for = day_of(closure.takes_effect_at, zone)
        raise NotSooner(f"It is set for {set_for:%d %B %Y} already. Choose an earlier day.")
    let_renew(closure, at=at, by=by)
    closure.end_change_id = stop_renewal(account, takes_effect_at, at=at, by=by)
    closure.takes_effect_at = takes_effect_at
    closure.save(update_fields=["end_change_id", "takes_effect_at"])
    take_step(closure, StepKind.BROUGHT_FORWARD, reason=reason, reference=reference, at=at, by=by)
    record(ClosureBroughtForward(closure.pk, takes_effect_at), account=account, at=at, by=by)
    return takes_effect_at


@transaction.atomic
def try_again(*, closure: Closure, at: datetime, by: Actor) -> None:
    """Have what is due of a closing done at once, for example after what held it up was put right.

    A job does it, step by step. `by` stands with the deed, the steps are the system's. Raises NothingIsDue.
    """
    del by
    _, closure = hold_closure(closure)
    if not is_due(closure, at):
        raise NothingIsDue(
            "Nothing of this closing is due now. The next step is taken when its time has come."
        )
    Closure.objects.filter(pk=closure.pk).update(held_up_by="")
    queue_job("go_on_with_closure", queue="default", closure_id=str(closure.pk))


def _move(
    closure: Closure, state: ClosureState, *, among: list[ClosureState] | tuple[ClosureState, ...]
) -> bool:
    """Move on by one conditional UPDATE, so that of two who want to, one does. Returns whether it was this one."""
    if not Closure.objects.filter(pk=closure.pk, state__in=among).update(state=state):
        return False
    closure.state = state
    return True


def _too_late(closure: Closure) -> TooLate:
    if closure.state == ClosureState.WITHDRAWN:
        return TooLate("The request was withdrawn already.")
    return TooLate("The closing has begun. What is taken away is not given back.")
