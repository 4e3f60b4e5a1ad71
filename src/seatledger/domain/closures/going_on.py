"""Do what has come to be due of closures: what the hourly job and the command both call."""

from datetime import datetime

from seatledger.domain.closures.actions import (
    acknowledge,
    announce,
    claim,
    finish_closing,
    take_closing_step,
)
from seatledger.domain.closures.course import CLOSING_STEPS
from seatledger.domain.closures.erasure import erase
from seatledger.domain.closures.models import Closure, ClosureState
from seatledger.domain.closures.queries import is_due
from seatledger.domain.closures.refusals import HasCustomers, TooLate
from seatledger.domain.events.actions import Actor
from seatledger.shared.errors import Refused

LONGEST_REASON = 300


def go_on(closure: Closure, *, at: datetime, by: Actor) -> Closure:
    """Take every step of one closure that is due at `at`, and no other; returns it as it is then. Done again, it changes nothing."""
    before = None
    while closure.state != before and is_due(closure, at):
        before = closure.state
        _go_on_once(closure, at=at, by=by)
        closure = Closure.objects.select_related("account").get(pk=closure.pk)
    return closure


def carry_out(closure: Closure, *, at: datetime, by: Actor) -> bool:
    """Do what is left of a closing that has begun, step by step; returns whether it is over.

    Each step commits by itself, with its row, so a process that dies is followed by another one. A step that refuses
    waits for a person: `held_up_by` says why. Raises TooLate unless the closing has begun.
    """
    for kind in CLOSING_STEPS:
        try:
            take_closing_step(closure=closure, kind=kind, at=at, by=by)
        except TooLate:
            raise
        except Refused as refusal:
            Closure.objects.filter(pk=closure.pk).update(held_up_by=str(refusal)[:LONGEST_REASON])
            return False
    return finish_closing(closure=closure, at=at, by=by)


def note_failure(closure: Closure) -> None:
    """Say that a step failed, where whoever looks after the closing reads it."""
    Closure.objects.filter(pk=closure.pk).update(
        held_up_by="A step failed. The log of the worker says why; it is tried again every five minutes."
    )


def _claim(closure: Closure, *, at: datetime, by: Actor) -> None:
    """Begin the closing, or say why it waits for a person."""
    try:
        claim(closure=closure, at=at, by=by)
    except HasCustomers as refusal:
        Closure.objects.filter(pk=closure.pk).update(held_up_by=str(refusal)[:LONGEST_REASON])


def _go_on_once(closure: Closure, *, at: datetime, by: Actor) -> None:
    if closure.state == ClosureState.REQUESTED:
        acknowledge(closure=closure, at=at, by=by)
    elif closure.state == ClosureState.SCHEDULED:
        announce(closure=closure, at=at, by=by)
    elif closure.state == ClosureState.NOTIFIED:
        _claim(closure, at=at, by=by)
    elif closure.state == ClosureState.CLOSING:
        carry_out(closure, at=at, by=by)
    elif closure.state == ClosureState.CLOSED:
        erase(closure, at=at, by=by)
