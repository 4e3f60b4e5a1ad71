"""The keeper: a process that runs one server for as long as anybody uses it.

Started in a session of its own, so that Ctrl-C in a terminal reaches neither it nor its server. Its users
hold a shared lock, which the system lets go even when they are killed; once nobody holds it, the keeper
stops the server and ends. If the keeper is killed, its server stops by itself.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from seatledger.config.postgres.binaries import find_binaries
from seatledger.config.postgres.cluster import make_cluster, start_server
from seatledger.config.postgres.locks import Lock
from seatledger.config.postgres.places import Places
from seatledger.config.postgres.unprivileged import choose_disguise

LOOK_EVERY_S = 0.2
MOST_RESTARTS = 5
SETTLED_AFTER_S = 60


def keep(places: Places, binaries: Path, *, forgetful: bool) -> int:
    """Run the server until nobody uses it. Returns the process's exit code."""
    ours = Lock(places.keeper_lock)
    if not ours.take():
        return 0
    disguise = choose_disguise()
    make_cluster(places, binaries, disguise)
    for _ in range(MOST_RESTARTS):
        started = time.monotonic()
        server = start_server(places, binaries, disguise, forgetful=forgetful)
        if watch(server, Lock(places.users_lock)):
            return 0
        if time.monotonic() - started < SETTLED_AFTER_S:
            time.sleep(1)  # a server that was just killed may still be letting go of its files
    return 1


def watch(server: subprocess.Popen[bytes], users: Lock) -> bool:
    """Wait until nobody uses the server and stop it; or return False when it ended by itself."""
    while server.poll() is None:
        time.sleep(LOOK_EVERY_S)
        if users.take():
            server.send_signal(signal.SIGINT)
            server.wait()
            return True
    return False


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", type=Path)
    parser.add_argument("--binaries", type=Path)
    parser.add_argument("--forgetful", action="store_true")
    said = parser.parse_args()
    os.chdir("/")  # it keeps nobody's directory from being removed
    return keep(Places(said.root), find_binaries(said.binaries), forgetful=said.forgetful)


if __name__ == "__main__":
    sys.exit(main())
