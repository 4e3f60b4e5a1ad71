"""The regions an installation offers: each is a cell with its own processes and its own database."""

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
