"""Deeds about what was agreed: trials, plans, prices, the end, and the terms of invoices."""

from decimal import Decimal
from fractions import Fraction

from seatledger.domain.catalogue.models import PriceInterval
from seatledger.domain.catalogue.queries import get_plan_version_for_operator
from seatledger.domain.invoices.actions import NewTerms, change_billing_terms
from seatledger.domain.invoices.queries import get_billing_details
from seatledger.domain.licences.queries import today_of
from seatledger.domain.staff.deeds.base import Deed, Doing, Figures, day_in_words
from seatledger.domain.staff.permissions import StaffPermission
from seatledger.domain.subscriptions.actions import (
    PlanChoice,
    agree_prices,
    cancel_subscription,
    change_plan,
    extend_trial,
)
from seatledger.domain.subscriptions.models import Subscription, TakesEffect
from seatledger.domain.subscriptions.queries import (
    Agreement,
    OfferedPrice,
    find_price_span,
    get_agreement,
    price_choice,
)
from seatledger.engine.currencies import exponent_of
from seatledger.engine.prices import Exact
from seatledger.shared.errors import NotFound


def _agreement(doing: Doing) -> Agreement:
    agreed = get_agreement(doing.account, at=doing.at)
    if agreed is None:
        raise NotFound("subscription")
    return agreed


def _subscription(doing: Doing) -> Subscription:
    return _agreement(doing).subscription


def _trial_figures(doing: Doing) -> Figures:
    return {
        "Trial until now": day_in_words(_agreement(doing).trial_ends_on),
        "Trial until then": day_in_words(doing.day_of("last_day")),
    }


def _extend_trial(doing: Doing) -> object:
    last_day = doing.day_of("last_day")
    assert last_day is not None, "the form asks for it"
    return extend_trial(
        subscription=_subscription(doing),
        last_day=last_day,
        reason=doing.reason,
        at=doing.at,
        by=doing.by,
    )


def _effect(doing: Doing) -> TakesEffect:
    return TakesEffect(doing.text_of("takes_effect") or TakesEffect.AT_ONCE)


def _plan_now(doing: Doing) -> Figures:
    agreed = _agreement(doing)
    return {"Plan now": f"{agreed.plan_name}, by the {agreed.interval}"}


def _plan_figures(doing: Doing) -> Figures:
    agreed = _agreement(doing)
    version = get_plan_version_for_operator(doing.text_of("plan"), today_of(doing.account, doing.at))
    interval = doing.text_of("interval")
    prices = price_choice(agreed.subscription, version, interval, _effect(doing), at=doing.at)
    return {
        **_plan_now(doing),
        "Plan then": f"{version.plan.name}, by the {interval}",
        "From": _effect(doing).label,
        **{f"{one.name} then": f"{one.words}, {_agreed_or_not(one)}" for one in prices},
    }


def _agreed_or_not(price: OfferedPrice) -> str:
    return "as agreed before" if price.is_agreed else "the list price"


def _change_plan(doing: Doing) -> object:
    version = get_plan_version_for_operator(doing.text_of("plan"), today_of(doing.account, doing.at))
    choice = PlanChoice(version=version, interval=PriceInterval(doing.text_of("interval")))
    return change_plan(
        subscription=_subscription(doing),
        choice=choice,
        takes_effect=_effect(doing),
        at=doing.at,
        by=doing.by,
    )


def _price_figures(doing: Doing) -> Figures:
    agreed = _agreement(doing)
    licence = next((one for one in agreed.licences if one.item.pk == doing.id_of("item_id")), None)
    if licence is None:
        raise NotFound("licence in this subscription")
    holds = find_price_span(agreed.subscription, _effect(doing), at=doing.at)
    figures = {
        "Licence": licence.name,
        "Price now": _price_in_words(licence.unit_price, agreed.currency),
        "Price then": f"{doing.text_of('unit_amount')} {agreed.currency} by the {holds.interval}",
        "From": _effect(doing).label,
        "Holds for": f"{holds.plan_name}, by the {holds.interval}",
    }
    if holds.until is None:
        return figures
    return {
        **figures,
        "Holds until": f"{day_in_words(holds.until)}, when {holds.followed_by} is agreed to follow",
    }


def _price_in_words(price: Exact | None, currency: str) -> str:
    if price is None:
        return "not per licence"
    exact = Fraction(price) / 10 ** exponent_of(currency)
    return f"{Decimal(exact.numerator) / Decimal(exact.denominator):f} {currency}"


def _agree_price(doing: Doing) -> object:
    agreed = _agreement(doing)
    licence = next(one for one in agreed.licences if one.item.pk == doing.id_of("item_id"))
    key = licence.item.pool.licence_type.key
    return agree_prices(
        subscription=agreed.subscription,
        prices={key: {"unit_amount": doing.text_of("unit_amount")}},
        takes_effect=_effect(doing),
        at=doing.at,
        by=doing.by,
    )


def _end_figures(doing: Doing) -> Figures:
    last_day = doing.day_of("last_day")
    return {
        "Ends now": day_in_words(_agreement(doing).ends_on),
        "Ends then": f"with {day_in_words(last_day)}" if last_day else _effect(doing).label,
    }


def _end(doing: Doing) -> object:
    return cancel_subscription(
        subscription=_subscription(doing),
        takes_effect=_effect(doing),
        last_day=doing.day_of("last_day"),
        at=doing.at,
        by=doing.by,
    )


def _billing_terms_figures(doing: Doing) -> Figures:
    details = get_billing_details(doing.account)
    now = details.terms_days if details else None
    then = doing.arguments.get("terms_days")
    return {
        "Days to pay now": "as the seller says" if now is None else str(now),
        "Days to pay then": "as the seller says" if then is None else str(then),
        "Seller then": doing.text_of("seller_key") or "the usual one",
        "Exempt from tax then": doing.text_of("exempt_reason") or "no",
    }


def _change_billing_terms(doing: Doing) -> object:
    days = doing.arguments.get("terms_days")
    terms = NewTerms(
        seller_key=doing.text_of("seller_key"),
        terms_days=None if days is None else int(days),
        exempt_reason=doing.text_of("exempt_reason"),
    )
    return change_billing_terms(account=doing.account, terms=terms, at=doing.at, by=doing.by)


_MAY = StaffPermission.TERMS_CHANGE

DEEDS = (
    Deed(
        "extend_trial",
        "Extend the trial",
        StaffPermission.LICENCES_CHANGE,
        _trial_figures,
        _extend_trial,
        about=lambda doing: {"Trial until now": day_in_words(_agreement(doing).trial_ends_on)},
    ),
    Deed("change_plan", "Change the plan", _MAY, _plan_figures, _change_plan, about=_plan_now),
    Deed("agree_price", "Agree a price", _MAY, _price_figures, _agree_price),
    Deed(
        "end_subscription",
        "End the subscription",
        _MAY,
        _end_figures,
        _end,
        about=lambda doing: _plan_now(doing) | {"Ends now": day_in_words(_agreement(doing).ends_on)},
    ),
    Deed(
        "change_billing_terms",
        "Change the terms of invoices",
        _MAY,
        _billing_terms_figures,
        _change_billing_terms,
    ),
)
