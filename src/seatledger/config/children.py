"""The processes a supervisor starts, watches and stops."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

SET_PARENT_DEATH_SIGNAL = 1
KINDNESS_S = 10
MOST_FAILURES = 5
SETTLED_AFTER_S = 30


@dataclass
class Child:
    """One process, started again when it ends by itself."""

    name: str
    command: Sequence[str]
    variables: Mapping[str, str]
    log: IO[bytes] | None
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0

    def start(self) -> None:
        """Start it in a session of its own, so that it alone decides what Ctrl-C means; it ends with us."""
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 -- our own commands
            self.command,
            env=os.environ | self.variables,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
            preexec_fn=end_with_parent(os.getpid()),  # noqa: PLW1509 -- the supervisor has one thread
        )

    @property
    def pid(self) -> int:
        return self.process.pid if self.process else 0

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start_again(self) -> bool:
        """Start it again unless it keeps failing; say whether it was."""
        settled = time.monotonic() - self.started_at > SETTLED_AFTER_S
        self.failures = 1 if settled else self.failures + 1
        if self.failures >= MOST_FAILURES:
            return False
        signal_group(self.pid, signal.SIGKILL)  # what it started must not keep its port
        time.sleep(1)
        self.start()
        return True


def stop_children(children: Sequence[Child], *, kindness_s: float = KINDNESS_S) -> None:
    """Ask all of them to end, and end those that do not within `kindness_s`."""
    for child in children:
        if child.process is not None and child.is_running():
            child.process.terminate()  # it alone: what it started is for it to stop in good order
    deadline = time.monotonic() + kindness_s
    while any(child.is_running() for child in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    for child in children:
        signal_group(child.pid, signal.SIGKILL)
        if child.process is not None:
            child.process.wait()


def signal_group(pid: int, which: signal.Signals) -> None:
    """Signal a process and those it started; that they are gone already is no mistake."""
    try:
        os.killpg(pid, which)
    except (ProcessLookupError, PermissionError):
        return


def end_with_parent(parent: int) -> Callable[[], None]:
    """Return what a child does first: ask the system for SIGTERM when its parent dies, however it dies."""

    def ask() -> None:
        if sys.platform != "linux":
            return
        ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)

    return ask


def end_leftovers(pids: Sequence[int], mark: bytes) -> None:
    """End the groups of processes that a killed supervisor left, if they are still what they were.

    `mark` stands among the variables of every one of them: a number given to somebody else is let be.
    """
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            group = os.getpgid(int(entry.name))
            ours = group in pids and mark in (entry / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if ours:
            signal_group(group, signal.SIGKILL)
