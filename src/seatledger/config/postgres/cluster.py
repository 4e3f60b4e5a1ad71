"""Make a cluster and start a server on it."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from seatledger.config.postgres.binaries import major_version
from seatledger.config.postgres.places import Places
from seatledger.config.postgres.unprivileged import Disguise, hand_over
from seatledger.shared.errors import Unreachable

OWNER = "seatledger"
SUPERUSER = "postgres"
# The owner may make roles and databases and nothing else: what works here works with any hosted server.
FIRST_STATEMENTS = f"""\
CREATE ROLE {OWNER} LOGIN CREATEDB CREATEROLE;
CREATE DATABASE {OWNER} OWNER {OWNER};
"""
SET_PARENT_DEATH_SIGNAL = 1
# What a test writes may be lost with the machine, so it need not wait for the disk.
FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")
BUILTIN_LOCALES_SINCE = 17


class ServerFailed(Unreachable):
    """The server did not start; the message ends with what it said."""


def make_cluster(places: Places, binaries: Path, disguise: Disguise) -> None:
    """Make the cluster if there is none: under another name first, so that a kill leaves nothing half done."""
    if places.data.exists():
        return
    unfinished = places.data.with_suffix(".init")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    binaries = hand_over(places, binaries, disguise)
    locale = ["--locale=C.UTF-8"]
    if major_version(binaries) >= BUILTIN_LOCALES_SINCE:
        locale += ["--locale-provider=builtin"]
    call(
        [
            binaries / "initdb",
            "-D",
            unfinished,
            "-U",
            SUPERUSER,
            "-A",
            "trust",
            "-E",
            "UTF8",
            *locale,
            "--no-sync",
        ],
        disguise,
    )
    call([binaries / "postgres", "--single", "-D", unfinished, SUPERUSER], disguise, said=FIRST_STATEMENTS)
    os.sync()
    unfinished.rename(places.data)


def call(command: list[str | Path], disguise: Disguise, *, said: str = "") -> None:
    """Run one of the server's programs to its end. Raises ServerFailed."""
    answer = subprocess.run(  # noqa: S603 -- the programs are the server's own
        [*disguise.before, *command],
        input=said,
        capture_output=True,
        text=True,
        check=False,
        user=disguise.user,
        group=disguise.user,
        extra_groups=disguise.groups,
    )
    if answer.returncode or "ERROR:" in answer.stderr:
        raise ServerFailed(f"{Path(command[0]).name} failed: {last_line(answer.stderr or answer.stdout)}")


def start_server(
    places: Places, binaries: Path, disguise: Disguise, *, forgetful: bool
) -> subprocess.Popen[bytes]:
    """Start the server on its socket alone. It stops by itself when the calling process ends."""
    remove_stale_pid(places)
    binaries = hand_over(places, binaries, disguise)
    options = ["listen_addresses=", "unix_socket_permissions=0700", *(FORGETFUL if forgetful else ())]
    command: list[str | Path] = [binaries / "postgres", "-D", places.data, "-k", places.sockets]
    for option in options:
        command += ["-c", option]
    with places.log.open("ab") as log:
        return subprocess.Popen(  # noqa: S603 -- the programs are the server's own
            [*disguise.before, *command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=die_with_parent(os.getpid()),  # noqa: PLW1509 -- the keeper has one thread
            user=disguise.user,
            group=disguise.user,
            extra_groups=disguise.groups,
        )


def remove_stale_pid(places: Places) -> None:
    """Remove the pid file of a server that is gone, lest its number, given anew, looks like a server."""
    file = places.data / "postmaster.pid"
    try:
        pid = int(file.read_text(encoding="utf-8", errors="replace").split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return
    running = Path(f"/proc/{pid}/cmdline")
    if not Path("/proc/self").exists():
        return
    try:
        alive = os.fsencode(places.data) in running.read_bytes()
    except OSError:
        alive = False
    if not alive:
        file.unlink(missing_ok=True)


def die_with_parent(parent: int) -> Callable[[], None]:
    """Return what a child does before its program: ask for SIGINT, a fast stop, when its parent dies."""

    def ask() -> None:
        if sys.platform != "linux":
            return
        ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGINT)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGINT)

    return ask


def last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"
