"""Python's garbage collector, while much is made that stays."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class _Pauses:
    """How many threads want the collector to rest, and whether it worked before the first of them."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.open = 0
        self.was_on = False

    def begin(self) -> None:
        with self.lock:
            if not self.open:
                self.was_on = gc.isenabled()
                gc.disable()
            self.open += 1

    def end(self) -> None:
        with self.lock:
            self.open -= 1
            if self.was_on and not self.open:
                gc.enable()


_pauses = _Pauses()


@contextmanager
def collector_paused() -> Iterator[None]:
    """Let the collector of cycles rest, for work of a bounded size that makes many objects and few cycles.

    It would look through all of them again and again, and find next to nothing. It works again when nobody pauses it.
    """
    _pauses.begin()
    try:
        yield
    finally:
        _pauses.end()
