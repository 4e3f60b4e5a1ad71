"""Locks that the system itself lets go when their holder ends, however it ends."""

import fcntl
import os
from pathlib import Path


class Lock:
    """A lock on a file: held by one process alone, or shared by several."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def take(self, *, shared: bool = False, wait: bool = False) -> bool:
        """Take the lock and say whether it is ours now; without `wait` at once, and without trying again."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(descriptor, kind if wait else kind | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self.release()
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def is_free(self) -> bool:
        """Say whether nobody holds the lock just now."""
        probe = Lock(self.path)
        free = probe.take()
        probe.release()
        return free
