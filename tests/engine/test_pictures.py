"""Tiles: what lines charge and take back, as it is drawn."""

from datetime import date, timedelta

from hypothesis import given, settings

from engine.contracts import active, bought, contract, held, instant, per_seat
from engine.test_contract_laws import contracts, lines_of
from seatledger.engine.lines import Area
from seatledger.engine.pictures import tiles_of
from seatledger.engine.policies import DayCount, Decrease, Policy
from seatledger.engine.rating import rate_contract

LAST_DAY = date(2026, 5, 31)


def tiles(agreed, through=LAST_DAY):
    """Return the tiles of each line as `first day to last, low to high`."""
    return [
        [
            f"{'credit ' if tile.is_credit else ''}{tile.starts} to {tile.ends}, {tile.low} to {tile.high}"
            for tile in tiles_of(line)
        ]
        for line in lines_of(rate_contract(agreed, through=through))
    ]


def test_seats_bought_ahead_are_rectangles_and_a_credit_takes_from_their_top():
    tariff = per_seat(1200, policy=Policy(decrease=Decrease.CREDIT))
    agreed = contract(
        tariff,
        bought("2026-03-01", 10),
        bought("2026-03-21", add=2),
        bought("2026-03-31", add=-3),
        zone="UTC",
    )
    assert tiles(agreed, date(2026, 3, 31)) == [
        ["2026-03-01 to 2026-04-01, 0 to 10"],
        ["2026-03-21 to 2026-04-01, 10 to 12"],
        ["credit 2026-03-31 to 2026-04-01, 10 to 12"],
        ["credit 2026-03-31 to 2026-04-01, 9 to 10"],
    ]


def test_seats_held_are_stairs_and_a_correction_draws_what_differs():
    late = held("2026-03-30", add=-5, recorded_at=instant("2026-04-10"))
    agreed = contract(active(1200), held("2026-03-01", 10), held("2026-03-21", add=2), late, zone="UTC")
    assert tiles(agreed, date(2026, 5, 1))[:2] == [
        ["2026-03-01 to 2026-03-21, 0 to 10", "2026-03-21 to 2026-04-01, 0 to 12"],
        ["credit 2026-03-30 to 2026-04-01, 7 to 12"],
    ]


@settings(max_examples=15)
@given(contracts())
def test_tiles_laid_one_after_the_other_are_what_is_charged(agreed):
    charged = {}
    levels = {}
    for line in lines_of(rate_contract(agreed, through=LAST_DAY)):
        if line.scale.day_count is DayCount.SECONDS:
            continue
        for tile in tiles_of(line):
            for number in range((tile.ends - tile.starts).days):
                day = tile.starts + timedelta(days=number)
                rise = (tile.low - tile.high) if tile.is_credit else (tile.high - tile.low)
                key = (line.rate, line.scale, day)
                charged[key] = charged.get(key, 0) + rise
        if isinstance(line.shape, Area):
            levels |= {
                (line.rate, line.scale, line.scale.point(at)): max(part.level, 0)
                for part in line.shape.after
                for at in range(part.start, part.end)
            }
    assert all(number >= 0 for number in charged.values())
    assert {key: charged.get(key, 0) for key in levels} == levels
