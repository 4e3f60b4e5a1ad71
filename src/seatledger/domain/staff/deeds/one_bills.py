"""Deeds about whom a provider's customers are billed through: one bill for all of them, or one for each."""

from collections.abc import Callable
from datetime import date

from django.db import transaction

from seatledger.domain.invoices.actions import agree_one_bill, end_one_bill
from seatledger.domain.invoices.drafts import Draft
from seatledger.domain.invoices.parties import NoSeller
from seatledger.domain.invoices.queries import find_who_pays, preview_next
from seatledger.domain.invoices.taxes import TaxRuleMissing
from seatledger.domain.licences.queries import today_of
from seatledger.domain.staff.deeds.base import Deed, Doing, Figures, Weight, day_in_words
from seatledger.domain.staff.permissions import StaffPermission
from seatledger.engine.currencies import exponent_of

_ALL, _EACH = "one bill for all customers", "one bill for each customer"


def _day(doing: Doing) -> date:
    day = doing.day_of("from_on")
    assert day is not None, "the form asks for it"
    return day


def _agree(doing: Doing) -> object:
    return agree_one_bill(provider=doing.account, from_on=_day(doing), at=doing.at, by=doing.by)


def _end(doing: Doing) -> object:
    return end_one_bill(provider=doing.account, until_on=_day(doing), at=doing.at, by=doing.by)


def _figures(doing: Doing, then: str) -> Figures:
    now = find_who_pays(doing.account, on=today_of(doing.account, doing.at))
    return {
        "Billed now": _ALL if now.is_one else _EACH,
        "Billed then": then,
        "For periods that begin on or after": day_in_words(_day(doing)),
    }


def _agree_figures(doing: Doing) -> Figures:
    return _figures(doing, _ALL)


def _end_figures(doing: Doing) -> Figures:
    return _figures(doing, _EACH)


def _next_bill(doing: Doing, change: Callable[[Doing], object] | None = None) -> Draft | None:
    """Return the provider's next bill, once `change` was made: it is made, looked at, and undone."""
    with transaction.atomic():
        if change:
            change(doing)
        try:
            draft = preview_next(doing.account, at=doing.at)
        except (NoSeller, TaxRuleMissing):
            draft = None  # without them nothing can be billed, to whomever
        transaction.set_rollback(True)
    return draft


def _weight(draft: Draft | None) -> Weight:
    """Return what changes hands with a bill: the customers' part of it."""
    lines = [line for line in draft.lines if line.text] if draft else []
    return Weight(amount_minor=abs(sum(line.amount_minor for line in lines)))


def _in_words(draft: Draft | None) -> str:
    if draft is None:
        return "nothing is to come"
    customers = {line.text for line in draft.lines if line.text}
    exponent = exponent_of(draft.currency)
    amount = f"{draft.net_minor / 10**exponent:,.{exponent}f} {draft.currency} before tax"
    return f"{amount} on {day_in_words(draft.dated_on)}, for {len(customers)} customers"


def _agree_tells(doing: Doing) -> Figures:
    return {**_agree_figures(doing), "First such bill": _in_words(_next_bill(doing, _agree))}


def _end_tells(doing: Doing) -> Figures:
    return {**_end_figures(doing), "Next bill as it is now": _in_words(_next_bill(doing))}


DEEDS = (
    Deed(
        "agree_one_bill",
        "Bill the provider for all customers",
        StaffPermission.TERMS_CHANGE,
        _agree_figures,
        _agree,
        weigh=lambda doing: _weight(_next_bill(doing, _agree)),
        tells=_agree_tells,
    ),
    Deed(
        "end_one_bill",
        "Bill each customer itself",
        StaffPermission.TERMS_CHANGE,
        _end_figures,
        _end,
        weigh=lambda doing: _weight(_next_bill(doing)),
        tells=_end_tells,
    ),
)
