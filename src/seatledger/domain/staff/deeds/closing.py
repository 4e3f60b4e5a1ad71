"""Deeds about the end of an account: noted, taken back, brought forward, tried again."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from seatledger.domain.closures.actions import (
    acknowledge,
    bring_forward,
    request_for_customer,
    try_again,
    withdraw,
)
from seatledger.domain.closures.models import Closure
from seatledger.domain.closures.planning import find_end_of_period
from seatledger.domain.closures.queries import get_closure
from seatledger.domain.closures.refusals import TooLate
from seatledger.domain.staff.deeds.base import Deed, Doing, Figures, Weight, day_in_words
from seatledger.domain.staff.permissions import StaffPermission
from seatledger.engine.days import day_of


def _closure(doing: Doing) -> Closure:
    return get_closure(doing.account)


def _figures(doing: Doing) -> Figures:
    closure = _closure(doing)
    closes_on = day_of(closure.takes_effect_at, ZoneInfo(doing.account.time_zone))
    return {"State": closure.get_state_display(), "Closes on": day_in_words(closes_on)}


def _request_figures(doing: Doing) -> Figures:
    closes_at = find_end_of_period(doing.account, at=doing.at)
    return {"Would close on": day_in_words(day_of(closes_at, ZoneInfo(doing.account.time_zone)))}


def _request(doing: Doing) -> object:
    return request_for_customer(
        account=doing.account,
        reason=doing.reason,
        reference=doing.text_of("reference"),
        at=doing.at,
        by=doing.by,
    )


def _acknowledge(doing: Doing) -> object:
    noted = acknowledge(
        closure=_closure(doing),
        reason=doing.reason,
        reference=doing.text_of("reference"),
        at=doing.at,
        by=doing.by,
    )
    if not noted:
        raise TooLate("This request was acknowledged already.")
    return noted


def _withdraw(doing: Doing) -> object:
    return withdraw(
        closure=_closure(doing),
        reason=doing.reason,
        reference=doing.text_of("reference"),
        at=doing.at,
        by=doing.by,
    )


def _forward_figures(doing: Doing) -> Figures:
    return {**_figures(doing), "Would close on": day_in_words(doing.day_of("to"))}


def _forward_weight(doing: Doing) -> Weight:
    """Return how many days the account would lose."""
    closes_on = day_of(_closure(doing).takes_effect_at, ZoneInfo(doing.account.time_zone))
    to = doing.day_of("to")
    assert to is not None, "the form asks for it"
    return Weight(days=max((closes_on - to) // timedelta(days=1), 0))


def _bring_forward(doing: Doing) -> object:
    to = doing.day_of("to")
    assert to is not None, "the form asks for it"
    return bring_forward(
        closure=_closure(doing),
        to=to,
        reason=doing.reason,
        reference=doing.text_of("reference"),
        at=doing.at,
        by=doing.by,
    )


def _try_again(doing: Doing) -> object:
    return try_again(closure=_closure(doing), at=doing.at, by=doing.by)


_MAY = StaffPermission.CLOSURES_CHANGE

DEEDS = (
    Deed(
        "request_closure",
        "Request deletion for the customer",
        _MAY,
        _request_figures,
        _request,
        about=_request_figures,
    ),
    Deed("acknowledge_closure", "Acknowledge and schedule", _MAY, _figures, _acknowledge, about=_figures),
    Deed(
        "withdraw_closure",
        "Withdraw the request",
        _MAY,
        _figures,
        _withdraw,
        when_closed=True,
        about=_figures,
    ),
    Deed(
        "bring_closure_forward",
        "Bring the closing forward",
        _MAY,
        _forward_figures,
        _bring_forward,
        _forward_weight,
        when_closed=True,
        about=_figures,
    ),
    Deed("try_closure_again", "Try again now", _MAY, _figures, _try_again, when_closed=True, about=_figures),
)
