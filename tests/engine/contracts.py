"""Contracts for the tests, told in few words."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from seatledger.engine.contracts import Agreement, Contract
from seatledger.engine.events import Count, SeatsChanged, SeatsSet
from seatledger.engine.periods import Interval, Unit
from seatledger.engine.plans import Plan
from seatledger.engine.policies import ChargeModel
from seatledger.engine.prices import PerUnit, Price
from seatledger.engine.rating import rate_contract
from seatledger.engine.tariffs import Tariff


def instant(text):
    """Read `2026-03-01` (midnight in UTC) or `2026-03-01T09:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def per_seat(minor, **tariff):
    """Return a monthly prepaid tariff at so much a seat, unless told otherwise."""
    tariff = {"key": "seat", "currency": "USD", "interval": Interval(Unit.MONTH), **tariff}
    return Tariff(price=Price(PerUnit(minor)), **tariff)


def active(minor, **tariff):
    return per_seat(minor, charge_model=ChargeModel.ACTIVE, **tariff)


def bought(at, number=None, *, add=None, **event):
    return _count(Count.BOUGHT, at, number, add, **event)


def held(at, number=None, *, add=None, **event):
    return _count(Count.HELD, at, number, add, **event)


def _count(count, at, number, add, **event):
    event = {"item": "seat", "at": instant(at), "count": count, **event}
    return SeatsSet(number=number, **event) if add is None else SeatsChanged(delta=add, **event)


def contract(tariff, *events, zone="Europe/London", anchor=None, grants=(), **agreement):
    plan = Plan(tariff, grants) if anchor is None else Plan(tariff, grants, anchor)
    return Contract(tariff.currency, ZoneInfo(zone), (Agreement("seat", plan, **agreement),), events)


def invoices(agreed, through):
    """Return what the invoices say: `day total`, and the lines where there are several."""
    rated = rate_contract(agreed, through=date.fromisoformat(through))
    return [summary(invoice) for invoice in rated.invoices]


def summary(invoice):
    lines = [line.amount.to_text() for line in invoice.lines]
    working = "" if len(lines) == 1 else " = " + " + ".join(lines)
    return f"{invoice.on} {invoice.total.to_text()}{working}"
