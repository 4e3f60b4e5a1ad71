"""What a plan gives to an account that begins with it."""

from datetime import date, timedelta

from seatledger.domain.catalogue.models import PlanVersion
from seatledger.domain.licences.actions.opening import NewPool
from seatledger.domain.licences.models import Terms
from seatledger.shared.errors import Refused


class NoTrial(Refused):
    """The plan cannot be tried."""

    code = "plan_has_no_trial"


def pools_of_plan(version: PlanVersion, *, terms: Terms, expires_on: date | None) -> list[NewPool]:
    """Return the licences that a plan version begins with, all on these terms and valid to this day."""
    items = version.items.select_related("licence_type__product").order_by(
        "licence_type__metric_order", "licence_type__key"
    )
    return [NewPool(item.licence_type, item.licences, terms, expires_on) for item in items]


def trial_ends_on(version: PlanVersion, *, begins_on: date) -> date:
    """Return the last day of a trial that begins on a day. Raises NoTrial."""
    if not version.plan.trial_days:
        raise NoTrial(f"{version.plan.name} has no trial. Choose a plan that has one.")
    return begins_on + timedelta(days=version.plan.trial_days - 1)
