"""The way of a closure, as plain facts: which step follows which, and when."""

from datetime import datetime
from typing import Final

from seatledger.domain.closures.dates import ACKNOWLEDGED_WITHIN, TOLD_BEFORE
from seatledger.domain.closures.models import ClosureState, StepKind

# What is done once the closing has begun, in this order. Each is done whole, and once.
CLOSING_STEPS: Final = (
    StepKind.AGREEMENT_ENDED,
    StepKind.BILLED,
    StepKind.COLLECTED,
    StepKind.METHODS_REMOVED,
    StepKind.ENTITLEMENTS_ENDED,
    StepKind.PEOPLE_REMOVED,
)


def acknowledged_by(requested_at: datetime, takes_effect_at: datetime) -> datetime:
    """Return when a request that nobody acknowledged goes on by itself: in time to tell everybody before it begins."""
    return min(requested_at + ACKNOWLEDGED_WITHIN, takes_effect_at - TOLD_BEFORE)


def next_is_due(
    state: str, *, requested_at: datetime, takes_effect_at: datetime, erase_at: datetime | None, at: datetime
) -> bool:
    """Say whether the system has something to do with a closure in this state at `at`."""
    if state == ClosureState.REQUESTED:
        return at >= acknowledged_by(requested_at, takes_effect_at)
    if state == ClosureState.SCHEDULED:
        return at >= takes_effect_at - TOLD_BEFORE
    if state == ClosureState.NOTIFIED:
        return at >= takes_effect_at
    if state == ClosureState.CLOSED:
        return erase_at is not None and at >= erase_at
    return state == ClosureState.CLOSING
