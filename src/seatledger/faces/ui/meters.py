"""Reads a pool's use: how full it is, in words and as a bar."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MeterReading:
    """`used` of `total` licences. `state` is one of unlimited, ok, full, over."""

    used: int
    total: int | None
    state: str

    @property
    def available(self) -> int:
        return max(0, (self.total or 0) - self.used)

    @property
    def over(self) -> int:
        return max(0, self.used - (self.total or 0))

    @property
    def bar_total(self) -> int:
        """The bar's end: at least 1, because a meter from 0 to 0 is not valid."""
        return max(1, self.total or 0)

    @property
    def bar_value(self) -> int:
        # An empty pool that is in use nevertheless shows as a full bar.
        return min(self.used, self.bar_total)


def read_meter(used: int, total: int | None) -> MeterReading:
    """Return how full a pool is: `full` with none left, `over` with more in use than there are."""
    return MeterReading(used, total, _state(used, total))


def _state(used: int, total: int | None) -> str:
    if total is None:
        return "unlimited"
    if used > total:
        return "over"
    return "full" if used == total and total else "ok"
