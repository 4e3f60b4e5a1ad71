"""Deeds about quotations: licences offered in writing, in answer to a request or without one, and taken back."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from seatledger.domain.licences.queries import get_request
from seatledger.domain.payments.actions.quotations import (
    NewQuotation,
    OfferedLine,
    WorkedOut,
    send_quotation,
    withdraw_quotation,
    work_out_offer,
)
from seatledger.domain.payments.queries.quotations import get_quotation
from seatledger.domain.payments.quotes import signed_minor
from seatledger.domain.staff.deeds.base import Deed, Doing, Figures, Weight, day_in_words
from seatledger.domain.staff.permissions import StaffPermission
from seatledger.domain.subscriptions.queries import get_agreement
from seatledger.engine.money import Money

# What an argument of a line is called, before the item's id: how many more, one's price, percent off.
MORE: Final = "more_"
PRICE: Final = "price_"
PERCENT: Final = "percent_"


def _lines(doing: Doing) -> list[OfferedLine]:
    agreement = get_agreement(doing.account, at=doing.at)
    items = [one.item.pk for one in agreement.licences] if agreement else []
    offered = [
        (item_id, doing.number_of(f"{MORE}{item_id}")) for item_id in items if _is_said(doing, item_id)
    ]
    return [OfferedLine(item_id, more, _agreed(doing, item_id)) for item_id, more in offered if more]


def _is_said(doing: Doing, item_id: object) -> bool:
    return doing.arguments.get(f"{MORE}{item_id}") is not None


def _agreed(doing: Doing, item_id: object) -> dict[str, Any]:
    """Return the fields of the price that are to differ: another amount, or so many percent off for good."""
    price, percent = doing.text_of(f"{PRICE}{item_id}"), doing.text_of(f"{PERCENT}{item_id}")
    fields: dict[str, Any] = {}
    if price:
        fields["unit_amount"] = price
    if percent and Decimal(percent):
        fields["discounts"] = [{"percent": percent}]
    return fields


def _worked_out(doing: Doing) -> WorkedOut:
    return work_out_offer(account=doing.account, lines=_lines(doing), at=doing.at, by=doing.by)


def _offer_figures(doing: Doing) -> Figures:
    return _figures_of(doing, _worked_out(doing))


def _figures_of(doing: Doing, worked_out: WorkedOut) -> Figures:
    lines = {
        worked_out.names[line.item_id]: f"{line.number} more, {worked_out.prices[line.item_id]}"
        for line in _lines(doing)
    }
    return {**lines, "Valid until": day_in_words(doing.day_of("valid_until"))}


def _offer_today(doing: Doing) -> Figures:
    worked_out = _worked_out(doing)
    told, quote = _figures_of(doing, worked_out), worked_out.quote
    told["If accepted today"] = f"{Money(quote.total_minor, quote.currency)}, tax included"
    if following := quote.following:
        amount = Money(signed_minor(following, following.total_minor), quote.currency)
        told[f"Next invoice, {day_in_words(following.dated_on)}"] = f"{amount}, tax included"
    return told


def _offer_weight(doing: Doing) -> Weight:
    return Weight(licences=sum(line.number for line in _lines(doing)))


def _send(doing: Doing) -> object:
    request_id = doing.text_of("request_id")
    new = NewQuotation(
        lines=_lines(doing),
        valid_until=doing.day_of("valid_until") or date.min,
        note=doing.text_of("note"),
        request=get_request(doing.account, doing.id_of("request_id")) if request_id else None,
    )
    return send_quotation(account=doing.account, new=new, at=doing.at, by=doing.by)


def _quotation_figures(doing: Doing) -> Figures:
    quotation = get_quotation(doing.account, doing.id_of("quotation_id"))
    lines = {line.name: f"{line.number} more, {line.price}" for line in quotation.lines.all()}
    return {
        "Quotation": quotation.number,
        **lines,
        "Valid until": day_in_words(quotation.valid_until),
    }


def _withdraw(doing: Doing) -> object:
    quotation = get_quotation(doing.account, doing.id_of("quotation_id"))
    return withdraw_quotation(quotation=quotation, at=doing.at, by=doing.by)


DEEDS = (
    Deed(
        "send_quotation",
        "Send a quotation",
        StaffPermission.TERMS_CHANGE,
        _offer_figures,
        _send,
        _offer_weight,
        tells=_offer_today,
    ),
    Deed(
        "withdraw_quotation",
        "Withdraw the quotation",
        StaffPermission.TERMS_CHANGE,
        _quotation_figures,
        _withdraw,
        about=_quotation_figures,
    ),
)
