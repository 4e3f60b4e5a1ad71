"""The embedded server as its users see it: it runs while they hold it."""

import os
import sys
import time
from pathlib import Path
from typing import Any

import psycopg

from seatledger.config.postgres.cluster import OWNER, ServerFailed, last_line
from seatledger.config.postgres.locks import Lock
from seatledger.config.postgres.places import Places

PATIENCE_S = 60
LOOK_EVERY_S = 0.05


class EmbeddedServer:
    """A PostgreSQL server of our own below `root`, shared by every process that acquires it."""

    def __init__(self, root: Path, *, binaries: Path | None = None, forgetful: bool = False) -> None:
        self.places = Places(root)
        self._binaries = binaries
        self._forgetful = forgetful
        self._using = Lock(self.places.users_lock)
        self._acquired = False
        self._keeper: int | None = None

    def client_settings(self) -> dict[str, Any]:
        """Return the server's address in Django's words."""
        return {"NAME": OWNER, "USER": OWNER, "PASSWORD": "", "HOST": str(self.places.sockets), "PORT": ""}

    def acquire(self) -> None:
        """Return once the server answers; it goes on until every process has released it or ended.

        Raises ServerFailed when it cannot be started.
        """
        if self._acquired:
            return
        self.places.make()
        self._using.take(shared=True, wait=True)
        self._await_answer()
        self._acquired = True

    def release(self, *, wait: bool = False) -> None:
        """Let the server go; with `wait`, return once it has stopped, or at once if others still use it."""
        self._using.release()
        self._acquired = False
        deadline = time.monotonic() + PATIENCE_S
        while wait and not self.is_stopped() and time.monotonic() < deadline:
            if self._is_used_by_others():
                return
            time.sleep(LOOK_EVERY_S)

    def is_stopped(self) -> bool:
        return Lock(self.places.keeper_lock).is_free()

    def _is_used_by_others(self) -> bool:
        """Say whether the users' lock can be shared but not had alone: the keeper has not taken it either."""
        probe = Lock(self.places.users_lock)
        if probe.take():
            probe.release()
            return False
        used = probe.take(shared=True)
        probe.release()
        return used

    def _await_answer(self) -> None:
        deadline = time.monotonic() + PATIENCE_S
        self._keeper_failed()  # how an earlier one ended is no longer of interest
        while not self._answers():
            if self._keeper_failed():
                raise ServerFailed(f"the database did not start: {self._last_words()}")
            if self._keeper is None and self.is_stopped():
                self._keeper = self._start_keeper()
            if time.monotonic() > deadline:
                raise ServerFailed(f"the database does not answer: {self._last_words()}")
            time.sleep(LOOK_EVERY_S)

    def _keeper_failed(self) -> bool:
        """Say whether the keeper we started has given up; one that found another at work has not."""
        if self._keeper is None:
            return False
        try:
            ended, status = os.waitpid(self._keeper, os.WNOHANG)
        except ChildProcessError:  # it was started by the process we were forked from
            ended, status = self._keeper, 0
        if ended:
            self._keeper = None
        return bool(ended and status)

    def _answers(self) -> bool:
        if not self.places.data.exists():
            return False
        try:
            with psycopg.connect(host=str(self.places.sockets), user=OWNER, dbname=OWNER, connect_timeout=5):
                return True
        except psycopg.OperationalError:
            return False

    def _start_keeper(self) -> int:
        """Start the keeper in a session of its own and return its number: it will outlive us if others use it."""
        command = [sys.executable, "-m", "seatledger.config.postgres.keeper", str(self.places.root)]
        if self._binaries is not None:
            command += ["--binaries", str(self._binaries)]
        if self._forgetful:
            command.append("--forgetful")
        appended = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        return os.posix_spawn(
            sys.executable,
            command,
            os.environ,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_OPEN, 1, self.places.log, appended, 0o600),
                (os.POSIX_SPAWN_DUP2, 1, 2),
            ],
            setsid=True,
        )

    def _last_words(self) -> str:
        return last_line(self.places.log.read_text(encoding="utf-8", errors="replace")[-4000:])
