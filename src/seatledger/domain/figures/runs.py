"""Reckon the figures of all accounts: months that are over once and for all, the running one and what is to come anew."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from django.db import transaction
from django.db.models import Min

from seatledger.domain.accounts.models import Account
from seatledger.domain.figures.actions import finish_months, forget_months, reckon_chunk
from seatledger.domain.figures.models import Month
from seatledger.domain.figures.months import month_of, months_between
from seatledger.domain.figures.reckoning import Counted

CHUNK: Final = 1_000


@dataclass(frozen=True)
class Reckoned:
    """What was done: which months, and for how many accounts."""

    months: tuple[date, ...]
    accounts: int


def reckon_figures(*, at: datetime, chunk: int = CHUNK) -> Reckoned:
    """Work out every month that is over and was not reckoned yet, the running one, and the renewals to come.

    Cut off anywhere it is begun anew, and done twice it changes nothing: a month that is over is written once.
    """
    months = _months_to_reckon(at)
    counted, done = Counted(), 0
    for accounts in _chunks(chunk):
        with transaction.atomic():
            reckon_chunk(accounts=accounts, months=months, counted=counted, at=at)
        done += len(accounts)
    with transaction.atomic():
        finish_months(months=months, counted=counted, at=at)
    return Reckoned(tuple(months), done)


def rework_figures(*, at: datetime) -> Reckoned:
    """Forget what was reckoned and work all of it out again, by what is known now. For whoever owns the database."""
    with transaction.atomic():
        forget_months()
    return reckon_figures(at=at)


def _months_to_reckon(at: datetime) -> list[date]:
    """Return the months from the first that was not closed to the running one."""
    newest = Month.objects.filter(is_over=True).order_by("-month").values_list("month", flat=True).first()
    began = Account.objects.aggregate(first=Min("opened_at"))["first"] or at
    today = at.astimezone(UTC).date()
    first = month_of(began.date()) if newest is None else newest
    return [month for month in months_between(first, today) if newest is None or month > newest]


def _chunks(size: int) -> Iterator[list[Account]]:
    """Yield all accounts by id, so many at a time."""
    rows = Account.objects.order_by("pk").only("currency", "time_zone", "closed_at")
    last = None
    while found := list((rows.filter(pk__gt=last) if last else rows)[:size]):
        yield found
        last = found[-1].pk
