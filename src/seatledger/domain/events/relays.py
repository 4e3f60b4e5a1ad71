"""Events for a job that takes them by the thousand, where anybody wants them."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

LARGEST_BATCH = 500


@dataclass(frozen=True)
class Relay:
    """A job and its queue, the kinds of events it takes, and which of some accounts' events anybody wants."""

    job: str
    queue: str
    kinds: frozenset[str]
    wanted: Callable[[Collection[UUID]], Collection[UUID]]

    def batches_of(self, written: Sequence[tuple[UUID, str, int]]) -> Iterator[list[int]]:
        """Yield the ids of the events that fit, given each event's account, kind and id."""
        fitting = [(account_id, event_id) for account_id, kind, event_id in written if kind in self.kinds]
        if not fitting:
            return
        wanted = self.wanted({account_id for account_id, _ in fitting})
        ids = [event_id for account_id, event_id in fitting if account_id in wanted]
        for start in range(0, len(ids), LARGEST_BATCH):
            yield ids[start : start + LARGEST_BATCH]
