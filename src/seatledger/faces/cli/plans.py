"""A plan as operators say it, and a subscription in lines."""

from collections.abc import Iterator, Sequence
from typing import Final

import click
from babel import Locale

from seatledger.domain.catalogue.models import PlanVersion, PriceInterval
from seatledger.domain.licences.queries import today_of
from seatledger.domain.subscriptions.actions import NewSubscription
from seatledger.domain.subscriptions.models import Change, ChangeKind, SoldBy
from seatledger.domain.subscriptions.offers import intervals_of
from seatledger.domain.subscriptions.queries import AgreedLicence, Agreement, ChangeToCome
from seatledger.faces.ui.formats import price_text

_ENGLISH: Final = Locale.parse("en_GB")


def new_subscription(
    version: PlanVersion,
    *,
    currency: str,
    interval: str | None,
    contract: bool,
    trial: bool,
    quantities: Sequence[tuple[str, int]] = (),
) -> NewSubscription:
    """Return what an account is to agree to."""
    return NewSubscription(
        version=version,
        interval=interval_of(version, currency=currency, interval=interval),
        sold_by=SoldBy.CONTRACT if contract else SoldBy.ONLINE,
        quantities=dict(quantities),
        trial=trial,
    )


def interval_of(version: PlanVersion, *, currency: str, interval: str | None) -> PriceInterval:
    """Return the interval that was said, or the usual one by which the plan is sold in this currency."""
    if interval:
        return PriceInterval(interval)
    sold_by = intervals_of(version, currency=currency)
    if not sold_by:
        raise click.BadParameter(f"{version.plan.name} is not sold in {currency}.", param_hint="--plan")
    return sold_by[0]


def agreement_in_lines(agreed: Agreement) -> Iterator[str]:
    """Yield what was agreed, line by line."""
    facts = {
        "Plan": agreed.plan_name,
        "Sold by": agreed.sold_by.label,
        "Paid": f"by the {agreed.interval}, in {agreed.currency}",
        "Period": str(agreed.period),
        "Trial to": agreed.trial_ends_on,
        "Paid from": agreed.paid_from,
        "Renews on": agreed.renews_on,
        "Ends with": agreed.ends_on,
    }
    yield from (f"{name:<12} {value}" for name, value in facts.items() if value is not None)
    yield from (f"    {_licence_in_words(licence, agreed.currency)}" for licence in agreed.licences)
    yield from (line for one in agreed.to_come for line in _change_in_lines(one))


def change_in_words(change: Change) -> str:
    """Return a change in a line: `2026-05-01: 6 of on-demand`. The day is the account's."""
    what = {
        ChangeKind.PLAN: f"plan {change.version.plan.key} by the {change.interval}" if change.version else "",
        ChangeKind.PAYING: "paid",
        ChangeKind.QUANTITY: f"{change.quantity} of {change.item.pool.licence_type.key}"
        if change.item
        else "",
        ChangeKind.END: "end",
    }[ChangeKind(change.kind)]
    return f"{today_of(change.account, change.effective_at)}: {what}"


def _licence_in_words(licence: AgreedLicence, currency: str) -> str:
    total = "not limited" if licence.total is None else f"of {licence.total}"
    return f"{licence.name}: {licence.in_use} in use, {total}, {_price_in_words(licence, currency)}"


def _price_in_words(licence: AgreedLicence, currency: str) -> str:
    if licence.tariff is None:
        return "included"
    if licence.unit_price is None:
        return "at a price by number"
    return f"{price_text(licence.unit_price, currency, locale=_ENGLISH)} each"


def _change_in_lines(one: ChangeToCome) -> Iterator[str]:
    yield f"  {one.change.pk}  {change_in_words(one.change)}"
    yield from (f"      contradicts: {found.words}" for found in one.contradictions)
