"""The regions an installation offers: each is a cell with its own processes and its own database."""

import shlex
from dataclasses import dataclass


@dataclass(frozen=True)
class Region:
    """One cell: its key, what people read, and the address of its portal when it is offered as a link."""

    key: str
    label: str
    address: str = ""


OFFERED_REGIONS = (
    Region("eu", "EU/EEA (Germany West Central)"),
    Region("uk", "United Kingdom (UK South)"),
    Region("us", "United States (US East)"),
)


def read_regions(value: str | tuple[Region, ...]) -> tuple[Region, ...]:
    """Return the regions written as `key|label|address`, one after the other with `;` between.

    The address may be left out. Raises ValueError for anything else.
    """
    if isinstance(value, tuple):
        return value
    regions = tuple(read_region(part.strip()) for part in value.split(";") if part.strip())
    if len({region.key for region in regions}) != len(regions):
        raise ValueError("names a region twice")
    return regions


def read_region(text: str) -> Region:
    key, *rest = (part.strip() for part in text.split("|"))
    if not key.isalpha() or not key.islower() or len(rest) not in {1, 2} or not rest[0]:
        raise ValueError("must read key|label|address; key|label|address")
    return Region(key, *rest)


def read_commands(
    value: str | tuple[tuple[str, tuple[str, ...]], ...],
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return how `seatledger` is run in other cells, written as `key|command; key|command`. Raises ValueError."""
    if isinstance(value, tuple):
        return value
    return tuple(read_command(part.strip()) for part in value.split(";") if part.strip())


def read_command(text: str) -> tuple[str, tuple[str, ...]]:
    key, between, command = (part.strip() for part in text.partition("|"))
    words = tuple(shlex.split(command))
    if not key or not between or not words:
        raise ValueError("must read key|command; key|command")
    return key, words
