"""What an installation measures about itself: a room names a gauge, and `/metrics` reads it when it is asked.

A room registers its gauges while the process starts, in `ready` of its `apps.py`:

    measure(Gauge("seatledger_payments_unknown", "Payments whose outcome nobody knows yet.", count_unknown))

A reader runs one quick query over all accounts, as staff, and names no person and no account.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

# The values of the labels, and the figure.
Reading = tuple[tuple[str, ...], float]


@dataclass(frozen=True)
class Gauge:
    """One figure, or one for each value of its labels. Named by Prometheus' rules: unit last, in seconds and bytes."""

    name: str
    words: str
    read: Callable[[], Iterable[Reading]]
    labels: tuple[str, ...] = ()


_gauges: dict[str, Gauge] = {}


def measure(*gauges: Gauge) -> None:
    """Have `/metrics` show these gauges too. Called while the process starts."""
    _gauges.update({gauge.name: gauge for gauge in gauges})


def all_gauges() -> list[Gauge]:
    return list(_gauges.values())


def one(value: float | None) -> list[Reading]:
    """Return the only figure of a gauge without labels; none at all when there is none yet."""
    return [] if value is None else [((), value)]
