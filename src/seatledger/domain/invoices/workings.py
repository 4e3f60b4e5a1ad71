"""Workings: how the amount of a line comes about, between the engine and the columns `rate`, `shape` and `totals`.

Exact both ways: whole numbers are numbers, fractions are texts such as "1/3". What is kept is all that the engine
needs, so a line can be worked out again years later, whatever has become of the catalogue or the account's time zone.
"""

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from seatledger.domain.invoices.models import Line as LineRow
from seatledger.engine.amounts import RunningTotal
from seatledger.engine.layers import Rectangle
from seatledger.engine.lines import Area, Line
from seatledger.engine.money import Rounding
from seatledger.engine.periods import Period
from seatledger.engine.policies import DayCount, Measure, Rounded
from seatledger.engine.prices import Exact, Flat, Graduated, PerUnit, Price, Scheme, Tier, Volume
from seatledger.engine.rates import Rate, Reduction
from seatledger.engine.scales import scale_of
from seatledger.engine.stretches import Stretch

# A vendor has some hundred prices; each is written and read once, however many lines are charged at it.
_RATES_REMEMBERED = 4096


class Working(NamedTuple):
    """What a line keeps of its working, as JSON text for the columns of the same names."""

    rate: str
    shape: str
    totals: str


def write_working(line: Line) -> Working:
    """Return what the columns keep of `line`."""
    return Working(
        write_rate(line.rate, line.scale.zone.key), write_shape(line.shape), write_totals(line.totals)
    )


def read_line(row: LineRow) -> Line:
    """Return the engine's line of a stored one. The row is one that the engine made: it has an item."""
    assert row.item_id, "a line that a person wrote has no working"
    assert row.period_starts_on, "a constraint says so"
    assert row.period_ends_on, "the same"
    assert row.totals is not None, "the same"
    period = Period(row.period_starts_on, row.period_ends_on)
    charged = read_charged(str(row.item_id), json.dumps(row.rate), json.dumps(row.shape), period)
    return charged._replace(totals=tuple(_read_total(total) for total in row.totals))


def read_charged(item: str, rate: str, shape: str, period: Period) -> Line:
    """Return a charged line from JSON text as target minus charged needs it: without its running totals."""
    read, zone = _read_rate(rate)
    return Line(
        item, read, scale_of(period, zone, read.measure.day_count), _read_shape(json.loads(shape)), ()
    )


def _write_exact(value: Exact) -> int | str:
    return value if isinstance(value, int) else str(value)


def _read_exact(stored: int | str) -> Exact:
    return stored if isinstance(stored, int) else Fraction(stored)


@lru_cache(maxsize=_RATES_REMEMBERED)
def write_rate(rate: Rate, zone_key: str) -> str:
    price, measure = rate.price, rate.measure
    return json.dumps(
        {
            "key": rate.key,
            "currency": rate.currency,
            "zone": zone_key,
            "price": {
                "scheme": _write_scheme(price.scheme),
                "free_quantity": price.free_quantity,
                "minimum_quantity": price.minimum_quantity,
                "minimum_amount": _write_exact(price.minimum_amount),
            },
            "measure": {
                "day_count": measure.day_count,
                "rounded": measure.rounded,
                "rounding": measure.rounding,
            },
            "reductions": [
                {"percent": _write_exact(each.percent), "amount": _write_exact(each.amount)}
                for each in rate.reductions
            ],
        }
    )


@lru_cache(maxsize=_RATES_REMEMBERED)
def _read_rate(text: str) -> tuple[Rate, ZoneInfo]:
    stored = json.loads(text)
    price, measure = stored["price"], stored["measure"]
    rate = Rate(
        stored["key"],
        stored["currency"],
        Price(
            _read_scheme(price["scheme"]),
            price["free_quantity"],
            price["minimum_quantity"],
            _read_exact(price["minimum_amount"]),
        ),
        Measure(DayCount(measure["day_count"]), Rounded(measure["rounded"]), Rounding(measure["rounding"])),
        tuple(
            Reduction(_read_exact(each["percent"]), _read_exact(each["amount"]))
            for each in stored["reductions"]
        ),
    )
    return rate, ZoneInfo(stored["zone"])


def _write_scheme(scheme: Scheme) -> dict[str, Any]:
    match scheme:
        case Flat(flat_amount):
            return {"kind": "flat", "flat_amount": _write_exact(flat_amount)}
        case PerUnit(unit_amount):
            return {"kind": "per_unit", "unit_amount": _write_exact(unit_amount)}
        case Graduated(tiers):
            return {"kind": "graduated", "tiers": _write_tiers(tiers)}
        case Volume(tiers):
            return {"kind": "volume", "tiers": _write_tiers(tiers)}
    raise TypeError(f"{scheme!r} has no stored form.")


def _read_scheme(stored: Mapping[str, Any]) -> Scheme:
    match stored["kind"]:
        case "flat":
            return Flat(_read_exact(stored["flat_amount"]))
        case "per_unit":
            return PerUnit(_read_exact(stored["unit_amount"]))
        case "graduated":
            return Graduated(_read_tiers(stored["tiers"]))
        case "volume":
            return Volume(_read_tiers(stored["tiers"]))
    raise ValueError(f"{stored['kind']!r} is no way to price.")


def _write_tiers(tiers: Sequence[Tier]) -> list[dict[str, Any]]:
    return [
        {
            "up_to": tier.up_to,
            "unit_amount": _write_exact(tier.unit_amount),
            "flat_amount": _write_exact(tier.flat_amount),
        }
        for tier in tiers
    ]


def _read_tiers(stored: Sequence[Mapping[str, Any]]) -> tuple[Tier, ...]:
    return tuple(
        Tier(tier["up_to"], _read_exact(tier["unit_amount"]), _read_exact(tier["flat_amount"]))
        for tier in stored
    )


def write_shape(shape: Rectangle | Area) -> str:
    """Return what the column `shape` keeps of a line."""
    # Written by hand, because every line has its own and json.dumps takes five times as long.
    if isinstance(shape, Rectangle):
        return (
            f'{{"start":{shape.start},"end":{shape.end},"before":{shape.before},'
            f'"after":{shape.after},"top":{shape.top}}}'
        )
    return f'{{"levels_before":{_write_levels(shape.before)},"levels_after":{_write_levels(shape.after)}}}'


def _read_shape(stored: Mapping[str, Any]) -> Rectangle | Area:
    if "top" in stored:
        return Rectangle(stored["start"], stored["end"], stored["before"], stored["after"], stored["top"])
    return Area(_read_levels(stored["levels_before"]), _read_levels(stored["levels_after"]))


def _write_levels(levels: Sequence[Stretch]) -> str:
    # One text for all of them, filled at once: faster than one after the other, and there are many.
    return _levels_text(len(levels)) % tuple(chain.from_iterable(levels))


@lru_cache(maxsize=1024)
def _levels_text(number: int) -> str:
    return f"[{','.join(['[%d,%d,%d]'] * number)}]"


def _read_levels(stored: Sequence[Sequence[int]]) -> tuple[Stretch, ...]:
    return tuple(Stretch(start, end, level) for start, end, level in stored)


def write_totals(totals: Sequence[RunningTotal]) -> str:
    """Return what the column `totals` keeps of a line."""
    return f"[{','.join([_write_total(total) for total in totals])}]"


def _write_total(total: RunningTotal) -> str:
    price = total.price if isinstance(total.price, int) else f'"{total.price}"'
    return (
        f'{{"sign":{total.sign},"price":{price},"left":{total.left},'
        f'"weight":{total.weight},"rounded":{total.rounded}}}'
    )


def _read_total(stored: Mapping[str, Any]) -> RunningTotal:
    return RunningTotal(
        stored["sign"], _read_exact(stored["price"]), stored["left"], stored["weight"], stored["rounded"]
    )
