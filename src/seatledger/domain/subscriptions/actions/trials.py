"""Give a trial more days."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from seatledger.domain.events.actions import Actor, Happening, record
from seatledger.domain.licences.limits import check_expiry
from seatledger.domain.subscriptions import refusals
from seatledger.domain.subscriptions.course import load_course
from seatledger.domain.subscriptions.following import follow, hold_course
from seatledger.domain.subscriptions.models import Subscription
from seatledger.engine.days import day_of


@dataclass(frozen=True)
class TrialExtended(Happening):
    subscription_id: UUID
    last_day: date


@transaction.atomic
def extend_trial(
    *, subscription: Subscription, last_day: date, reason: str, at: datetime, by: Actor
) -> Subscription:
    """Let a trial last until `last_day`, its pools with it; one that is over goes on, as long as nothing followed it.

    Raises NotOnTrial, NothingChanges for a day that is not later, AlreadySubscribed and UnlikelyDate.
    """
    check_expiry(last_day, first_year=at.year)
    course = hold_course(subscription, at=at, by=by)
    trial = course.subscription
    if trial.free_until is None or course.charged_from is not None:
        raise refusals.NotOnTrial("This subscription is paid for, or is to be. There is no trial to extend.")
    if last_day < max(trial.free_until, day_of(at, course.zone)):
        raise refusals.NothingChanges(
            f"The trial lasts until {trial.free_until - timedelta(days=1):%d %B %Y}. Choose a later day from today on."
        )
    if Subscription.objects.filter(account=trial.account, started_at__gt=trial.started_at).exists():
        raise refusals.AlreadySubscribed("Another subscription followed this trial. Change that one instead.")
    trial.free_until = last_day + timedelta(days=1)
    trial.save(update_fields=["free_until"])
    follow(load_course(trial), reason=reason, at=at, by=by)
    extended = TrialExtended(subscription_id=trial.pk, last_day=last_day)
    record(extended, account=trial.account, at=at, by=by)
    return trial
