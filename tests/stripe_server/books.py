"""Everything the stand-in knows: objects, events, keys and what was asked of it. One lock for all of it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from stripe_server.problems import missing

Object = dict[str, Any]


class Books:
    """The state of one account at Stripe. Hold `lock` while reading or writing."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.asked = threading.Condition(self.lock)
        self.let_go = threading.Event()
        self.at_work = 0
        self.address = ""
        self.clear()

    def clear(self) -> None:
        self.objects: dict[str, Object] = {}
        self.behind: dict[str, Object] = {}  # what an object is made of and never shows: a card's number
        self.events: list[Object] = []
        self.unsent: list[Object] = []
        self.requests: list[Object] = []
        self.remembered: dict[str, Any] = {}
        self.faults: list[Any] = []
        self.clock_ahead_s = 0
        self.latency_s = 0.0
        self._number = 0

    @contextmanager
    def one_at_work(self) -> Iterator[None]:
        """Count a request for as long as it is worked on."""
        with self.asked:
            self.at_work += 1
        try:
            yield
        finally:
            with self.asked:
                self.at_work -= 1
                self.asked.notify_all()

    def now(self) -> int:
        return int(time.time()) + self.clock_ahead_s

    def new_id(self, prefix: str) -> str:
        self._number += 1
        return f"{prefix}_stand{self._number:019d}"

    def add(self, kind: str, prefix: str, **fields: Any) -> Object:
        """Store a new object and return it."""
        made = {"id": self.new_id(prefix), "object": kind, "created": self.now(), "livemode": False, **fields}
        self.objects[made["id"]] = made
        return made

    def get(self, kind: str, name: str, *, param: str = "id", status: int = 404) -> Object:
        """Return an object. A name in the path that is unknown is 404, one in a parameter 400."""
        found = self.objects.get(name)
        if found is None or found["object"] != kind:
            noun = "PaymentMethod" if kind == "payment_method" else kind
            raise missing(noun, name, param=param, status=status)
        return found

    def all_of(self, kind: str) -> Iterator[Object]:
        return (one for one in list(self.objects.values()) if one["object"] == kind)

    def tell(self, kind: str, about: Object) -> None:
        """Make an event. It carries the object as it is now, which is what makes late events stale."""
        event = {
            "id": self.new_id("evt"),
            "object": "event",
            "api_version": "2026-10-28.endive",
            "created": self.now(),
            "livemode": False,
            "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": None},
            "type": kind,
            "data": {"object": dict(about)},
        }
        self.events.append(event)
        self.unsent.append(event)


def expanded(books: Books, shown: Object, paths: list[str]) -> Object:
    """Return the object with the objects behind these names written out."""
    shown = dict(shown)
    for path in paths:
        head, _, rest = path.partition(".")
        value = shown.get(head)
        if isinstance(value, str) and value in books.objects:
            value = books.objects[value]
        if isinstance(value, dict):
            shown[head] = expanded(books, value, [rest] if rest else [])
    return shown
