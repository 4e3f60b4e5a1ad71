"""What a customer buys or changes by himself: told first what it costs, and done when he confirms just that."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor, Happening, record
from seatledger.domain.invoices.actions import bill_account
from seatledger.domain.invoices.contacts import sales_contact_of
from seatledger.domain.invoices.models import Document
from seatledger.domain.invoices.one_bills import check_pays_by_itself
from seatledger.domain.licences.actions import change_total, change_totals
from seatledger.domain.licences.limits import check_total
from seatledger.domain.licences.queries import today_of
from seatledger.domain.payments.orders import (
    EndOrder,
    MoreOrder,
    NumberOrder,
    Order,
    QuotedOrder,
    TrialOrder,
    quantities_of,
)
from seatledger.domain.payments.queries.methods import get_default_method
from seatledger.domain.payments.quotes import Quote, quote
from seatledger.domain.subscriptions.actions import (
    PlanChoice,
    agree_prices,
    cancel_subscription,
    change_plan,
    schedule_quantity,
    start_paying,
    withdraw_change,
)
from seatledger.domain.subscriptions.kept_prices import check_prices_kept
from seatledger.domain.subscriptions.models import SoldBy, TakesEffect
from seatledger.domain.subscriptions.queries import (
    AgreedLicence,
    Agreement,
    get_agreement,
    get_prices_kept,
)
from seatledger.domain.subscriptions.refusals import NothingChanges
from seatledger.engine.policies import ChargeModel, Decrease
from seatledger.shared.errors import NotFound, Refused


@dataclass(frozen=True)
class OrderPlaced(Happening):
    """A customer confirmed what he was told: `digest` says which figures."""

    what: str
    digest: str
    document_ids: tuple[UUID, ...]


class NoWayToPay(Refused):
    """Nothing is on file that a purchase could be paid with."""

    code = "no_way_to_pay"


class SoldByContract(Refused):
    """What was agreed in a contract is changed by those who made it."""

    code = "sold_by_contract"


class NotSoldByNumber(Refused):
    """Licences of this type are not bought ahead by number."""

    code = "not_sold_by_number"


class TrialNotBought(Refused):
    """A trial is free, so nothing can be added to it."""

    code = "trial_not_bought"


class FewerThanOnTrial(Refused):
    """A trial cannot be bought from today on with fewer licences than it has."""

    code = "fewer_than_on_trial"


class NothingOrdered(Refused):
    """The order is of no licences."""

    code = "nothing_ordered"


class QuoteChanged(Refused):
    """What it costs is not what was confirmed."""

    code = "quote_changed"


@dataclass(frozen=True)
class _Prepared:
    """An order that may be placed: what it says, what would do it."""

    about: tuple[str, ...]
    do: Callable[[], object]


@transaction.atomic
def quote_order(*, account: Account, order: Order, at: datetime, by: Actor) -> Quote:
    """Return what an order would cost if it were placed at `at`. Nothing is kept of it.

    Raises NoWayToPay, SoldByContract, NotSoldByNumber, NotFound, BillingWaits, NoSeller, TaxRuleMissing, and what doing
    it raises.
    """
    account = lock_account(account)
    prepared = _prepare(account, order, at, by)
    return quote(account, prepared.do, about=prepared.about, at=at)


T = TypeVar("T")


@transaction.atomic
def look_after(*, account: Account, order: Order, look: Callable[[], T], at: datetime, by: Actor) -> T:
    """Return what `look` sees once an order was placed: it is done, looked at, and undone. Raises what doing it raises."""
    account = lock_account(account)
    prepared = _prepare(account, order, at, by)
    with transaction.atomic():
        prepared.do()
        seen = look()
        transaction.set_rollback(True)
    return seen


@transaction.atomic
def place_order(*, account: Account, order: Order, expected: str, at: datetime, by: Actor) -> list[Document]:
    """Do what was ordered and issue what is due for it; returns the documents, of which there may be none.

    `expected` is the digest of the quote that was confirmed. Raises QuoteChanged when any figure of it would be another
    by now, and what `quote_order` raises; nothing happens then.
    """
    account = lock_account(account)
    prepared = _prepare(account, order, at, by)
    if quote(account, prepared.do, about=prepared.about, at=at).digest != expected:
        raise QuoteChanged(
            "Something changed since these figures were shown. Look at the new ones and confirm them."
        )
    prepared.do()
    issued = bill_account(account=account, at=at, by=by)
    placed = OrderPlaced(prepared.about[0], expected, tuple(document.pk for document in issued))
    record(placed, account=account, at=at, by=by)
    return issued


@transaction.atomic
def withdraw_order(*, account: Account, change_id: UUID, at: datetime, by: Actor) -> None:
    """Take back what a customer ordered for a day that has not come. Raises NotFound, SoldByContract and CountsAlready."""
    account = lock_account(account)
    agreement = get_agreement(account, at=at)
    waiting = [one.change for one in agreement.to_come] if agreement else []
    change = next((one for one in waiting if one.pk == change_id), None)
    if agreement is None or change is None:
        raise NotFound("change")
    _require_online(agreement)
    withdraw_change(change=change, at=at, by=by)


def require_way_to_pay(account: Account, *, today: date) -> None:
    """Raise NoWayToPay, with the sales contact, unless the account pays by a card that is good or by a transfer."""
    method = get_default_method(account)
    if method is None:
        raise NoWayToPay(
            f"Subscriptions are added once a credit card is on file. Otherwise, contact {sales_contact_of(account)}."
        )
    if method.is_expired(today):
        raise NoWayToPay(
            f"{method.masked} has expired. Choose another payment method, or contact {sales_contact_of(account)}."
        )


def _prepare(account: Account, order: Order, at: datetime, by: Actor) -> _Prepared:
    """Return what places the order. Raises what forbids it before it is tried."""
    check_pays_by_itself(account)
    agreement = get_agreement(account, at=at)
    if agreement is None:
        raise NotFound("subscription")
    if isinstance(order, NumberOrder):
        return _prepare_number(agreement, order, at, by)
    if isinstance(order, MoreOrder):
        return _prepare_more(agreement, order, at, by)
    if isinstance(order, QuotedOrder):
        return _prepare_quoted(agreement, order, at, by)
    _require_online(agreement)
    subscription = agreement.subscription
    if isinstance(order, EndOrder):
        return _Prepared(("end",), lambda: cancel_subscription(subscription=subscription, at=at, by=by))
    require_way_to_pay(account, today=today_of(account, at))
    choice, when = order.choice, order.takes_effect
    asked = [] if choice is None else _asked(agreement, choice, when, at)
    if isinstance(order, TrialOrder):
        _refuse_fewer(agreement, order)
        numbers = json.dumps(dict(order.numbers), sort_keys=True)
        return _Prepared(("trial", when, numbers, *asked), lambda: _start_paying(agreement, order, at, by))
    return _Prepared(
        ("plan", when, *asked),
        lambda: change_plan(subscription=subscription, choice=order.choice, takes_effect=when, at=at, by=by),
    )


def _asked(agreement: Agreement, choice: PlanChoice, when: TakesEffect, at: datetime) -> list[str]:
    """Return what a digest says of a choice: also the prices that were agreed for it, which no line may show yet."""
    said = [str(choice.version.pk), choice.interval, json.dumps(dict(choice.quantities), sort_keys=True)]
    agreed = get_prices_kept(agreement.subscription, choice.version, choice.interval, when, at=at)
    return [*said, json.dumps(agreed, sort_keys=True)] if agreed else said


def _refuse_fewer(agreement: Agreement, order: TrialOrder) -> None:
    """Raise FewerThanOnTrial: the first day is paid for all that are there on it, so fewer would be told and not be so."""
    if order.takes_effect != TakesEffect.AT_ONCE:
        return
    for item, number in quantities_of(agreement, order.numbers):
        now = item.pool.total_licences or 0
        if number < now:
            raise FewerThanOnTrial(
                f"You have {now} during the trial. Begin with fewer when the free days are over, or ask"
                f" {sales_contact_of(agreement.subscription.account)} for fewer first."
            )


def _start_paying(agreement: Agreement, order: TrialOrder, at: datetime, by: Actor) -> None:
    """Let the trial become paid, with the numbers that were ordered: from the day on that is paid for, not before."""
    subscription, items = agreement.subscription, quantities_of(agreement, order.numbers)
    if order.takes_effect == TakesEffect.AT_ONCE:
        totals = {item.pool_id: number for item, number in items}
        change_totals(account=subscription.account, totals=totals, at=at, by=by)
    start_paying(
        subscription=subscription, choice=order.choice, takes_effect=order.takes_effect, at=at, by=by
    )
    if order.takes_effect == TakesEffect.AT_PERIOD_END:
        for item, number in items:
            if number != item.pool.total_licences:
                schedule_quantity(subscription=subscription, item=item, quantity=number, at=at, by=by)


def _prepare_more(agreement: Agreement, order: MoreOrder, at: datetime, by: Actor) -> _Prepared:
    """Return what adds licences of several types at once, all of them or none."""
    account = agreement.subscription.account
    totals, about = _totals_after(agreement, order.numbers)
    require_way_to_pay(account, today=today_of(account, at))
    return _Prepared(("more", *about), lambda: change_totals(account=account, totals=totals, at=at, by=by))


def _prepare_quoted(agreement: Agreement, order: QuotedOrder, at: datetime, by: Actor) -> _Prepared:
    """Return what adds what a quotation offers. How it is paid was agreed with it: by the invoice, unless there is a card."""
    subscription = agreement.subscription
    totals, about = _totals_after(agreement, order.numbers)
    prices = json.dumps({key: dict(price) for key, price in order.agreed_prices.items()}, sort_keys=True)

    def do() -> None:
        if order.agreed_prices:
            check_prices_kept(subscription, order.agreed_prices, at=at)
            # Agreed so already, since the quotation was written: then only the licences are new.
            with suppress(NothingChanges):
                agree_prices(subscription=subscription, prices=order.agreed_prices, at=at, by=by)
        change_totals(account=subscription.account, totals=totals, at=at, by=by)

    return _Prepared(("quoted", *about, prices), do)


def _totals_after(agreement: Agreement, numbers: Mapping[UUID, int]) -> tuple[dict[UUID, int], list[str]]:
    """Return the total of each pool once so many were added to each item, and what a digest says of it."""
    totals, about = {}, []
    for item_id, more in sorted(numbers.items()):
        licence = _licence_of(agreement, item_id)
        if more < 1:
            raise NothingOrdered(f"Order one more {licence.name} licence at least, or none of them.")
        total = (licence.total or 0) + more
        check_total(total)
        totals[licence.item.pool_id] = total
        about += [str(item_id), str(licence.total or 0), str(total)]
    if not totals:
        raise NothingOrdered("Say how many more you need, of one type of licences at least.")
    return totals, about


def _prepare_number(agreement: Agreement, order: NumberOrder, at: datetime, by: Actor) -> _Prepared:
    licence = _licence_of(agreement, order.item_id)
    check_total(order.number)
    subscription, item, number = agreement.subscription, licence.item, order.number
    total, tariff = licence.total or 0, licence.tariff
    adds = number > total
    given_back = tariff is not None and tariff.policy.decrease is Decrease.CREDIT
    if adds:
        require_way_to_pay(subscription.account, today=today_of(subscription.account, at))
    else:
        _require_online(agreement)
    about = ("number", str(order.item_id), str(total), str(number))
    if number != total and (adds or given_back):
        return _Prepared(about, lambda: change_total(pool=item.pool, total=number, at=at, by=by))
    return _Prepared(
        about,
        lambda: schedule_quantity(subscription=subscription, item=item, quantity=number, at=at, by=by),
    )


def _licence_of(agreement: Agreement, item_id: UUID) -> AgreedLicence:
    """Return the licence type that is bought by number. Raises NotFound, NotSoldByNumber and TrialNotBought."""
    licence = next((one for one in agreement.licences if one.item.pk == item_id), None)
    if licence is None:
        raise NotFound("subscription")
    if licence.tariff is None or licence.tariff.charge_model is not ChargeModel.PREPAID:
        raise NotSoldByNumber(
            f"{licence.name} licences are not bought ahead. Ask the vendor for another number."
        )
    if agreement.paid_from is None:
        raise TrialNotBought("This is a trial. Buy the plan first, then choose the number.")
    return licence


def _require_online(agreement: Agreement) -> None:
    if agreement.sold_by == SoldBy.CONTRACT:
        contact = sales_contact_of(agreement.subscription.account)
        raise SoldByContract(f"This is agreed in a contract. To change it, contact {contact}.")
