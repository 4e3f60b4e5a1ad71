"""Phases: what changes of plan and ends make of an item's tariffs over time."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from seatledger.engine.days import day_of, start_of_day
from seatledger.engine.events import Cancelled, Event, PlanChanged, When
from seatledger.engine.items import Phase
from seatledger.engine.periods import Interval
from seatledger.engine.plans import Plan
from seatledger.engine.policies import DayCount, Decrease


def phases_of(
    plan: Plan, zone: ZoneInfo, *, starts_at: datetime, events: Sequence[Event]
) -> tuple[Phase, ...]:
    """Return the phases of an item that begins with `plan` at `starts_at` and lives through `events`.

    Before `starts_at`, as in a trial, nothing is paid: an end leaves nothing, and any plan may take the first one's place.
    Raises ValueError for a change that is not possible: to a shorter interval before the paid period ends.
    """
    phases = [plan.begin(step_start(starts_at, zone, plan), zone)]
    for event in sorted(events, key=lambda event: event.at):
        if isinstance(event, PlanChanged) and phases:
            phases = _change_plan(phases, event)
        elif isinstance(event, PlanChanged):
            begins_at = step_start(max(event.at, starts_at), zone, event.plan)
            phases = [event.plan.begin(begins_at, zone)]
        elif isinstance(event, Cancelled) and phases:
            phases = _end(phases, end_of(phase_at(phases, event.at), event))
    return tuple(phases)


def _change_plan(phases: list[Phase], event: PlanChanged) -> list[Phase]:
    old = phase_at(phases, event.at)
    if event.at < old.starts_at:
        changes_at = old.starts_at
    elif event.when is When.AT_ONCE:
        _require_no_shorter(old, event)
        changes_at = max(step_start(event.at, old.zone, event.plan), old.starts_at)
    else:
        changes_at = _period_end(old, event.at)
    anchor = old.schedule.anchor if event.keep_anchor else None
    kept = _end(phases, changes_at)
    return [*kept, event.plan.begin(changes_at, old.zone, anchor=anchor)]


def _end(phases: list[Phase], ends_at: datetime) -> list[Phase]:
    return [phase.ended(ends_at) for phase in phases if phase.starts_at < ends_at]


def phase_at(phases: Sequence[Phase], at: datetime) -> Phase:
    """Return the phase in force at `at`, or the first one when it lies before all of them."""
    begun = [phase for phase in phases if phase.starts_at <= at]
    return begun[-1] if begun else phases[0]


def end_of(phase: Phase, event: Cancelled) -> datetime:
    """Return the instant from which nothing more is charged; the phase's first one, if it has not begun."""
    if event.at < phase.starts_at:
        return phase.starts_at
    tariff = phase.tariff
    kept_paid = not tariff.charge_model.in_arrears and tariff.policy.decrease is not Decrease.CREDIT
    if event.when is When.AT_PERIOD_END or kept_paid:
        return _period_end(phase, event.at)
    if tariff.policy.measure.day_count is DayCount.SECONDS:
        return event.at
    day = day_of(event.at, phase.zone)
    begun = event.at > start_of_day(day, phase.zone)
    last_day_counts = begun and tariff.policy.ending_day_billed
    return max(start_of_day(day + timedelta(days=1) if last_day_counts else day, phase.zone), phase.starts_at)


def _period_end(phase: Phase, at: datetime) -> datetime:
    """Return the end of the period in which `at` lies."""
    return phase.schedule.period_of(day_of(at, phase.zone)).instants(phase.zone)[1]


def step_start(at: datetime, zone: ZoneInfo, plan: Plan) -> datetime:
    """Return the start of the day in which `at` lies, or for seconds `at` itself."""
    if plan.tariff.policy.measure.day_count is DayCount.SECONDS:
        return at
    return start_of_day(day_of(at, zone), zone)


def _require_no_shorter(old: Phase, event: PlanChanged) -> None:
    new = event.plan.tariff
    if not old.tariff.charge_model.in_arrears and _length(new.interval) < _length(old.tariff.interval):
        raise ValueError(
            f"{event.item} goes from every {old.tariff.interval} to every {new.interval} at the end of the paid "
            "period: at_period_end, not at_once."
        )


def _length(interval: Interval) -> int:
    first = date(2001, 1, 1)
    return (interval.after(first) - first).days
