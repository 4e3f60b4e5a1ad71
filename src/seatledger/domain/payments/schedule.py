"""When an account is asked again for what it did not pay, and how long it may still be used."""

from datetime import datetime, timedelta

from django.conf import settings


def count_steps() -> int:
    """Return after how many further attempts the schedule is at its end."""
    return len(settings.SEATLEDGER_DUNNING_DAYS)


def next_step_at(steps_done: int, at: datetime) -> datetime:
    """Return when the next attempt is due once so many were made, the last at `at`; after all, when grace is over."""
    days = (*settings.SEATLEDGER_DUNNING_DAYS, settings.SEATLEDGER_GRACE_DAYS)
    return at + timedelta(days=days[min(steps_done, len(days) - 1)])
