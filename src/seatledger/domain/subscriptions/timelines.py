"""From changes of plan to one item's tariffs over time: plain Python, no database, no clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from seatledger.engine.days import day_of
from seatledger.engine.events import Cancelled, When
from seatledger.engine.items import Phase
from seatledger.engine.phases import end_of, phase_at, step_start
from seatledger.engine.plans import Anchoring, Plan


@dataclass(frozen=True, slots=True)
class PlanStep:
    """What a change of plan means for one item from `effective_at` on; `plan` is None where nothing is charged for it."""

    effective_at: datetime
    plan: Plan | None
    keeps_anchor: bool = True


@dataclass(frozen=True, slots=True)
class End:
    """The end of a subscription: nothing counts from `effective_at` on, and what was paid ahead is kept if `at_once`."""

    effective_at: datetime
    at_once: bool = False


def phases_over(
    steps: Sequence[PlanStep], zone: ZoneInfo, *, charged_from: datetime | None, ends: Iterable[End] = ()
) -> tuple[Phase, ...]:
    """Return the phases of an item that lives through `steps`; none while nothing is charged.

    What a change says of itself counts, not the order in which changes were asked for: each one begins at its own
    `effective_at`, or at `charged_from` when it lies before (a trial is free). Nothing begins once an end counts.
    """
    if charged_from is None:
        return ()
    ends = sorted(ends, key=lambda end: end.effective_at)
    phases: tuple[Phase, ...] = ()
    anchor: date | None = None
    # By the day: of one day's steps, which count from its beginning or from an instant, the order given is that of time.
    for step in sorted(steps, key=lambda step: day_of(step.effective_at, zone)):
        if ends and step.effective_at >= ends[0].effective_at:
            break
        at = max(step.effective_at, charged_from)
        if anchor is None or not step.keeps_anchor:
            anchor = day_of(at, zone)
        phases = _go_over(phases, step, at, zone, anchor)
    for end in ends:
        phases = _end_by(phases, end)
    return phases


def _go_over(
    phases: tuple[Phase, ...], step: PlanStep, at: datetime, zone: ZoneInfo, anchor: date
) -> tuple[Phase, ...]:
    plan = step.plan
    if plan is None:
        # What the new plan does not charge for is left as a tariff is that another one follows: by the day.
        return _ended(phases, _start_as_measured(phases, at, zone))
    starts_at = step_start(at, zone, plan)
    kept = _ended(phases, starts_at)
    return (*kept, plan.begin(starts_at, zone, anchor=_anchor_of(phases, step, plan, anchor)))


def _anchor_of(phases: tuple[Phase, ...], step: PlanStep, plan: Plan, anchor: date) -> date | None:
    """Return what the periods are counted from: None leaves it to the plan."""
    if not step.keeps_anchor:
        return None
    if phases:
        return phases[-1].schedule.anchor
    # An item that joins later is charged by the same periods as those that were there before.
    return anchor if plan.anchor is Anchoring.ANNIVERSARY else None


def _start_as_measured(phases: tuple[Phase, ...], at: datetime, zone: ZoneInfo) -> datetime:
    return step_start(at, zone, Plan(phases[-1].tariff)) if phases else at


def _ended(phases: tuple[Phase, ...], ends_at: datetime) -> tuple[Phase, ...]:
    return tuple(phase.ended(ends_at) for phase in phases if phase.starts_at < ends_at)


def _end_by(phases: tuple[Phase, ...], end: End) -> tuple[Phase, ...]:
    begun = any(phase.starts_at <= end.effective_at for phase in phases)
    if not (begun and end.at_once):
        return _ended(phases, end.effective_at)
    cancelled = Cancelled(item="", at=end.effective_at, when=When.AT_ONCE)
    return _ended(phases, end_of(phase_at(phases, end.effective_at), cancelled))
